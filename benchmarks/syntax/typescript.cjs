// Says which texts the TypeScript compiler cannot parse. argv[2] is the compiler's package folder. Standard input: a JSON
// string a line. Standard output: a line for each, null or the first syntactic diagnostic as {line, column, message}.
const readline = require("node:readline");
const ts = require(process.argv[2]);

function firstDiagnostic(code) {
  const file = ts.createSourceFile("component.tsx", code, ts.ScriptTarget.Latest, false, ts.ScriptKind.TSX);
  const [first] = file.parseDiagnostics;
  if (!first) return null;
  const { line, character } = file.getLineAndCharacterOfPosition(first.start);
  const message = ts.flattenDiagnosticMessageText(first.messageText, " ");
  return { line: line + 1, column: character + 1, message };
}

readline.createInterface({ input: process.stdin, crlfDelay: Infinity }).on("line", (text) => {
  process.stdout.write(JSON.stringify(firstDiagnostic(JSON.parse(text))) + "\n");
});
