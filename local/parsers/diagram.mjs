// Mermaid's own parsers, for every type of diagram it knows; what it throws is the verdict.
import mermaid from "mermaid";

mermaid.initialize({ startOnLoad: false, suppressErrorRendering: true });

globalThis.checkDiagram = (text) => {
  globalThis.verdict = null;
  mermaid.parse(text).then(
    ({ diagramType }) => { globalThis.verdict = JSON.stringify({ type: diagramType, problems: [] }); },
    (error) => { globalThis.verdict = JSON.stringify({ problems: [problem(error, text)] }); },
  );
};

function problem(error, text) {
  const said = String(error?.message ?? error);
  const known = error?.name === "UnknownDiagramError" || error?.hash || /Parse error|Parsing failed|Lexical error/.test(said);
  const at = error?.hash?.loc ?? error?.hash;
  let line = at?.first_line ?? Number(/on line (\d+)/.exec(said)?.[1] ?? /line (\d+)/.exec(said)?.[1] ?? 1);
  const column = at?.first_column ?? 0;
  const fault = !known && (error instanceof RangeError || error instanceof ReferenceError || (error instanceof TypeError && /not a function/.test(said)));
  return { message: said.slice(0, 400), line: line || 1, column: column + 1, fault, name: error?.name, stack: fault ? String(error.stack).slice(0, 600) : undefined };
}
