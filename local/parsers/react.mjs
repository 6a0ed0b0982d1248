// React's own rules: what always fails where a component is rendered (problems), and what may (warnings).
import { children } from "./names.mjs";

const VOID = new Set("area base br col embed hr img input link meta param source track wbr".split(" "));
const ORDERED = new Set("useActionState useCallback useDeferredValue useEffect useId useImperativeHandle useInsertionEffect useLayoutEffect useMemo useOptimistic useReducer useRef useState useSyncExternalStore useTransition".split(" "));
const WRAPPERS = new Set(["memo", "forwardRef", "observer"]);
const NO_COMPONENT = new Set(["StringLiteral", "NumericLiteral", "BooleanLiteral", "NullLiteral", "TemplateLiteral", "ObjectExpression",
  "ArrayExpression", "RegExpLiteral", "BigIntLiteral", "JSXElement", "JSXFragment", "BinaryExpression", "TSEnumDeclaration"]);
const FUNCTIONS = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);
const LABELLED = new Set(["ForStatement", "ForInStatement", "ForOfStatement", "WhileStatement", "DoWhileStatement", "BlockStatement", "SwitchStatement", "IfStatement"]);
const IS_NO_COMPONENT = "What is exported as default is no component; export a function that returns JSX.";

export function reactProblems(program, names, report, globals) {
  words(program, names, report, globals);
  const main = defaultExport(program, names, report);
  const walker = new Rules(names, report, main);
  walker.visit(program, null);
}

/** Prose that happens to be code: a word, or a word with a mark. */
function words(program, names, report, globals) {
  for (const node of program.body) {
    let word = node.type === "LabeledStatement" && !LABELLED.has(node.body.type) ? node.label : null;
    if (node.type === "ExpressionStatement") {
      word = plain(node.expression);
      while (word.type === "SequenceExpression") word = plain(word.expressions[0]);
      if (word.type !== "Identifier") word = null;
    }
    if (word && !names.root.bindings.has(word.name) && !globals.has(word.name)) report("syntax", "This is not code; write nothing but the component.", node);
  }
}

function plain(node) {
  while (node && (/^TS(As|Satisfies|NonNull|Instantiation)Expression$/.test(node.type) || node.type === "TSTypeAssertion" || node.type === "ParenthesizedExpression")) node = node.expression;
  return node;
}

function defaultExport(program, names, report) {
  let found = null;
  for (const node of program.body) {
    if (node.type === "ExportDefaultDeclaration" && node.declaration.type !== "TSInterfaceDeclaration" && node.declaration.type !== "TSDeclareFunction") found = { node, value: node.declaration };
    if (node.type === "ExportNamedDeclaration" && node.exportKind !== "type") {
      for (const each of node.specifiers) {
        if ((each.exported.name ?? each.exported.value) === "default" && each.exportKind !== "type") found = { node, value: node.source ? null : each.local };
      }
    }
  }
  if (!found) {
    const last = program.body.filter((node) => /^(Function|Class|Variable)Declaration$/.test(node.type)).at(-1);
    report("export", "Nothing is exported as default: write `export default` before the component.", last ?? { line: 1, column: 0 });
    return null;
  }
  return component(found.value, found.node, names, report, 0);
}

/** The function that renders, where it is plain; what can be no component is reported. */
function component(value, place, names, report, depth) {
  value = plain(value);
  if (!value || depth > 8) return null;
  if (FUNCTIONS.has(value.type)) return value;
  if (value.type === "ClassDeclaration" || value.type === "ClassExpression") {
    if (!value.superClass) report("export", "A class is a component only if it `extends React.Component`; write a function instead.", value);
    return null;
  }
  if (NO_COMPONENT.has(value.type)) { report("export", IS_NO_COMPONENT, place); return null; }
  if (value.type === "CallExpression") {
    const name = value.callee.name ?? value.callee.property?.name;
    return WRAPPERS.has(name) && value.arguments.length ? component(value.arguments[0], place, names, () => {}, depth + 1) : null;
  }
  if (value.type !== "Identifier") return null;
  const binding = names.root.bindings.get(value.name);
  if (!binding) {
    if (names.root.isType(value.name)) report("export", `\`${value.name}\` is a type only, and types are gone when the code runs; export a component.`, place);
    else if (value.name === "undefined") report("export", IS_NO_COMPONENT, place);
    return null; // an undeclared name is reported as such
  }
  if (binding.kind === "enum" || binding.kind === "ambient") { report("export", IS_NO_COMPONENT, place); return null; }
  if (binding.kind === "function" || binding.kind === "class") return component(binding.declaration, place, names, report, depth + 1);
  if (binding.kind === "const" && binding.init) return component(binding.init, place, names, report, depth + 1);
  return null;
}

class Rules {
  constructor(names, report, main) {
    this.names = names;
    this.report = report;
    this.main = main;
    this.scope = names.root;
    this.told = new Set(); // attributes
  }

  visit(node, parent, key) {
    const scope = this.scope;
    this.scope = this.names.scopes.get(node) ?? scope;
    if (node.type === "ClassDeclaration" || node.type === "ClassExpression") this.visitClass(node);
    if (FUNCTIONS.has(node.type)) this.visitFunction(node, parent);
    else if (node.type === "JSXElement" || node.type === "JSXFragment") this.visitElement(node);
    children(node, (each, name) => this.visit(each, node, name));
    this.scope = scope;
  }

  visitFunction(node, parent) {
    const name = node.id?.name ?? (parent?.type === "VariableDeclarator" && parent.id.name) ?? "";
    const wrapped = parent?.type === "CallExpression" && WRAPPERS.has(parent.callee.name ?? parent.callee.property?.name);
    const renders = node === this.main || wrapped || /^[A-Z]/.test(name || "");
    if (renders || /^use[A-Z]/.test(name || "")) new Render(node, this, renders).run();
  }

  visitElement(node) {
    const { names, report } = this;
    const opening = node.openingElement;
    const tag = opening?.name.type === "JSXIdentifier" && /^[a-z]/.test(opening.name.name) ? opening.name.name : "";
    const shown = node.children.filter((each) => !(each.type === "JSXText" && !each.value.trim()) && each.expression?.type !== "JSXEmptyExpression");
    if (VOID.has(tag) && shown.length) report("react", `\`<${tag}>\` can hold nothing: write \`<${tag} … />\` and put its content beside it.`, shown[0]);
    for (const each of opening?.attributes ?? []) {
      if (each.type !== "JSXAttribute") continue;
      const value = plain(each.value?.type === "JSXExpressionContainer" ? each.value.expression : each.value);
      if (each.name.name === "style" && tag && (value?.type === "StringLiteral" || value?.type === "TemplateLiteral")) {
        report("react", "`style` takes an object here, not text: write `style={{ color: \"red\" }}`.", each);
      }
      if (each.name.name === "class" && tag && !tag.includes("-")) report("react", "React calls this `className`.", each, true);
      if (/^on[A-Z]/.test(each.name.name) && value?.type === "CallExpression" && setsState(value.callee, names, this.scope)) this.tellCalled(each, true);
    }
    if (tag || !opening) for (const each of shown) {
      if (each.type === "JSXExpressionContainer" && this.isObject(plain(each.expression), 0)) {
        report("react", "React cannot render an object: take one of its fields, or `JSON.stringify` it.", each);
      }
    }
  }

  isObject(value, depth) {
    if (value.type === "ObjectExpression") return true;
    if (value.type === "NewExpression") return value.callee.name === "Date" && !this.scope.lookup("Date");
    if (value.type !== "Identifier" || depth > 4) return false;
    const binding = this.scope.lookup(value.name);
    return Boolean(binding?.kind === "const" && binding.init && binding.declaration.id?.type === "Identifier" && this.isObject(plain(binding.init), depth + 1));
  }

  /** Tell once of a handler that is called while rendering and sets state. */
  tellCalled(attribute, warning) {
    if (this.told.has(attribute)) return;
    this.told.add(attribute);
    const { name } = attribute.name;
    this.report("react", `\`${name}\` calls this while rendering and sets state again and again: write \`${name}={() => …}\`.`, attribute, warning);
  }

  /** A class component whose every rendering sets state, in a handler that is called instead of given. */
  visitClass(node) {
    const found = methods(node);
    const body = found.get("render")?.body?.body;
    const last = body?.at(-1);
    if (last?.type !== "ReturnStatement" || found.has("shouldComponentUpdate") || body.slice(0, -1).some((each) => hasExit(each))) return;
    for (const { attribute, call } of handlers(last.argument)) {
      const method = ofThis(call.callee);
      const sets = method === "setState" ? isFresh(call.arguments[0]) : alwaysCalls(found.get(method), this.names, (inner) => ofThis(inner.callee) === "setState" && isFresh(inner.arguments[0]));
      if (sets) this.tellCalled(attribute, false);
    }
  }
}

/** Whether a call sets state: of a setter, or of a function here that does so for certain; if a component is given, its state. */
function setsState(callee, names, scope, owner) {
  const isSetter = (called, where) => {
    const binding = called.type === "Identifier" ? where?.lookup(called.name) : null;
    return Boolean(stateOf(binding)) && (!owner || binding.scope.function.node === owner);
  };
  if (isSetter(callee, scope)) return true;
  const binding = callee.type === "Identifier" && scope?.lookup(callee.name);
  if (!binding || stateOf(binding)) return false;
  const body = binding.kind === "function" ? binding.declaration : binding.kind === "const" ? plain(binding.init) : null;
  return alwaysCalls(body, names, (call, where) => isSetter(call.callee, where));
}

/** Whether a function makes such a call whenever it is called. */
function alwaysCalls(body, names, isWanted) {
  if (!body?.body || body.async || body.generator || body.type === "ClassDeclaration") return false;
  const calls = (node, scope) => {
    const call = node?.type === "ExpressionStatement" ? plain(node.expression) : node;
    if (call?.type === "CallExpression") return isWanted(call, scope);
    if (node?.type === "IfStatement") return calls(node.consequent, scope) && calls(node.alternate, scope);
    if (node?.type !== "BlockStatement") return false;
    const end = node.body.findIndex((each) => hasExit(each));
    return node.body.slice(0, end < 0 ? undefined : end).some((each) => calls(each, names.scopes.get(node) ?? scope));
  };
  return calls(plain(body.body), names.scopes.get(body));
}

/** The handlers in JSX that are called where they stand, in what is shown for certain. */
function* handlers(node) {
  node = plain(node);
  if (node?.type === "JSXExpressionContainer") yield* handlers(node.expression);
  if (node?.type !== "JSXElement" && node?.type !== "JSXFragment") return;
  for (const attribute of node.openingElement?.attributes ?? []) {
    const call = attribute.type === "JSXAttribute" && /^on[A-Z]/.test(attribute.name.name) && plain(attribute.value?.expression);
    if (call?.type === "CallExpression") yield { attribute, call };
  }
  for (const each of node.children) yield* handlers(each);
}

/** Whether `setState` renders again with this: another updater may give nothing. */
function isFresh(value) {
  value = plain(value);
  return value?.type === "ObjectExpression" || (value?.type === "ArrowFunctionExpression" && plain(value.body).type === "ObjectExpression");
}

/** The name of a method that is called on `this`. */
function ofThis(callee) { return callee.type === "MemberExpression" && callee.object.type === "ThisExpression" && !callee.computed ? callee.property.name : ""; }

/** The functions of a class component, by their names; nothing of a class that may be another. */
function methods(node) {
  const found = new Map();
  if ((node.superClass?.property ?? node.superClass)?.name === "Component") for (const each of node.body.body) {
    if (each.static || each.computed) continue;
    if (each.type === "ClassMethod" && each.kind === "method") found.set(each.key.name, each);
    else if (each.type === "ClassProperty" && FUNCTIONS.has(plain(each.value)?.type)) found.set(each.key.name, plain(each.value));
  }
  return found;
}

function isHook(callee, name) { return callee.name === name || (callee.type === "MemberExpression" && !callee.computed && callee.property.name === name); }

/** The declaration `const [x, setX] = useState(…)` (or useReducer) that this binding is the setter of. */
function stateOf(binding) {
  const declaration = binding?.declaration;
  if (declaration?.type !== "VariableDeclarator" || declaration.id.type !== "ArrayPattern") return null;
  const call = plain(declaration.init);
  if (call?.type !== "CallExpression" || !(isHook(call.callee, "useState") || isHook(call.callee, "useReducer"))) return null;
  return declaration.id.elements[1]?.type === "Identifier" && declaration.id.elements[1].name === binding.name ? declaration : null;
}

/** Whether what follows may be left out because of this: `break` and `continue` count where they leave the statement. */
function hasExit(node, inside = "", throws = true) {
  if (node.type === "ReturnStatement" || (throws && node.type === "ThrowStatement")) return true;
  if (node.type === "BreakStatement" || node.type === "ContinueStatement") return Boolean(node.label) || !inside || (inside === "switch" && node.type === "ContinueStatement");
  if (FUNCTIONS.has(node.type) || /Method$|^Class/.test(node.type)) return false;
  const within = node.type === "SwitchStatement" ? inside || "switch" : /^(For|While|DoWhile)/.test(node.type) ? "loop" : inside;
  let found = false;
  children(node, (each) => { found ||= hasExit(each, within, throws); });
  return found;
}

/** What one rendering of a component runs for certain, and what only on a condition. */
class Render {
  constructor(node, rules, renders) {
    this.node = node;
    this.rules = rules;
    this.renders = renders;
    this.report = rules.report;
    this.names = rules.names;
    this.isMain = node === rules.main;
    this.scope = this.names.scopes.get(node);
    this.hooks = 0;
    this.memo = new Map();
  }

  run() {
    const { body } = this.node;
    const always = { sure: true, on: null, loop: false };
    for (const each of this.node.params) this.defaults(each, always);
    if (body.type !== "BlockStatement") { this.expression(body, always); return; }
    this.block(body.body, always);
    const returns = this.returns(body);
    if (this.renders && !returns && !this.node.generator) {
      const dropped = body.body.find((each) => each.type === "ExpressionStatement" && /^JSX/.test(plain(each.expression).type));
      if (dropped && this.isMain) this.report("react", "This component never returns what it draws: write `return (` before its JSX, on the same line.", dropped);
      else if (this.isMain || dropped) this.report("react", "This component never returns anything, so it draws nothing.", this.node, true);
    }
  }

  returns(node) {
    if (node.type === "ReturnStatement") return node.argument !== null;
    if (node !== this.node.body && (FUNCTIONS.has(node.type) || /Method$|^Class/.test(node.type))) return false;
    let found = false;
    children(node, (each) => { found ||= this.returns(each); });
    return found;
  }

  /** Returns the context behind the statements. */
  block(statements, context) {
    const scope = this.scope;
    for (const each of statements) context = this.statement(each, context);
    this.scope = scope;
    return context;
  }

  statement(node, context) {
    const scope = this.scope;
    this.scope = this.names.scopes.get(node) ?? scope;
    let after = context;
    switch (node.type) {
      case "FunctionDeclaration": case "ClassDeclaration": break;
      case "BlockStatement": after = this.block(node.body, context); break;
      case "IfStatement": {
        this.expression(node.test, context);
        const inner = this.under(context, node.test);
        this.statement(node.consequent, inner);
        if (node.alternate) this.statement(node.alternate, inner);
        // Where it throws, nothing is drawn anyway, and React does not count the hooks.
        if (hasExit(node, "", false)) after = inner;
        else if (hasExit(node)) after = { ...context, sure: false };
        break;
      }
      case "SwitchStatement": {
        this.expression(node.discriminant, context);
        const inner = this.under(context, node.discriminant);
        for (const each of node.cases) this.block(each.consequent, inner);
        if (this.leaves(node)) after = inner;
        break;
      }
      case "ForStatement": case "ForInStatement": case "ForOfStatement": case "WhileStatement": case "DoWhileStatement": {
        const test = node.right ?? node.test;
        if (node.init) node.init.type === "VariableDeclaration" ? this.statement(node.init, context) : this.expression(node.init, context);
        if (test) this.expression(test, context);
        const inner = { ...this.under(context, test), loop: true };
        this.statement(node.body, inner);
        if (this.leaves(node)) after = inner;
        break;
      }
      case "TryStatement": {
        const inner = { ...context, sure: false };
        this.statement(node.block, inner);
        if (node.handler) this.statement(node.handler.body, inner);
        if (node.finalizer) this.statement(node.finalizer, context);
        if (hasExit(node)) after = inner;
        break;
      }
      case "LabeledStatement": after = this.statement(node.body, context); break;
      case "VariableDeclaration":
        for (const each of node.declarations) { if (each.init) this.expression(each.init, context); this.defaults(each.id, context); }
        break;
      case "ReturnStatement": case "ThrowStatement":
        if (node.argument) this.expression(node.argument, context);
        after = { ...context, sure: false };
        break;
      default: children(node, (each) => this.expression(each, context));
    }
    this.scope = scope;
    return after;
  }

  /** Whether a loop or a switch may end the rendering. */
  leaves(node) {
    if (node.type === "ReturnStatement") return true;
    if (FUNCTIONS.has(node.type) || /Method$|^Class/.test(node.type)) return false;
    let found = false;
    children(node, (each) => { found ||= this.leaves(each); });
    return found;
  }

  defaults(pattern, context) {
    children(pattern, (each) => each.type === "AssignmentPattern" || /Pattern$|Property$/.test(each.type) ? this.defaults(each, { ...context, sure: false }) : null);
  }

  under(context, test) {
    const on = (test && this.dependsOn(test)) || "unknown";
    const strength = ["unknown", "props", "state"];
    return { sure: false, loop: context.loop, on: strength[Math.max(strength.indexOf(on), strength.indexOf(context.on))] };
  }

  expression(node, context) {
    switch (node.type) {
      case "ObjectMethod": case "FunctionExpression": case "ArrowFunctionExpression": case "ClassExpression": this.callback(node, context); return;
      case "LogicalExpression":
        this.expression(node.left, context);
        this.expression(node.right, this.under(context, node.left));
        return;
      case "ConditionalExpression": {
        this.expression(node.test, context);
        const inner = this.under(context, node.test);
        this.expression(node.consequent, inner);
        this.expression(node.alternate, inner);
        return;
      }
      case "OptionalMemberExpression": case "OptionalCallExpression": {
        const inner = { ...context, sure: false };
        children(node, (each, key) => this.expression(each, key === "object" || key === "callee" ? context : inner));
        return;
      }
      case "AwaitExpression": case "YieldExpression": children(node, (each) => this.expression(each, { ...context, sure: false })); return;
      case "CallExpression": this.call(node, context); this.mapped(node, context); break;
      case "MemberExpression": this.member(node, context); break;
      case "JSXOpeningElement": for (const each of node.attributes) this.expression(each, context); return;
      case "JSXAttribute": {
        const call = plain(node.value?.expression);
        if (!/^on[A-Z]/.test(node.name.name) || call?.type !== "CallExpression" || !setsState(call.callee, this.names, this.scope, this.node)) break;
        this.rules.tellCalled(node, !(context.sure && this.renders));
        for (const each of call.arguments) this.expression(each, context);
        return;
      }
      case "JSXClosingElement": case "Identifier": return;
    }
    children(node, (each) => this.expression(each, context));
  }

  call(node, context) {
    const { callee } = node;
    const name = callee.type === "Identifier" ? callee.name : callee.type === "MemberExpression" && !callee.computed && callee.object.name === "React" ? callee.property.name : "";
    if (/^use[A-Z]/.test(name)) this.hook(node, name, context);
    if (context.sure && this.renders && callee.type === "Identifier") {
      const binding = this.scope.lookup(callee.name);
      if (stateOf(binding) && binding.scope.function.node === this.node) {
        this.report("react", `This sets state while rendering, which renders again without end: call \`${callee.name}\` in a handler or in \`useEffect\`.`, node);
      }
    }
  }

  /** What is drawn for each of a list that is not empty. */
  mapped({ callee, arguments: [draw] }, context) {
    if (callee.property?.name !== "map" || !context.sure || !this.renders || !FUNCTIONS.has(draw?.type) || !this.isFilled(callee.object)) return;
    const last = draw.body.type === "BlockStatement" ? draw.body.body.at(-1) : null;
    if (last && (last.type !== "ReturnStatement" || draw.body.body.slice(0, -1).some((each) => hasExit(each)))) return;
    const scope = this.names.scopes.get(draw.body) ?? this.names.scopes.get(draw);
    for (const { attribute, call } of handlers(last ? last.argument : draw.body)) {
      if (setsState(call.callee, this.names, scope, this.node)) this.rules.tellCalled(attribute, false);
    }
  }

  /** Whether a list has something in it when the component is drawn first. */
  isFilled(list) {
    list = plain(list);
    if (list.type === "ArrayExpression") return list.elements.length > 0 && list.elements[0]?.type !== "SpreadElement";
    const binding = list.type === "Identifier" ? this.scope.lookup(list.name) : null;
    const init = binding?.declaration?.type === "VariableDeclarator" ? plain(binding.declaration.init) : null;
    if (!init || binding.uses.some((use) => use.kind !== "read" && use.kind !== "call")) return false;
    if (init.type === "CallExpression" && isHook(init.callee, "useState")) return init.arguments.length > 0 && init.arguments[0].type !== "SpreadElement" && this.isFilled(init.arguments[0]);
    return binding.kind === "const" && binding.declaration.id.type === "Identifier" && (init.type === "ArrayExpression" || init.type === "Identifier") && this.isFilled(init);
  }

  hook(node, name, context) {
    const before = this.hooks;
    if (this.isOrdered(node.callee, name, 0)) this.hooks++;
    if (/^use(Layout|Insertion)?Effect$/.test(name)) this.effect(node);
    if (context.sure || (!context.loop && context.on === null)) return;
    const ordered = this.isOrdered(node.callee, name, 0);
    const changes = ordered && before > 0 && (context.on === "state" || (context.on === "props" && !this.isMain));
    const message = `\`${name}\` does not run in every rendering, and React's hooks have to: call it before any condition, loop or return.`;
    this.report("react", message, node, !changes);
  }

  /** Whether this is a hook that has its place in React's list. */
  isOrdered(callee, name, depth) {
    const binding = callee.type === "Identifier" ? this.scope.lookup(name) : null;
    if (callee.type === "MemberExpression" || binding?.kind === "import") {
      return ORDERED.has(name) && (!binding || binding.declaration.type === "ImportSpecifier");
    }
    const body = binding?.kind === "function" ? binding.declaration : binding?.kind === "const" ? plain(binding.init) : null;
    if (!body || !FUNCTIONS.has(body.type) || depth > 3) return false;
    let found = false;
    const search = (each) => {
      if (found) return;
      if (each !== body && FUNCTIONS.has(each.type)) return;
      if (each.type === "CallExpression") {
        const inner = each.callee.name ?? (each.callee.object?.name === "React" ? each.callee.property.name : "");
        if (inner && /^use[A-Z]/.test(inner) && this.isOrdered(each.callee, inner, depth + 1)) found = true;
      }
      children(each, search);
    };
    search(body.body);
    return found;
  }

  /** An effect that sets, whenever it runs, what makes it run again. */
  effect(node) {
    const [work, when] = node.arguments;
    if (!work || !FUNCTIONS.has(work.type) || work.body.type !== "BlockStatement" || work.async) return;
    for (const each of work.body.body) {
      if (hasExit(each)) return;
      const call = each.type === "ExpressionStatement" ? plain(each.expression) : null;
      if (call?.type !== "CallExpression" || call.callee.type !== "Identifier" || !call.arguments.length) continue;
      const binding = this.scope.lookup(call.callee.name);
      const state = stateOf(binding)?.id.elements[0];
      if (!state || state.type !== "Identifier") continue;
      const value = plain(call.arguments[0]);
      const fresh = value.type === "ObjectExpression" || value.type === "ArrayExpression" ||
        (value.type === "BinaryExpression" && value.operator === "+" && value.left.name === state.name && value.right.type === "NumericLiteral" && value.right.value !== 0);
      const again = !when || (when.type === "ArrayExpression" && when.elements.some((one) => one?.name === state.name));
      if (fresh && again && isHook(plain(binding.declaration.init).callee, "useState")) {
        this.report("react", `This effect sets \`${state.name}\`, which makes it run again without end: leave \`${state.name}\` out of what it depends on, or set it on a condition.`, call);
      }
    }
  }

  callback(node, context) {
    if (node.type === "ClassExpression" || node.body.type === undefined) return;
    const search = (each) => {
      if (each !== node && FUNCTIONS.has(each.type) && each.id && /^[A-Z]|^use[A-Z]/.test(each.id.name)) return;
      if (each.type === "CallExpression") {
        const name = each.callee.name ?? (each.callee.object?.name === "React" ? each.callee.property?.name : "");
        if (name && ORDERED.has(name)) this.report("react", `\`${name}\` is called in a callback, and hooks belong at the top of a component.`, each, true);
      }
      children(each, search);
    };
    if (this.renders && !context.wrapped) search(node.body);
  }

  /** The component that is shown gets no props: what it takes from one for certain is taken from `undefined`. */
  member(node, context) {
    if (!this.isMain || !context.sure || node.optional) return;
    const base = plain(node.object);
    const [first] = this.node.params;
    if (base.type === "Identifier") {
      const binding = this.scope.lookup(base.name);
      if (first?.type !== "ObjectPattern" || binding?.kind !== "param" || binding.scope !== this.names.scopes.get(this.node)) return;
      const plainProp = first.properties.some((each) => each.type === "ObjectProperty" && each.value.type === "Identifier" && each.value.name === base.name);
      if (!plainProp || binding.uses.some((use) => use.kind === "write" || use.kind === "update")) return;
      this.report("react", `\`${base.name}\` is a prop, and nothing passes props to this component: give it a default, such as \`${base.name} = []\`.`, base);
    } else if (base.type === "MemberExpression" && !base.computed && base.object.type === "Identifier" && first?.type === "Identifier" && base.object.name === first.name) {
      if (this.scope.lookup(first.name)?.scope !== this.names.scopes.get(this.node)) return;
      this.report("react", `\`${first.name}.${base.property.name}\` is a prop, and nothing passes props to this component: give it a default.`, base);
    }
  }

  /** "state", "props" or null: what makes the outcome of a test change. */
  dependsOn(test, depth = 0) {
    let found = null;
    const search = (node) => {
      if (found === "state") return;
      if (FUNCTIONS.has(node.type)) return;
      if (node.type === "Identifier") {
        const binding = this.scope.lookup(node.name);
        if (!binding) return;
        const own = binding.scope.function.node === this.node;
        if (own && binding.kind === "param") { found ??= "props"; return; }
        if (!own || binding.declaration?.type !== "VariableDeclarator" || depth > 4) return;
        const call = plain(binding.declaration.init);
        if (!call) return;
        if (call.type === "CallExpression" && (isHook(call.callee, "useState") || isHook(call.callee, "useReducer"))) {
          const setter = binding.declaration.id.type === "ArrayPattern" ? binding.declaration.id.elements[1] : null;
          if (setter?.type === "Identifier" && this.scope.lookup(setter.name)?.uses.length) found = "state";
          return;
        }
        const inner = this.dependsOn(call, depth + 1);
        if (inner === "state") found = "state"; else found ??= inner;
        return;
      }
      if (node.type === "MemberExpression" || node.type === "OptionalMemberExpression") { search(node.object); if (node.computed) search(node.property); return; }
      children(node, search);
    };
    search(test);
    return found;
  }
}
