// Mermaid's own parsers, for every type of diagram it knows; what it throws is the verdict.
import mermaid from "mermaid";

mermaid.initialize({ startOnLoad: false, suppressErrorRendering: true });

globalThis.checkDiagram = (text) => {
  globalThis.verdict = null;
  mermaid.parse(text).then(async ({ diagramType }) => {
    if (diagramType in WHEN_DRAWN) WHEN_DRAWN[diagramType]((await mermaid.mermaidAPI.getDiagramFromText(text)).db, text);
    return diagramType;
  }).then(
    (type) => { globalThis.verdict = JSON.stringify({ type, problems: [] }); },
    (error) => { globalThis.verdict = JSON.stringify({ problems: [problem(error)] }); },
  );
};

// What Mermaid sees only when it draws, and throws at then.
const WHEN_DRAWN = {
  architecture(db) {
    const seen = new Set();
    for (const { lhsId, rhsId } of db.getEdges()) {
      if (seen.has(`${lhsId} ${rhsId}`)) throw new Error(`Second edge:${lhsId} and ${rhsId}`);
      seen.add(`${lhsId} ${rhsId}`);
    }
  },
  c4(db) {
    for (const each of db.getRels()) for (const end of [each.from, each.to]) if (!db.getC4Shape(end)) throw new Error(`Unknown shape:${end}`);
  },
  gantt(db, text) {
    try {
      db.getTasks();
    } catch (error) {
      const task = error instanceof TypeError && tangled(text);
      if (task) throw new Error(`Unread task:${task}`);
      const [, date] = /^Invalid date:(.*)$/s.exec(error?.message) ?? [];
      if (date !== undefined && (DAY.test(date) || !MAY_BE_DATE.test(date))) throw error;
    }
  },
  requirement(db) {
    const known = (name) => db.getRequirements().has(name) || db.getElements().has(name);
    for (const { src, dst } of db.getRelationships()) for (const end of [src, dst]) if (!known(end)) throw new Error(`Unknown shape:${end}`);
  },
};

// What is no date in one engine may be one in another. Browsers read none where there is neither a number apart from
// letters nor a month, nor a day that no month has.
const DAY = /^\d{4}-\d\d-\d\d$/;
const MAY_BE_DATE = /(?:^|[^\p{L}\d])\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec/iu;

// What stands behind the name of the first task that has more parts than an id, a start and an end.
const TAG = /^\s*(?:active|done|crit|milestone|vert)\s*$/;
const NO_TASK = /^\s*(?:%%|title|accTitle|accDescr|section|dateFormat|axisFormat|excludes|includes|click)/;
function tangled(text) {
  const tasks = text.split("\n").filter((line) => !NO_TASK.test(line)).map((line) => line.slice(line.indexOf(":") + 1));
  return (tasks.find((task) => task.split(",").filter((part) => !TAG.test(part)).length > 3) ?? "").trim();
}

// `line` (from 1) and `column` (from 0, in UTF-16 units) are those of the text that Mermaid leaves: without front matter,
// directives and comments. `got` and `expected` are tokens of the grammar; there are none where no grammar has spoken.
function problem(error) {
  const message = String(error?.message ?? error).slice(0, 400);
  const { hash } = error ?? {};
  // What throws behind a grammar may hold a `hash` too, whose place is made up.
  const places = error?.result ? chevrotain(error.result) : typeof hash?.line === "number" ? jison(hash) : { text: hash?.text };
  const yaml = error?.mark && yamlLine(error.mark);
  const known = error?.name === "UnknownDiagramError" || hash || error?.result || yaml;
  const fault = !known && (error instanceof RangeError || error instanceof ReferenceError || (error instanceof TypeError && /not a function/.test(message)));
  return { message, fault, ...places, ...yaml };
}

// The line of the YAML, to be found in the diagram: where it stands there, nothing says.
function yamlLine({ buffer, position, line, column }) {
  const lines = buffer.replace(/\0/g, "").split("\n");
  if (lines[line]?.trim()) return { yaml: lines[line], column };
  const last = buffer.slice(0, position).replace(/\0/g, "").trimEnd().split("\n").at(-1);
  return { yaml: last, column: last.length };
}

function jison({ token, loc, text, expected }) {
  if (token === null) return { got: "INVALID", line: loc.last_line, column: loc.last_column, expected: [] };
  const got = token === 1 ? "EOF" : String(token); // 1: the lexer was in a state in which no rule reads the end
  return { got, text, line: loc.first_line, column: loc.first_column, expected: expected.map((each) => each.slice(1, -1)) };
}

function chevrotain({ lexerErrors, parserErrors }) {
  const [bad] = lexerErrors;
  const [lost] = parserErrors;
  const { startLine, startColumn, image, tokenType } = lost?.token ?? {};
  if (bad && !(startLine < bad.line || (startLine === bad.line && startColumn < bad.column))) {
    return { got: "INVALID", line: bad.line, column: bad.column - 1, expected: [] };
  }
  const expected = [...lost.message.matchAll(/of type '([^']+)'|\[([\w, ]+)\]/g)].map(([, one, several]) => one ?? several.split(",")[0]);
  return { got: startLine ? tokenType.name : "EOF", text: image, line: startLine || 0, column: (startColumn || 1) - 1, expected };
}
