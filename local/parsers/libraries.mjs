// Maintainers only, by `make libraries`: writes docs/client/renderer/libraries.json, the list of what the renderer
// offers: for each module that a component may import, the files of npm's packages behind it, each with its hash and what
// its own imports are. frame/package.json says which packages, versions, modules and builds of them.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { builtinModules, createRequire } from "node:module";
import { join, relative, resolve } from "node:path";
import esbuild from "esbuild";
import { Tracer } from "./tracer.mjs";

const root = resolve(process.argv[2] ?? new URL("frame", import.meta.url).pathname);
const out = resolve(process.argv[3] ?? new URL("../../docs/client/renderer/libraries.json", import.meta.url).pathname);
const { builds, dependencies, entries, globals, parts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const require = createRequire(join(root, "index.js"));
const TOOLS = { babel: "@babel/standalone/babel.min.js", mermaid: "mermaid/dist/mermaid.min.js", tailwind: "@tailwindcss/browser/dist/index.global.js" };
const SCRIPT = /^(?!libs\/(?!.*\.module\.(min\.)?js$)).*\.js$/; // of three's `libs` those that are modules
const SET = /^(?!lib$)\w+$/; // of react-icons
const OWN_STORAGE = /^inspector\//; // of three: reads localStorage when it is loaded, which throws in the frame

/** Returns what a component can import: the names of all modules, by which esbuild finds their files too. */
function modules() {
  return Object.keys(dependencies).filter((name) => name in entries)
    .flatMap((name) => [name, ...entries[name].flatMap((entry) => (entry.endsWith("*") ? within(`${name}/${entry.slice(0, -1)}`) : [`${name}/${entry}`]))]);
}

/** Returns the modules of a package's folder: its scripts, or where it has none, its folders. */
function within(before) {
  const folder = join(root, "node_modules", before);
  const found = readdirSync(folder, { recursive: true, withFileTypes: true });
  const isModule = before.split("/").length > 2 ? (each, path) => SCRIPT.test(path) && !OWN_STORAGE.test(path) : (each, path) => each.isDirectory() && SET.test(path);
  return found.map((each) => [each, relative(folder, join(each.parentPath, each.name))]).filter(([each, path]) => isModule(each, path)).map(([, path]) => before + path);
}

/** Returns what is imported from where by each file that a module needs, as esbuild finds it. */
async function trace(specifiers) {
  const plugin = {
    name: "builds",
    setup(build) {
      build.onResolve({ filter: /.*/ }, ({ path }) => {
        if (builtinModules.includes(path.replace(/^node:/, "")) && !(path in dependencies)) return { path, namespace: "empty" };
        return builds[path] ? { path: join(root, "node_modules", path.split("/").slice(0, path.startsWith("@") ? 2 : 1).join("/"), builds[path]) } : null;
      });
      build.onLoad({ filter: /.*/, namespace: "empty" }, () => ({ contents: "" }));
    },
  };
  const { metafile } = await esbuild.build({
    entryPoints: specifiers.map((each, number) => ({ in: each, out: String(number) })), absWorkingDir: root, nodePaths: [join(root, "node_modules")],
    bundle: true, write: false, metafile: true, outdir: join(root, "never"), format: "esm", splitting: true, platform: "browser", mainFields: ["browser", "module", "main"],
    define: { "process.env.NODE_ENV": '"development"' }, treeShaking: false, logLevel: "error", loader: { ".wasm": "empty", ".css": "empty" }, plugins: [plugin],
  });
  const starts = [];
  for (const [path, { entryPoint }] of Object.entries(metafile.outputs)) {
    const [, number] = /^never\/(\d+)\.js$/.exec(path) ?? []; // others are what is imported later
    if (number) starts[number] = entryPoint;
  }
  return { inputs: metafile.inputs, starts };
}

/** Returns which of the builds stand for modules that export nothing as default. */
async function withoutDefault(names) {
  const { metafile } = await esbuild.build({
    entryPoints: names.map((each, number) => ({ in: each, out: String(number) })), absWorkingDir: root, nodePaths: [join(root, "node_modules")], bundle: true, write: false,
    metafile: true, outdir: join(root, "never"), format: "esm", platform: "browser", mainFields: ["module", "browser", "main"], external: builtinModules, logLevel: "error",
  });
  return new Set(names.filter((_, number) => !metafile.outputs[`never/${number}.js`].exports.includes("default")));
}

/** Returns the modules that are another's file by one more name, or a part of it: `lodash/debounce`, an icon; `*` is any. */
function aliases() {
  const found = { "lodash/*": ["lodash", "*"], "date-fns/*": ["date-fns", "*"], "dayjs/esm": ["dayjs"], "mammoth/mammoth.browser": ["mammoth"], "mammoth/mammoth.browser.min": ["mammoth"], "plotly.js/dist/plotly": ["plotly.js"], "plotly.js/dist/plotly.min": ["plotly.js"] };
  for (const set of entries["@heroicons/react"]) found[`@heroicons/react/${set}/*`] = [`@heroicons/react/${set}`, "*"];
  const { exports } = JSON.parse(readFileSync(join(root, "node_modules/date-fns/package.json"), "utf8"));
  for (const key of Object.keys(exports)) {
    const [, name] = /^\.\/locale\/([\w-]+)$/.exec(key) ?? [];
    const called = name?.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
    if (called in require("date-fns/locale")) found[`date-fns/locale/${name}`] = ["date-fns/locale", called];
  }
  return found;
}

const names = modules();
const tools = Object.entries(TOOLS).map(([name, path]) => [name, join(root, "node_modules", path)]);
const lacking = Object.entries(parts).flatMap(([name, each]) => Object.values(each).map(([file]) => join(root, "node_modules", name, file)));
const { inputs, starts } = await trace([...names, ...tools.map(([, path]) => path), ...lacking]);
const start = Object.fromEntries([...names, ...Object.keys(TOOLS)].map((name, number) => [name, starts[number]]));
const tracer = new Tracer(root, inputs);
const idOf = (name) => tracer.id(start[name]);

/** Returns the modules of the list: by name or pattern a file, and where only a part of it is meant, which. */
function listed() {
  const patterns = Object.entries(entries).flatMap(([name, each]) => each.filter((entry) => entry.endsWith("/*")).map((entry) => `${name}/${entry}`));
  const whole = names.filter((name) => !patterns.some((each) => name.startsWith(each.slice(0, -1)))).map((name) => [name, idOf(name)]);
  const many = patterns.map((pattern) => {
    const before = pattern.slice(0, -1);
    const name = names.find((each) => each.startsWith(before));
    return [pattern, idOf(name).replace(name.slice(before.length), "*")];
  });
  const some = Object.entries(aliases()).map(([name, [module, part]]) => [name, part ? [idOf(module), part] : idOf(module)]);
  const found = Object.fromEntries([...whole, ...many, ...some]);
  return { ...found, "three/addons/*": found["three/examples/jsm/*"] };
}

/** Returns what the builds lack: by module and name the file and the name that it is there. */
function lackingParts() {
  const one = (name) => ([part, [file, from]]) => [part, [tracer.id(`node_modules/${name}/${file}`), from]];
  return Object.fromEntries(Object.entries(parts).map(([name, each]) => [name, Object.fromEntries(Object.entries(each).map(one(name)))]));
}

/** Returns the files by package. */
async function files() {
  const scripts = new Map([...Object.keys(TOOLS).map((name) => [start[name], ""]), ...Object.entries(globals).map(([name, variable]) => [start[name], variable])]);
  const bare = new Set([...(await withoutDefault(Object.keys(builds)))].map((name) => start[name]));
  const packages = {};
  for (const path of Object.keys(inputs).sort()) {
    if (/^\(disabled\)|^empty:/.test(path)) continue;
    const [name, inside] = tracer.place(path);
    (packages[name] ??= {})[inside] = { ...tracer.entry(path, scripts.get(path)), ...(bare.has(path) && { default: false }) };
  }
  return packages;
}

/** Returns JSON with a line for each entry of the second level, or of the third. */
function written(list) {
  const lines = (object, indent, write) => `{\n${Object.entries(object).map(([key, value]) => `${indent}${JSON.stringify(key)}: ${write(value)}`).join(",\n")}\n${indent.slice(1)}}`;
  const isObject = (each) => typeof each === "object" && !Array.isArray(each);
  return `${lines(list, " ", (part) => lines(part, "  ", (each) => (isObject(each) ? lines(each, "   ", JSON.stringify) : JSON.stringify(each))))}\n`;
}

const list = { modules: listed(), parts: lackingParts(), tools: Object.fromEntries(Object.keys(TOOLS).map((name) => [name, idOf(name)])), packages: await files() };
const text = written(list);
writeFileSync(out, text);
console.log(`${Object.keys(list.modules).length} modules, ${Object.keys(list.packages).length} packages, ${Object.values(list.packages).flatMap(Object.keys).length} files, ${text.length} bytes`);
