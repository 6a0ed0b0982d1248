// Judges what needs no browser. argv[2]: the folder with node_modules. Standard input: a JSON object a line, with kind,
// language and code. Standard output: a line for each, {ok, stage, said}; ok is null where the judges do not agree.
const { createRequire } = require("node:module");
const { createInterface } = require("node:readline");
const { join } = require("node:path");

const from = createRequire(join(process.argv[2], "package.json"));
const babel = from("@babel/standalone");
const esbuild = from("esbuild");

const said = (error) => String(error?.errors?.[0]?.text ?? error?.message ?? error).slice(0, 300);
const attempt = (work) => { try { work(); return null; } catch (error) { return said(error); } };
const LOADERS = { javascript: "js", jsx: "jsx", typescript: "ts", tsx: "tsx" };

function script(code, language) {
  const typed = language.startsWith("t");
  const plugins = typed ? [["typescript", {}]] : [];
  if (language.endsWith("x")) plugins.push("jsx");
  const parse = () => babel.transform(code, {
    code: false, ast: false, configFile: false, babelrc: false, sourceType: "unambiguous",
    parserOpts: { plugins, allowReturnOutsideFunction: false },
  });
  const [one, other] = [attempt(parse), attempt(() => esbuild.transformSync(code, { loader: LOADERS[language], logLevel: "silent" }))];
  if (!one !== !other) return { ok: null, stage: "split", said: one ?? other };
  return { ok: !one, stage: "parse", said: one ?? "" };
}

async function main() {
  const { fromMarkdown } = await import(from.resolve("mdast-util-from-markdown"));
  const judges = {
    json: (code) => { const error = attempt(() => JSON.parse(code)); return { ok: !error, stage: "parse", said: error ?? "" }; },
    markdown: (code) => {
      const open = openFence(fromMarkdown(code), code);
      const empty = code.trim() === "";
      return { ok: !open && !empty, stage: "fence", said: open ? `a fence is open at the end, from line ${open}` : "" };
    },
  };
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    const { kind, language, code } = JSON.parse(line);
    const judged = (judges[kind === "markdown" ? kind : language] ?? ((text) => script(text, language)))(code);
    process.stdout.write(JSON.stringify(judged) + "\n");
  }
}

// The line of a fenced block that is open where the document ends. One that ends with its list or quotation loses nothing.
function openFence(node, code) {
  if (node.type === "code") {
    const lines = code.slice(node.position.start.offset, node.position.end.offset).split(/\r\n?|\n/);
    const [, fence] = /^(`{3,}|~{3,})/.exec(lines[0]) ?? [];
    if (!fence) return null;
    const last = lines.length > 1 ? lines.at(-1).replace(/^[\s>]*/, "").trimEnd() : "";
    const closes = last.length >= fence.length && [...last].every((each) => each === fence[0]);
    return closes || node.position.end.offset < code.trimEnd().length ? null : node.position.start.line;
  }
  for (const child of node.children ?? []) {
    const line = openFence(child, code);
    if (line) return line;
  }
  return null;
}

main();
