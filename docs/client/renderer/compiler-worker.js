// Runs in a worker, behind Babel's own script: makes a module that a browser runs of a component in TSX, with its lines
// kept, and says what it imports. It is read as text, so it imports nothing.

const OPTIONS = {
  filename: "artifact.tsx", sourceType: "module", configFile: false, babelrc: false, retainLines: true, compact: false,
  presets: [["react", { runtime: "automatic", throwIfNamespace: false }], ["typescript", { onlyRemoveTypeImports: false }]],
};

/** Collects what the finished module imports: by specifier, the names; null where all may be meant. */
function collecting(imports) {
  const note = (specifier, names) => {
    imports[specifier] = specifier in imports && (names === null || imports[specifier] === null) ? null : names && [...(imports[specifier] ?? []), ...names];
  };
  const named = (node) => node.name ?? node.value;
  return ({ types }) => ({
    visitor: {},
    post({ ast }) {
      types.traverseFast(ast, (node) => {
        if (node.type === "ImportExpression" || (node.type === "CallExpression" && node.callee.type === "Import")) {
          const asked = node.source ?? node.arguments[0];
          if (asked.type === "StringLiteral") note(asked.value, null);
          else if (asked.type === "TemplateLiteral" && asked.quasis.length === 1) note(asked.quasis[0].value.cooked, null);
        } else if (node.type === "ImportDeclaration" || node.type === "ExportNamedDeclaration" || node.type === "ExportAllDeclaration") {
          if (!node.source) return;
          const specifiers = node.specifiers ?? [];
          const all = node.type === "ExportAllDeclaration" || specifiers.some((each) => /Namespace/.test(each.type));
          note(node.source.value, all ? null : specifiers.map((each) => (each.type === "ImportDefaultSpecifier" ? "default" : named(each.imported ?? each.local))));
        }
      });
    },
  });
}

self.onmessage = ({ data: { number, code } }) => {
  const imports = Object.create(null); // a specifier may be any word, such as "constructor"
  try {
    const result = self.Babel.transform(code, { ...OPTIONS, plugins: [collecting(imports)] });
    self.postMessage({ number, code: result.code, imports });
  } catch (error) {
    const [first] = error.message.replace(/^\/?artifact\.tsx: /, "").split("\n");
    const place = error.loc && { line: error.loc.line, column: error.loc.column + 1 };
    self.postMessage({ number, error: { message: first.replace(/ \(\d+:\d+\)$/, ""), ...place } });
  }
};
