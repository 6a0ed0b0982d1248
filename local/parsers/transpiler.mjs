// What Babel's presets `react` (with the automatic JSX runtime) and `typescript` refuse behind the parser. Most of it
// other transpilers take, so that it is a warning here; a problem is what esbuild refuses as well.
import { children } from "./names.mjs";

const PRAGMA = /^[^\S\n]*(?:\*[^\S\n]*)?@jsx(Frag|Runtime)?[^\S\n]+(\S+)[^\S\n]*$/m;
const IMPORT_SOURCE = /^[^\S\n]*(?:\*[^\S\n]*)?@jsxImportSource[^\S\n]+(\S+)[^\S\n]*$/m;

/** Returns the module that JSX is imported from because a comment says so, if there is JSX. */
export function transpilerProblems(tree, report) {
  const pragmas = tree.comments.filter(({ value }) => value.includes("@jsx"));
  const seen = { jsx: false, classic: false };
  for (const comment of pragmas) {
    const [, about, said] = PRAGMA.exec(comment.value) ?? [];
    seen.classic ||= Boolean(said);
    if (said && !(about === "Runtime" && said === "automatic")) report("syntax", `\`@jsx${about ?? ""}\` does not go with the JSX runtime here: leave this comment out.`, comment, true);
  }
  visit(tree.program, report, seen);
  const comment = pragmas.find(({ value }) => IMPORT_SOURCE.test(value));
  return comment && seen.jsx ? { node: { value: `${IMPORT_SOURCE.exec(comment.value)[1]}/jsx-runtime`, loc: comment.loc }, dynamic: false } : null;
}

function visit(node, report, seen) {
  if (node.decorators?.length) report("react", "There are no decorators here: call the function, as in `export default observer(App)`.", node.decorators[0], true);
  switch (node.type) {
    case "ClassAccessorProperty": report("react", "`accessor` is not read here: write a plain property.", node, true); break;
    case "JSXSpreadChild": report("react", "Children are not spread: write `{items}` in place of `{...items}`.", node, true); break;
    case "JSXElement": case "JSXFragment": seen.jsx = true; break;
    case "JSXOpeningElement": {
      const key = node.attributes.find((each) => each.name?.name === "key" && !each.value);
      const taken = seen.classic || node.attributes.some((each) => each.type === "JSXSpreadAttribute"); // by esbuild
      if (key) report("react", "`key` needs a value, such as `key={item.id}`.", key, taken);
      break;
    }
    case "JSXNamespacedName": report("react", namespaced(node), node, true); break;
    case "TSExportAssignment": report("react", "`export =` is CommonJS: write `export default`.", node, true); break;
    case "TSImportEqualsDeclaration":
      if (node.moduleReference.type === "TSExternalModuleReference" && node.importKind !== "type") report("react", `There is no CommonJS here: write \`import ${node.id.name} from …\`.`, node, true);
      break;
    case "TSModuleDeclaration": if (!node.declare) variables(node, report); break;
  }
  children(node, (each) => visit(each, report, seen));
}

function namespaced({ namespace, name }) {
  const camel = namespace.name + name.name[0].toUpperCase() + name.name.slice(1);
  return `JSX has no namespaces: write \`${camel}\` in place of \`${namespace.name}:${name.name}\`.`;
}

function variables(node, report) {
  for (const each of node.body?.body ?? []) {
    const { declaration } = each;
    if (each.type === "ExportNamedDeclaration" && declaration?.type === "VariableDeclaration" && declaration.kind !== "const" && !declaration.declare) {
      report("react", "What a namespace exports has to be `const`.", each, true);
    }
  }
}
