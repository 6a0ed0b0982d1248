// Bundles the packages that components import into ES modules that share their chunks, and writes their import map.
// argv: the folder with node_modules, the JSON file of entry points.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [folder, list] = process.argv.slice(2);
const require = createRequire(join(folder, "package.json"));
const esbuild = require("esbuild");
const entries = JSON.parse(readFileSync(list, "utf8"));
const fileOf = (entry) => entry.replace(/^@/, "").replaceAll("/", "-");
const options = {
  absWorkingDir: folder, bundle: true, format: "esm", platform: "browser", logLevel: "error",
  minifySyntax: true, minifyWhitespace: true, // each frame reads them anew
  define: { "process.env.NODE_ENV": '"development"', global: "globalThis" },
};

// esbuild gives a CommonJS package a default export only; the names that it exports are read in node, as CDNs do.
async function stub(entry) {
  const { metafile } = await esbuild.build({
    ...options, stdin: { contents: `export * from "${entry}"`, resolveDir: folder }, write: false, metafile: true,
    outfile: "out.js", // splits nothing: only the names matter
  });
  const [out] = Object.values(metafile.outputs);
  if (out.exports.length > 0) {
    const direct = await esbuild.build({
      ...options, stdin: { contents: `import it from "${entry}"; export { it }`, resolveDir: folder }, write: false,
      logLevel: "silent",
    }).then(() => true, () => false);
    return `export * from "${entry}";` + (direct ? `export { default } from "${entry}";` : "");
  }
  const names = Object.keys(require(entry)).filter((name) => /^[A-Za-z_$][\w$]*$/.test(name) && name !== "default");
  return `import all from "${entry}"; export default all; export const { ${names.join(", ")} } = all;`;
}

const stubs = new Map(await Promise.all(entries.map(async (entry) => [`stub:${entry}`, await stub(entry)])));
await esbuild.build({
  ...options,
  entryPoints: entries.map((entry) => ({ in: `stub:${entry}`, out: fileOf(entry) })),
  splitting: true, outdir: join(folder, "modules"),
  plugins: [{
    name: "stubs",
    setup(build) {
      build.onResolve({ filter: /^stub:/ }, ({ path }) => ({ path, namespace: "stub" }));
      build.onLoad({ filter: /.*/, namespace: "stub" }, ({ path }) => ({ contents: stubs.get(path), resolveDir: folder }));
    },
  }],
});
const map = Object.fromEntries(entries.map((entry) => [entry, `/modules/${fileOf(entry)}.js`]));
writeFileSync(join(folder, "importmap.json"), JSON.stringify(map));
