// Maintainers only, by `make libraries`: writes docs/client/renderer/libraries.json, the list of what the renderer
// offers: for each module that a component may import, the files of npm's packages behind it, each with its hash and what
// its own imports are. frame/package.json says which packages, versions, modules and builds of them.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { builtinModules, createRequire } from "node:module";
import { join, relative, resolve } from "node:path";
import { parse } from "@babel/parser";
import esbuild from "esbuild";
import { children } from "./names.mjs";

const root = resolve(process.argv[2] ?? new URL("frame", import.meta.url).pathname);
const out = resolve(process.argv[3] ?? new URL("../../docs/client/renderer/libraries.json", import.meta.url).pathname);
const { builds = {}, dependencies, devDependencies = {}, entries = {}, globals = {}, parts = {} } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
const homes = Object.keys(lock).filter(Boolean).sort((a, b) => b.length - a.length);
const require = createRequire(join(root, "index.js"));
const TOOLS = { babel: "@babel/standalone/babel.min.js", mermaid: "mermaid/dist/mermaid.min.js", tailwind: "@tailwindcss/browser/dist/index.global.js" };
const OWN_STORAGE = /^inspector\//; // of three: reads localStorage when it is loaded, which throws in the frame
const BARREL = 12; // a file that does nothing but pass on what so many others export is not loaded whole

/** Returns the package that a file belongs to, with its version, and where the file is in it. */
function place(path) {
  const home = homes.find((each) => path.startsWith(`${each}/`));
  if (!home) throw new Error(`${path} is of no package`);
  return [`${home.slice(home.lastIndexOf("node_modules/") + 13)}@${lock[home].version}`, path.slice(home.length + 1)];
}

const id = (path) => place(path).join("/");

/** Returns what a component can import: the name of each module, and what esbuild finds its file by. */
function modules() {
  const found = {};
  for (const name of Object.keys(dependencies).filter((each) => each in entries)) {
    found[name] = name;
    for (const entry of entries[name]) {
      const folder = join(root, "node_modules", name, entry.replace(/\*$/, ""));
      if (!entry.includes("*")) found[`${name}/${entry}`] = `${name}/${entry}`;
      else for (const each of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        const path = relative(folder, join(each.parentPath, each.name));
        if (OWN_STORAGE.test(path)) continue;
        if (entry === "*" ? each.isDirectory() && /^(?!lib$)\w+$/.test(path) : /^(?!libs\/(?!.*\.module\.(min\.)?js$)).*\.js$/.test(path)) found[`${name}/${entry.slice(0, -1)}${path}`] = `${name}/${entry.slice(0, -1)}${path}`;
      }
    }
  }
  return found;
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

/** Returns the statements of a module that name another: where the name is in the text, and what is taken from there. */
function statements(text) {
  const found = [];
  const visit = (node) => {
    if (node.source?.type === "StringLiteral") found.push({ node, at: node.source, names: taken(node) });
    children(node, visit);
  };
  const { program } = parse(text, { sourceType: "module", attachComment: false });
  visit(program);
  return { program, found };
}

/** Returns the names that a statement takes from another module; null for all of them. */
function taken({ type, specifiers = [] }) {
  if (type === "ImportExpression" || type === "ExportAllDeclaration" || specifiers.some((each) => /Namespace/.test(each.type))) return null;
  return specifiers.map((each) => (each.type === "ImportDefaultSpecifier" ? "default" : nameOf(each.imported ?? each.local)));
}

const nameOf = (node) => node.name ?? node.value;

class Tracer {
  constructor(inputs) {
    this.inputs = inputs;
    this.parsed = new Map();
    this.barrels = new Map();
  }

  /** Returns the file that a file means by a specifier; null where a browser has nothing for it. */
  target(path, specifier) {
    const found = this.inputs[path].imports.find((each) => each.original === specifier);
    return found && !/^\(disabled\)|^empty:/.test(found.path) && !found.external ? found.path : null;
  }

  read(path) {
    if (!this.parsed.has(path)) this.parsed.set(path, statements(readFileSync(join(root, path), "utf8")));
    return this.parsed.get(path);
  }

  /** Returns what a file passes on and from where, by name, if it does nothing else. */
  barrel(path) {
    if (!this.barrels.has(path)) this.barrels.set(path, this.isBarrel(path) ? this.names(path) : null);
    return this.barrels.get(path);
  }

  isBarrel(path) {
    if (this.inputs[path].format !== "esm") return false;
    const home = homes.find((each) => path.startsWith(`${each}/`));
    if (JSON.parse(readFileSync(join(root, home, "package.json"), "utf8")).sideEffects !== false) return false;
    const { program, found } = this.read(path);
    const passes = program.body.every((each) => each.type === "ImportDeclaration" || each.type === "ExportAllDeclaration" || (each.type === "ExportNamedDeclaration" && !each.declaration));
    return passes && found.length >= BARREL && found.every(({ at }) => this.target(path, at.value) && this.inputs[this.target(path, at.value)].format === "esm");
  }

  /** Returns the names that a module exports, each with the file and the name that it comes from. */
  names(path) {
    const { program, found } = this.read(path);
    const at = new Map(found.map(({ node, at: { value } }) => [node, this.target(path, value)]));
    const imported = new Map();
    const names = {};
    for (const node of program.body) {
      if (node.type === "ImportDeclaration") for (const each of node.specifiers) imported.set(each.local.name, [at.get(node), taken({ ...node, specifiers: [each] })?.[0] ?? "*"]);
    }
    for (const node of program.body) {
      if (node.type === "ExportDefaultDeclaration") names.default = [path, "default"];
      if (node.type === "ExportAllDeclaration") {
        for (const [name, from] of Object.entries(this.names(at.get(node)))) if (name !== "default") names[name] ??= from;
      }
      if (node.type !== "ExportNamedDeclaration") continue;
      for (const each of node.specifiers) {
        const here = each.type === "ExportNamespaceSpecifier" ? "*" : nameOf(each.local);
        names[nameOf(each.exported)] = node.source ? this.origin(at.get(node), here) : imported.has(here) ? this.origin(...imported.get(here)) : [path, nameOf(each.exported)];
      }
      for (const name of declared(node.declaration)) names[name] = [path, name];
    }
    return names;
  }

  /** Returns where a name of a module really comes from, past what only passes it on. */
  origin(path, name) {
    return (name !== "*" && this.inputs[path].format === "esm" && this.names(path)[name]) || [path, name];
  }

  /** Returns the entry of a file in the list. */
  entry(path, global) {
    const text = readFileSync(join(root, path), "utf8");
    const entry = { integrity: `sha256-${createHash("sha256").update(text).digest("base64")}` };
    const named = (target) => (target === null ? null : place(target)[0] === place(path)[0] ? `./${place(target)[1]}` : id(target));
    if (global !== undefined) return { ...entry, format: "script", ...(global && { global }) };
    if (this.inputs[path].format !== "esm") {
      const modern = this.inputs[path].imports.find((each) => each.original && this.inputs[each.path]?.format === "esm");
      if (modern) throw new Error(`${path} requires ${modern.path}, which is a module`);
      const imports = this.inputs[path].imports.filter((each) => each.kind === "require-call" || each.kind === "require-resolve").map((each) => [each.original, named(this.target(path, each.original))]);
      return { ...entry, format: "commonjs", imports: Object.fromEntries(imports) };
    }
    const imports = this.read(path).found.map(({ at, names }) => {
      const target = this.target(path, at.value);
      const row = [at.start, at.end, named(target)];
      return target && names && this.barrel(target) ? [...row, names] : row;
    });
    const barrel = this.barrel(path);
    return {
      ...entry, format: "module", imports,
      ...(/\bprocess\b/.test(text) && { process: true }), ...(text.includes("import.meta.url") && { url: true }),
      ...(barrel && { barrel: Object.fromEntries(Object.entries(barrel).map(([name, [file, from]]) => [name, [named(file), from]])) }),
    };
  }
}

function declared(node) {
  if (!node) return [];
  if (node.type !== "VariableDeclaration") return [node.id.name];
  return node.declarations.flatMap(({ id }) => (id.type === "Identifier" ? [id.name] : id.properties.map(({ value }) => value.name)));
}

/** Returns which of the builds stand for modules that export nothing as default. */
async function withoutDefault(names) {
  const { metafile } = await esbuild.build({
    entryPoints: names.map((each, number) => ({ in: each, out: String(number) })), absWorkingDir: root, nodePaths: [join(root, "node_modules")], bundle: true, write: false,
    metafile: true, outdir: join(root, "never"), format: "esm", platform: "browser", mainFields: ["module", "browser", "main"], external: builtinModules, logLevel: "error",
  });
  return new Set(names.filter((_, number) => !metafile.outputs[`never/${number}.js`].exports.includes("default")));
}

/** Returns the modules that are a part of a file: `lodash/debounce`, `date-fns/addDays`, an icon; `*` is any name. */
function aliases() {
  const found = { "lodash/*": ["lodash", "*"], "date-fns/*": ["date-fns", "*"], "dayjs/esm": ["dayjs"] };
  for (const set of entries["@heroicons/react"]) found[`@heroicons/react/${set}/*`] = [`@heroicons/react/${set}`, "*"];
  const { exports } = JSON.parse(readFileSync(join(root, "node_modules/date-fns/package.json"), "utf8"));
  for (const key of Object.keys(exports)) {
    const [, name] = /^\.\/locale\/([\w-]+)$/.exec(key) ?? [];
    const called = name?.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
    if (called in require("date-fns/locale")) found[`date-fns/locale/${name}`] = ["date-fns/locale", called];
  }
  return found;
}

/** Returns the modules of the list: by name or pattern a file, and where only a part of it is meant, which. */
function listed() {
  const whole = Object.keys(found).map((name) => [name, id(start[name])]).filter(([name]) => !patterns.some((each) => name.startsWith(each.slice(0, -1))));
  const many = patterns.map((each) => {
    const [before, after] = /^(.*)\*(.*)$/.exec(each).slice(1);
    const [name] = Object.keys(found).filter((one) => one.startsWith(before));
    return [each, id(start[name]).replace(name.slice(before.length), "*")];
  });
  const parts = Object.entries(aliases()).filter(([name]) => dependencies[/^(@[^/]+\/)?[^/]+/.exec(name)[0]]).map(([name, [module, part]]) => [name, part ? [id(start[module]), part] : id(start[module])]);
  const three = many.find(([name]) => name === "three/examples/jsm/*");
  return Object.fromEntries([...whole, ...many, ...parts, ...(three ? [["three/addons/*", three[1]]] : [])]);
}

const found = modules();
const tools = Object.fromEntries(Object.entries(TOOLS).map(([name, path]) => [name, join(root, "node_modules", path)]));
const lacking = Object.entries(parts).flatMap(([name, each]) => Object.values(each).map(([file]) => join(root, "node_modules", name, file)));
const { inputs, starts } = await trace([...Object.values(found), ...Object.values(tools), ...lacking]);
const tracer = new Tracer(inputs);
const patterns = Object.entries(entries).flatMap(([name, each]) => each.filter((entry) => entry.endsWith("/*")).map((entry) => `${name}/${entry}`));
const start = Object.fromEntries([...Object.keys(found), ...Object.keys(tools)].map((name, number) => [name, starts[number]]));
const packages = {};
const scripts = new Map([...Object.keys(tools).map((name) => [start[name], ""]), ...Object.entries(globals).map(([name, variable]) => [start[name], variable])]);
const bare = new Set([...(await withoutDefault(Object.keys(builds)))].map((name) => start[name]));
for (const path of Object.keys(inputs).sort()) {
  if (/^\(disabled\)|^empty:/.test(path)) continue;
  const [name, inside] = place(path);
  (packages[name] ??= {})[inside] = { ...tracer.entry(path, scripts.get(path)), ...(bare.has(path) && { default: false }) };
}
const list = {
  modules: listed(),
  parts: Object.fromEntries(Object.entries(parts).map(([name, each]) => [name, Object.fromEntries(Object.entries(each).map(([part, [file, from]]) => [part, [`${name}@${lock[`node_modules/${name}`].version}/${file}`, from]]))])),
  tools: Object.fromEntries(Object.keys(tools).map((name) => [name, id(start[name])])),
  packages,
};
const lines = (object, indent, write) => `{\n${Object.entries(object).map(([key, value]) => `${indent}${JSON.stringify(key)}: ${write(value)}`).join(",\n")}\n${indent.slice(1)}}`;
const text = lines(list, " ", (part) => lines(part, "  ", (each) => (typeof each === "object" && !Array.isArray(each) ? lines(each, "   ", JSON.stringify) : JSON.stringify(each))));
writeFileSync(out, `${text}\n`);
console.log(`${Object.keys(list.modules).length} modules, ${Object.keys(packages).length} packages, ${Object.values(packages).flatMap(Object.keys).length} files, ${text.length} bytes`);
