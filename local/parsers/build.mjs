// Maintainers only, by `make parsers`: writes script.js, diagram.js, globals.txt, LICENSES.txt and SHA256SUMS into
// shared/artifacts/syntax/parsers/. What goes into them is pinned by package-lock.json.
import esbuild from "esbuild";
import globals from "globals";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { members } from "./members.mjs";

const OUT = new URL("../../shared/artifacts/syntax/parsers/", import.meta.url).pathname;
const drawing = /^(d3|d3-sankey|dagre-d3-es.*|roughjs|cytoscape.*|katex|stylis|fastdom.*|@iconify\/utils|@upsetjs\/venn\.js|elkjs.*|dompurify)$/;
const stubs = {
  name: "stubs",
  setup(build) {
    build.onResolve({ filter: drawing }, ({ path }) => ({ path, namespace: "stub" }));
    build.onLoad({ filter: /.*/, namespace: "stub" }, ({ path }) => ({
      contents: path === "dompurify" ? "export default { addHook() {}, removeHook() {}, sanitize: (text) => text, isSupported: true };" : "module.exports = globalThis.__stub;",
    }));
  },
};
// Mermaid's lexers ask a hundred anchored expressions at every token. QuickJS tries an anchored one at every further
// place of the text too; a sticky one, which means the same at 0, it tries at 0 only: 4 times faster at 400 edges, and linear.
const ASKS = "this._input.match(this.rules[rules[i]])";
// Their errors give the place of the token before the one that is wrong, or none at all where there is no token.
const OLD_PLACE = /text: (lexer\w*)\.match,([^}]*?)loc: yyloc/g;
const NO_PLACE = /(Unrecognized text\.\\n" \+ this\.showPosition\(\), \{\s*)text/g;
const sticky = {
  name: "sticky",
  setup(build) {
    build.onLoad({ filter: /mermaid\/dist\/chunks\/mermaid\.core\/.*\.mjs$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8")
        .replaceAll(ASKS, "globalThis.__matchAtStart(this.rules[rules[i]], this._input)")
        .replaceAll(OLD_PLACE, "text: $1.match,$2loc: $1.yylloc").replaceAll(NO_PLACE, "$1loc: this.yylloc, text"),
      loader: "js",
    }));
  },
};
const notices = new Map();
for (const [name, entry] of [["script", "checker.mjs"], ["diagram", "diagram.mjs"]]) {
  const { metafile } = await esbuild.build({
    entryPoints: [new URL(entry, import.meta.url).pathname], outfile: `${OUT}${name}.js`, bundle: true, minify: true, format: "iife", target: "es2022",
    platform: "browser", mainFields: ["module", "main"], legalComments: "none", metafile: true, plugins: [stubs, sticky], logLevel: "warning",
  });
  for (const input of Object.keys(metafile.inputs)) {
    const [, directory] = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input) ?? [];
    if (directory && !notices.has(directory)) notices.set(directory, JSON.parse(readFileSync(`${directory}/package.json`, "utf8")));
  }
}
const names = new Set([...Object.keys(globals.browser), ...Object.keys(globals.es2026), "undefined", "NaN", "Infinity", "globalThis", "event", "arguments", "eval"]);
writeFileSync(`${OUT}globals.txt`, [[...names].sort().join(" "), ...members()].join("\n") + "\n");
for (const name of ["globals", "typescript"]) {
  const directory = new URL(`node_modules/${name}`, import.meta.url).pathname;
  notices.set(directory, JSON.parse(readFileSync(`${directory}/package.json`, "utf8")));
}
const LICENSE = /^(licen[cs]e|copying)/i;
const texts = [...notices].map(([directory, { name, version, license }]) => {
  const file = readdirSync(directory).find((each) => LICENSE.test(each));
  return [`${name} ${version} (${license ?? "see below"})`, file ? readFileSync(`${directory}/${file}`, "utf8").trim() : "(no file of its own)"].join("\n\n");
});
writeFileSync(`${OUT}LICENSES.txt`, `${texts.sort().join(`\n\n${"-".repeat(80)}\n\n`)}\n`);
const sums = ["script.js", "diagram.js", "globals.txt"].map((file) => `${createHash("sha256").update(readFileSync(OUT + file)).digest("hex")}  ${file}`);
writeFileSync(`${OUT}SHA256SUMS`, `${sums.join("\n")}\n`);
console.log(sums.join("\n"));
