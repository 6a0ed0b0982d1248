// Maintainers only: what the objects have that every script finds in a browser, and elements by their tag, as
// TypeScript's own libraries list it for all browsers.
import ts from "typescript";

const OBJECTS = ["Array", "Date", "JSON", "Math", "Number", "Object", "Promise", "Reflect", "String", "console", "document", "history"];
// What Chromium has and those libraries do not list; tests/browser/test_members.py says when there is more.
const MORE = {
  JSON: "isRawJSON rawJSON", Math: "sumPrecise", console: "context createTask profile profileEnd",
  document: "ariaNotify browsingTopics hasPrivateToken hasRedemptionRecord hasUnpartitionedCookieAccess moveBefore requestStorageAccessFor when",
  "*": "ariaNotify moveBefore pseudo scrollIntoViewIfNeeded setHTML startViewTransition when",
  "<audio>": "captureStream", "<video>": "captureStream", "<input>": "createValueRange", "<textarea>": "createValueRange",
};
const OF_FUNCTIONS = ["apply", "bind", "call", "constructor", "hasOwnProperty", "isPrototypeOf", "length", "name",
  "propertyIsEnumerable", "prototype", "toLocaleString", "toString", "valueOf"];
const FILE = "members.ts";

/** Lines such as `Math: abs acos …`, `*: …` for what every element has, and `<canvas>: …` for what this one has besides. */
export function members() {
  const source = ts.createSourceFile(FILE, [
    ...OBJECTS.map((name, at) => `type T${at} = typeof ${name};`), "type Every = HTMLElement;", "type Tags = HTMLElementTagNameMap;",
  ].join("\n"), ts.ScriptTarget.ESNext);
  const settings = { lib: ["lib.esnext.d.ts", "lib.dom.d.ts"], types: [], noLib: false };
  const host = ts.createCompilerHost(settings);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...rest) => (name === FILE ? source : read(name, ...rest));
  const checker = ts.createProgram([FILE], settings, host).getTypeChecker();
  const types = source.statements.map((each) => checker.getTypeAtLocation(each.type));
  const names = (type) => checker.getPropertiesOfType(type).map((each) => each.name).filter((name) => /^[a-z]\w*$|^[A-Z]+$/.test(name));
  const line = (name, all) => `${name}: ${[...new Set([...all, ...(MORE[name]?.split(" ") ?? [])])].sort().join(" ")}`.trim();
  const lines = OBJECTS.map((name, at) => line(name, [...names(types[at]), ...OF_FUNCTIONS]));
  const every = new Set([...names(types.at(-2)), ...OF_FUNCTIONS]);
  lines.push(line("*", every));
  for (const tag of checker.getPropertiesOfType(types.at(-1))) {
    lines.push(line(`<${tag.name}>`, names(checker.getTypeOfSymbol(tag)).filter((name) => !every.has(name))));
  }
  return lines;
}
