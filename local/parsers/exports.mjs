// Maintainers only: which names each package exports. `node exports.mjs DIRECTORY` reads the package.json there, whose
// packages are installed beside it, and writes shared/artifacts/syntax/parsers/exports.json.z.
// It asks esbuild, and for CommonJS, which only says when it is loaded, node itself.
import { createRequire } from "node:module";
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { deflateSync } from "node:zlib";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import esbuild from "esbuild";

const FRAME = new URL("frame", import.meta.url).pathname;
const root = resolve(process.argv[2] ?? FRAME);
const { modules, packages: files } = JSON.parse(readFileSync(new URL("../../docs/client/renderer/libraries.json", import.meta.url), "utf8"));
const wanted = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const packages = Object.keys(wanted.dependencies).map((name) => [name, ...(wanted.entries?.[name] ?? [])]);
const require = createRequire(join(root, "index.js"));
const table = {};

async function names(entry) {
  const result = await esbuild.build({ stdin: { contents: `export * from ${JSON.stringify(entry)}; export { default } from ${JSON.stringify(entry)};`, resolveDir: root },
    bundle: true, write: false, metafile: true, format: "esm", platform: "browser", logLevel: "silent", mainFields: ["module", "browser", "main"],
    loader: { ".css": "empty", ".svg": "empty" } }).catch((error) => error);
  let noDefault = false;
  let bundle = result;
  if (result.errors?.length) {
    noDefault = result.errors.every((each) => /No matching export .* for import "default"/.test(each.text));
    if (!noDefault) return null;
    bundle = await esbuild.build({ stdin: { contents: `export * from ${JSON.stringify(entry)};`, resolveDir: root }, bundle: true, write: false, metafile: true,
      format: "esm", platform: "browser", logLevel: "silent", mainFields: ["module", "browser", "main"], loader: { ".css": "empty", ".svg": "empty" } });
  }
  const found = new Set(Object.values(bundle.metafile.outputs)[0].exports);
  found.delete("default");
  let open = false;
  if (!found.size) {
    // CommonJS: what it holds is known when it is loaded.
    const [{ path }] = bundle.metafile.inputs["<stdin>"].imports; // what a browser gets, which is not what node does
    const file = join(root, path.slice(path.indexOf("node_modules/")));
    try {
      const loaded = require(file);
      for (const key of Object.keys(loaded)) if (/^[A-Za-z_$][\w$]*$/.test(key)) found.add(key);
      if (typeof loaded === "function" && !found.size) open = false;
    } catch { open = true; }
    try { for (const key of Object.keys(await import(pathToFileURL(file)))) if (!["default", "module.exports", "__esModule"].includes(key)) found.add(key); } catch { /* needs a browser */ }
    noDefault = false;
    for (const each of ["default", "__esModule"]) found.delete(each);
  }
  return open ? null : { names: [...found].filter(await offered(entry)).sort().join(" "), default: !noDefault };
}

/** Tells which names the frame has: where it takes another build of a package, that may lack some. */
async function offered(entry) {
  const build = wanted.builds?.[entry];
  const [name] = /^(@[^/]+\/)?[^/]+/.exec(entry);
  if (!build || entry in (wanted.globals ?? {})) return () => true;
  const module = { exports: {} };
  try {
    const text = readFileSync(join(root, "node_modules", name, build), "utf8");
    new Function("module", "exports", "require", text).call(module.exports, module, module.exports, require);
  } catch { return () => true; /* needs a browser, or is a module as it was */ }
  return (each) => each in module.exports || each in (wanted.parts?.[entry] ?? {});
}

/** Which paths in a package the renderer has, where it is one of the renderer's. */
function offeredPaths(name, entries) {
  if (root !== FRAME) return null;
  const found = Object.entries(modules).filter(([each]) => each === name || each.startsWith(`${name}/`));
  // The renderer takes a name with its extension and without.
  return found.flatMap(([each, target]) => (each.endsWith("*") ? any(each, [target].flat(), entries) : [each])).flatMap((each) => (each === name ? [each] : [each.replace(/\.js$/, ""), `${each.replace(/\.js$/, "")}.js`]));
}

/** What stands for the star of a pattern: the names of a module, or the files of a folder. */
function any(pattern, [file, part], entries) {
  const before = pattern.slice(0, -1);
  if (part) return (entries[before.slice(0, -1)].names).split(" ").map((each) => before + each);
  const [, home, folder] = /^((?:@[^/]+\/)?[^/]+)\/(.*)\*$/.exec(file);
  return Object.keys(files[home]).filter((each) => each.startsWith(folder)).map((each) => before + each.slice(folder.length));
}

/** Which paths in a package can be imported, as it says itself; all its scripts where it does not. */
function paths(name, manifest) {
  const base = join(root, "node_modules", name);
  if (manifest.exports && typeof manifest.exports === "object" && Object.keys(manifest.exports).some((key) => key.startsWith("."))) {
    return Object.entries(manifest.exports).filter(([key, value]) => value !== null && key !== "./package.json").map(([key]) => name + key.slice(1));
  }
  if (manifest.exports) return [name];
  const found = new Set([name]);
  const walk = (folder, depth) => {
    for (const each of readdirSync(join(base, folder))) {
      const path = folder ? `${folder}/${each}` : each;
      if (each === "node_modules" || each.startsWith(".")) continue;
      if (statSync(join(base, path)).isDirectory()) { if (depth < 3) { if (existsSync(join(base, path, "package.json")) || existsSync(join(base, path, "index.js"))) found.add(`${name}/${path}`); walk(path, depth + 1); } }
      else if (/\.(js|mjs|cjs)$/.test(each) && !/\.min\.|\.test\./.test(each)) { found.add(`${name}/${path}`); if (each.endsWith(".js")) found.add(`${name}/${path.slice(0, -3)}`); }
    }
  };
  if (name === "lodash" || name === "dayjs") walk("", 0); else { found.add(`${name}/*`); }
  return [...found];
}

for (const [name, ...subpaths] of packages) {
  const manifest = JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8"));
  const entries = {};
  const all = [name, ...subpaths.filter((one) => !one.includes("*")).map((one) => `${name}/${one}`)];
  if (subpaths.includes("*")) {
    for (const one of readdirSync(join(root, "node_modules", name))) {
      if (existsSync(join(root, "node_modules", name, one, "package.json")) && one !== "lib" && one !== "node_modules") all.push(`${name}/${one}`);
    }
  }
  for (const entry of all) {
    const found = await names(entry).catch((error) => { console.error(entry, error.message); return null; });
    if (!found) console.error(`${entry}: open`); 
    entries[entry] = found;
  }
  table[name] = { version: manifest.version, entries, paths: offeredPaths(name, entries) ?? paths(name, manifest) };
  console.error(name, manifest.version, Object.entries(entries).map(([key, value]) => `${key}:${value ? value.names.split(" ").length : "?"}${value?.default ? "+d" : ""}`).slice(0, 6).join(" "), table[name].paths.length);
}
const text = JSON.stringify(table);
const packed = deflateSync(text, { level: 9 });
writeFileSync(new URL("../../shared/artifacts/syntax/parsers/exports.json.z", import.meta.url), packed);
console.error(`${Object.keys(table).length} packages, ${packed.length} bytes`);
process.exit(0); // some packages leave timers behind
