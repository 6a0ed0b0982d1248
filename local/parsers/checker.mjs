// What keeps a script from running where it is rendered: Babel's parser for all that is an early error, one walk over
// its tree for names that nobody declares, and React's rules that always fail. Runs in QuickJS: no modules, no DOM.
import { parse } from "@babel/parser";
import { Names } from "./names.mjs";
import { reactProblems } from "./react.mjs";
import { transpilerProblems } from "./transpiler.mjs";

const MOST = 10;
const DOTS = /^[\s*.…]*$/;
const LIMITS = /too many captures|stack overflow|memory|too large/; // of QuickJS, not of browsers
const UNKNOWN = /^(Unexpected|Missing (semicolon|initializer)|This experimental syntax)/; // how syntax is refused that the dialect does not have
const PLUGINS = ["jsx", "decoratorAutoAccessors", "decorators"];

/** The renderer compiles every component as TSX; a browser reads JavaScript only. */
function options(request) {
  const plugins = [...PLUGINS];
  if (request.dialect === "tsx" || request.dialect === "ts") plugins.push("typescript");
  if (request.dialect === "ts" || request.dialect === "js") plugins.splice(0, 1);
  return {
    sourceType: request.source,
    errorRecovery: true,
    attachComment: false,
    createImportExpressions: false,
    allowAwaitOutsideFunction: request.source === "module",
    allowReturnOutsideFunction: Boolean(request.handler),
    plugins,
  };
}

/** request: {code, dialect: tsx|ts|jsx|js, source: module|script|unambiguous, react, names, globals: [name],
 * elements: {id: tag}, elsewhere: [word] or null: what stands in other scripts of the page; null where that is too much} */
function check(request) {
  const problems = [];
  const report = (rule, message, node, warning) => {
    const { line, column } = node.loc?.start ?? node;
    problems.push({ rule, message, line, column: column + 1, ...(warning && { warning: true }) });
  };
  let tree;
  try {
    tree = read(request);
  } catch (error) {
    const first = firstError(request, error);
    if (!first?.loc) throw error; // an overflow or a fault of the parser's: no verdict
    report("syntax", reason(request, first, first.loc), first.loc);
    return { problems, imports: [] };
  }
  for (const error of tree.errors) report("syntax", reason(request, error, error.loc), error.loc);
  if (problems.length) return { problems: problems.slice(0, MOST), imports: [] };
  const names = new Names(tree.program, request.source !== "script");
  for (const { message, node } of names.earlyErrors) report("syntax", message, node);
  exportedTwice(tree.program, names, report);
  regularExpressions(names, report);
  selectors(names, report);
  if (request.react) {
    const source = transpilerProblems(tree, report);
    if (source) names.loads.push(source);
    reactProblems(tree.program, names, report, globalNames); // before the names: of two at a place the first is told
  }
  if (request.names) undeclared(names, request, report);
  problems.sort((a, b) => a.line - b.line || a.column - b.column);
  return {
    problems: problems.slice(0, 3 * MOST),
    imports: imports(tree.program, names),
    module: tree.program.sourceType === "module",
    comments: comments(tree),
    declared: declared(names, request),
  };
}

/** Where comments begin and end, and whether dots in one stand among the members of a type. What a comment says is
 * judged in Python, for all languages alike. */
function comments(tree) {
  return tree.comments.map(({ value, start, end }) => [start, end, DOTS.test(value) && isAmongMembers(tree.program, start, end)]);
}

function isAmongMembers(program, start, end) {
  let inner = program;
  for (let next = program; next; ) {
    inner = next;
    next = null;
    for (const key in inner) {
      const value = inner[key];
      for (const each of Array.isArray(value) ? value : [value]) {
        if (each?.type && key !== "loc" && each.start <= start && each.end >= end) next = each;
      }
    }
  }
  return inner.type === "TSInterfaceBody" || inner.type === "TSTypeLiteral";
}

/** The names that a classic script leaves to all that come after it in a page, each with how it is declared. */
function declared(names, request) {
  if (request.source !== "script") return {};
  const found = Object.fromEntries([...names.root.bindings].map(([name, { kind }]) => [name, kind]));
  for (const name of names.sloppyGlobals) found[name] ??= "global";
  return found;
}

/** What may be a module or a script is a script where only that can be read: the parser recovers from what is refused
 * in modules alone, and so does not try. */
function read(request) {
  const tree = parse(request.code, options(request));
  if (request.source !== "unambiguous" || !tree.errors.length || tree.program.body.some((each) => /^(Im|Ex)port/.test(each.type))) return tree;
  try {
    const script = parse(request.code, options({ ...request, source: "script" }));
    return script.errors.length ? tree : script;
  } catch {
    return tree;
  }
}

/** Where the parser cannot go on it tells the last error only; and on an escape such as `\u{110000}` it fails. */
function firstError(request, error) {
  if (!error.loc && !/code point/.test(error.message)) return null;
  try {
    parse(request.code, { ...options(request), errorRecovery: false });
  } catch (first) {
    return first;
  }
  return null;
}

/** With types Babel leaves these to TypeScript, which is not there when the code is rendered. */
function exportedTwice(program, names, report) {
  const seen = new Set();
  const add = (name, node) => {
    if (seen.has(name)) report("syntax", name === "default" ? "There is a second default export: leave one." : `\`${name}\` is exported twice.`, node);
    seen.add(name);
  };
  for (const node of program.body) {
    if (node.exportKind === "type") continue;
    if (node.type === "ExportDefaultDeclaration") {
      if (!/^TS(InterfaceDeclaration|DeclareFunction)$/.test(node.declaration.type)) add("default", node);
    } else if (node.type === "ExportAllDeclaration" || node.type === "ExportNamedDeclaration") {
      const declared = node.declaration;
      if (/^(Function|Class)Declaration$/.test(declared?.type) && !declared.declare) add(declared.id.name, declared.id);
      if (declared?.type === "VariableDeclaration" && !declared.declare) for (const each of declared.declarations) if (each.id.type === "Identifier") add(each.id.name, each.id);
      for (const each of node.specifiers ?? []) {
        const { exported, local } = each;
        if (each.exportKind !== "type" && (node.source || names.root.bindings.has(local.name))) add(exported.name ?? exported.value, each);
      }
    }
  }
}

/** What to tell a model: a parser names what it met, not what the writer took the place for. */
function reason(request, error, { line, column }) {
  const text = request.code.split("\n", line)[line - 1] ?? "";
  if (/^\s*(```|~~~)/.test(text)) return "A Markdown fence stands in the code: leave it out.";
  if (/^\s*<\/?(ant)?artifact\b/i.test(text)) return "An artifact's tag stands in the code: leave it out.";
  if (/^Unterminated regular/.test(error.message) && /<\/?$/.test(text.slice(0, column))) return "An end tag stands inside `{…}`: close the `{` before it.";
  const language = request.dialect === "js" && UNKNOWN.test(error.message) ? languageOf(request) : "";
  return language ? `This is ${language}, and a browser reads plain JavaScript only: write it as that.` : sentence(error);
}

function languageOf(request) {
  for (const [dialect, name] of [["jsx", "JSX"], ["ts", "TypeScript"], ["tsx", "TypeScript with JSX"]]) {
    try {
      if (!parse(request.code, options({ ...request, dialect })).errors.length) return name;
    } catch { /* not this one */ }
  }
  return "";
}

function sentence(error) {
  const text = error.message.replace(/ \(\d+:\d+\)$/, "").replace(/\s+/g, " ");
  return /[.!?)]$/.test(text) ? text : `${text}.`;
}

/** Babel leaves the patterns to the engine, as every engine that runs the code reads them. */
function regularExpressions(names, report) {
  for (const node of names.patterns) {
    try {
      new RegExp(node.pattern, node.flags);
    } catch (error) {
      if (error instanceof SyntaxError && !LIMITS.test(error.message)) report("syntax", `This regular expression cannot be read: ${error.message}.`, node);
    }
  }
}

const ESCAPED = /\\[^]|"[^"]*"|'[^']*'/g;
const NOTHING_NAMED = /[#.](?![\w\\-]|[^\x00-\x7f])|[>+~,]\s*$|^\s*$/;

/** A selector that no browser reads throws where it is asked for; what is not looked at here may be wrong still. */
function selectors(names, report) {
  for (const node of names.selectors) {
    const text = node.value.length > LONGEST_SELECTOR ? "a" : node.value.replace(ESCAPED, "a");
    const open = (mark) => text.split(mark).length;
    if (NOTHING_NAMED.test(text) || open("[") !== open("]") || open("(") !== open(")")) report("syntax", `\`${node.value}\` is no selector that a browser can read.`, node);
  }
}
const LONGEST_SELECTOR = 1000;

function undeclared(names, request, report) {
  const known = new Set(request.globals);
  const told = new Set();
  // A component that imports nothing from React counts on `React` being there, as many frames have it.
  const mixed = !request.react || names.imports("react");
  for (const { name, node, kind, guarded, type } of names.free()) {
    if (known.has(name) || globalNames.has(name) || names.tested.has(name) || told.has(name)) continue;
    if (kind === "write" && request.source === "script") continue; // makes a global, in sloppy code
    if (names.sloppyGlobals.has(name) && request.source === "script") continue;
    told.add(name);
    if (!mixed && (name === "React" || name === "ReactDOM")) {
      report("name", `\`${name}\` is not imported, and not every frame has it: write \`import ${name} from "${name === "React" ? "react" : "react-dom"}"\`.`, node, true);
      continue;
    }
    const hint = hinted(name, kind, type);
    report("name", `\`${name}\` is used and declared nowhere: ${hint}`, node, guarded);
  }
  // A name that stands anywhere else may be given to the object there.
  const elsewhere = request.elsewhere && new Set(request.elsewhere);
  const calls = elsewhere ? [...names.callsOfMembers()].filter(({ member }) => PLAIN.test(member) && !elsewhere.has(member)) : [];
  const words = calls.length ? counted(request.code) : null;
  const called = counted(calls.map(({ object, member }) => `${object}.${member}`).join(" "), /\S+/g);
  for (const { object, member, node } of calls) {
    if (words.get(member) !== called.get(`${object}.${member}`)) continue;
    const tag = globalNames.has(object) || names.sloppyGlobals.has(object) ? null : request.elements?.[object];
    const all = tag ? membersOfElement(tag) : known.has(object) ? null : members.get(object);
    if (!all || all.has(member) || known.has(`${object}.${member}`) || VENDORS.test(member) || told.has(member)) continue;
    told.add(member);
    const near = told.size < MOST ? nearest(member, all) : "";
    const hint = near ? `write \`${near}\`.` : tag ? "declare what you mean by it, with another name than an id's." : "use what there is, or write a function.";
    const what = tag ? `\`${object}\` is declared nowhere and so means the \`<${tag}>\` with this id, which has no` : `\`${object}\` has no`;
    report("name", `${what} \`${member}\`: ${hint}`, node);
  }
  for (const { name, node, declared } of names.tooEarly()) {
    if (told.has(name)) continue;
    told.add(name);
    report("name", `\`${name}\` is used before it is declared on line ${declared}: move the declaration up.`, node);
  }
  for (const { name, node } of names.constantWrites()) {
    report("name", `\`${name}\` is a constant and is assigned to: declare it with \`let\`.`, node);
  }
}

function hinted(name, kind, type) {
  if (name === "require") return "there is no CommonJS here; write `import`.";
  if (type) return "it is a type only, and types are gone when the code runs.";
  if (reactNames.has(name)) return `write \`import { ${name} } from "react"\`.`;
  if (name === "React") return "write `import React from \"react\"`.";
  if (kind === "jsx") return "import this component or write it.";
  return "declare or import it.";
}
const reactNames = new Set("Activity Children Component Fragment Profiler PureComponent StrictMode Suspense cache cloneElement createContext createElement createRef forwardRef isValidElement lazy memo startTransition use useActionState useCallback useContext useDebugValue useDeferredValue useEffect useId useImperativeHandle useInsertionEffect useLayoutEffect useMemo useOptimistic useReducer useRef useState useSyncExternalStore useTransition".split(" "));
let globalNames = new Set();
let members = new Map(); // what well-known objects and elements have
const LONGEST = 40; // of a name that others are compared with
const PLAIN = /^[a-z][A-Za-z\d]*$/;

function counted(text, word = /[\w$]+/g) {
  const found = new Map();
  for (const [each] of text.matchAll(word)) found.set(each, (found.get(each) ?? 0) + 1);
  return found;
}
const VENDORS = /^(webkit|moz|ms|o)[A-Z]/;

function membersOfElement(tag) {
  const own = members.get(`<${tag}>`);
  return own && { has: (name) => own.has(name) || members.get("*").has(name), *[Symbol.iterator]() { yield* own; yield* members.get("*"); } };
}

/** The one that a name is a slip of the keyboard for; empty where there is none. */
function nearest(name, all) {
  if (name.length > LONGEST) return "";
  const lower = name.toLowerCase();
  const letters = (text) => [...text].sort().join("");
  const dropped = (text) => [...text].map((_, at) => text.slice(0, at) + text.slice(at + 1));
  const own = letters(lower), shorter = new Set(dropped(lower));
  const near = (each) => each === lower || (lower.length > 3 && Math.abs(each.length - lower.length) < 2 &&
    (letters(each) === own || shorter.has(each) || dropped(each).some((one) => one === lower || shorter.has(one))));
  return [...all].find((each) => near(each.toLowerCase())) ?? "";
}

/** What is imported and runs: imports that only types need are erased, as the renderer's transpiler does. */
function imports(program, names) {
  const found = [];
  for (const node of program.body) {
    if (node.importKind === "type" || node.exportKind === "type" || !node.source) continue;
    const all = node.type === "ExportAllDeclaration";
    const specifiers = (node.specifiers ?? []).filter((each) => each.importKind !== "type" && each.exportKind !== "type");
    if (node.specifiers?.length && !specifiers.length) continue;
    const importing = node.type === "ImportDeclaration";
    const used = specifiers.filter((each) => !importing || names.isUsed(each.local.name));
    found.push({
      module: node.source.value, line: node.source.loc.start.line, column: node.source.loc.start.column + 1, all,
      erased: importing && specifiers.length > 0 && !used.length,
      locals: importing ? specifiers.map((each) => each.local.name) : [],
      names: used.map((each) => ({
        name: each.type === "ImportDefaultSpecifier" ? "default" : each.type.endsWith("NamespaceSpecifier") ? "*"
          : importing ? (each.imported.name ?? each.imported.value) : (each.local.name ?? each.local.value),
        local: each.local?.name, line: each.loc.start.line, column: each.loc.start.column + 1,
        members: each.type === "ImportNamespaceSpecifier" ? names.members(each.local.name) : [],
      })),
    });
  }
  for (const { node, dynamic } of names.loads) {
    found.push({ module: node.value, line: node.loc.start.line, column: node.loc.start.column + 1, names: [], dynamic });
  }
  return found;
}

globalThis.checkScript = (text) => JSON.stringify(check(JSON.parse(text)));
globalThis.setGlobals = (text) => {
  const [names, ...lines] = text.split("\n");
  globalNames = new Set(names.split(" "));
  members = new Map(lines.map((line) => line.split(":")).map(([name, all]) => [name, new Set(all.trim().split(" "))]));
};
