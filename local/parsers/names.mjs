// Which names a script declares, uses, and uses without a declaration. Types are left out: they are erased.
const TYPE_KEYS = new Set(["typeAnnotation", "typeParameters", "typeArguments", "superTypeParameters",
  "superTypeArguments", "implements", "returnType", "predicate"]);
const NO_CHILD = new Set(["type", "start", "end", "loc", "extra", "range", "leadingComments", "trailingComments",
  "innerComments", "comments", "tokens", "errors", "directives", "interpreter", ...TYPE_KEYS]);
const VALUES = new Set(["TSAsExpression", "TSSatisfiesExpression", "TSNonNullExpression", "TSTypeAssertion",
  "TSInstantiationExpression", "TSParameterProperty", "TSExportAssignment"]);

const SELECTING = /^querySelector(All)?$/;
const LITERALS = new Set(["ArrayExpression", "BigIntLiteral", "BooleanLiteral", "NullLiteral", "NumericLiteral", "ObjectExpression",
  "RegExpLiteral", "StringLiteral", "TemplateLiteral", "JSXElement", "JSXFragment"]);

export class Scope {
  constructor(node, parent, isFunction) {
    this.node = node;
    this.parent = parent;
    this.function = isFunction ? this : parent?.function ?? this;
    this.bindings = new Map();
    this.types = null;
  }
  lookup(name) {
    for (let scope = this; scope; scope = scope.parent) {
      const found = scope.bindings.get(name);
      if (found) return found;
    }
    return null;
  }
  isType(name) {
    for (let scope = this; scope; scope = scope.parent) if (scope.types?.has(name)) return true;
    return false;
  }
}

export function children(node, visit) {
  for (const key in node) {
    if (NO_CHILD.has(key)) continue;
    const value = node[key];
    if (value === null || typeof value !== "object") continue;
    if (Array.isArray(value)) {
      for (const each of value) if (each !== null && typeof each === "object" && each.type) visit(each, key);
    } else if (value.type) visit(value, key);
  }
}

/** Whether an expression reads the name whatever else happens, so that an assignment of it to the name comes too late. */
function readsFirst(node, name) {
  if (!name || !node) return false;
  switch (node.type) {
    case "Identifier": return node.name === name;
    case "ConditionalExpression": return readsFirst(node.test, name);
    case "LogicalExpression": return readsFirst(node.left, name);
    case "BinaryExpression": return readsFirst(node.left, name) || readsFirst(node.right, name);
    case "MemberExpression": return readsFirst(node.object, name) || (node.computed && readsFirst(node.property, name));
    case "CallExpression": case "NewExpression": return [node.callee, ...node.arguments].some((each) => readsFirst(each, name));
    case "TemplateLiteral": return node.expressions.some((each) => readsFirst(each, name));
    case "ArrayExpression": return node.elements.some((each) => readsFirst(each, name));
    case "SpreadElement": return readsFirst(node.argument, name);
    case "UnaryExpression": return node.operator !== "typeof" && readsFirst(node.argument, name);
    default: return false;
  }
}

export class Names {
  constructor(program, strict) {
    this.strict = strict;
    this.references = [];
    this.patterns = [];
    this.tested = new Set();
    this.loads = [];
    this.calls = []; // of what an object has: `a.b()`
    this.selectors = []; // that are asked for
    this.earlyErrors = []; // those that Babel's parser lets pass
    this.sloppyGlobals = new Set();
    this.scopes = new Map();
    this.root = new Scope(program, null, true);
    this.scopes.set(program, this.root);
    this.trying = 0;
    this.choosing = 0; // in how many branches the walk is
    this.hasWith = false;
    this.declareAll(program.body, this.root);
    for (const each of program.body) this.visit(each, this.root);
    for (const reference of this.references) {
      reference.binding = reference.scope.lookup(reference.name);
      reference.binding?.uses.push(reference);
    }
  }

  declare(scope, identifier, kind, declaration, init) {
    const before = scope.bindings.get(identifier.name);
    if (before && (kind === "var" || kind === "param") && before.kind !== "class") return before;
    if (before?.kind === "import" && kind !== "ambient") this.earlyErrors.push({ message: `\`${identifier.name}\` is imported and declared again.`, node: identifier });
    const binding = { name: identifier.name, kind, node: identifier, declaration, init: init ?? null, scope, uses: [] };
    scope.bindings.set(identifier.name, binding);
    return binding;
  }

  declarePattern(scope, pattern, kind, declaration, init) {
    switch (pattern?.type) {
      case "Identifier": this.declare(scope, pattern, kind, declaration, init); break;
      case "ObjectPattern": for (const each of pattern.properties) this.declarePattern(scope, each.type === "RestElement" ? each.argument : each.value, kind, declaration); break;
      case "ArrayPattern": for (const each of pattern.elements) this.declarePattern(scope, each, kind, declaration); break;
      case "AssignmentPattern": this.declarePattern(scope, pattern.left, kind, declaration); break;
      case "RestElement": this.declarePattern(scope, pattern.argument, kind, declaration); break;
      case "TSParameterProperty": this.declarePattern(scope, pattern.parameter, kind, declaration); break;
    }
  }

  /** The declarations of a block that its whole text sees. `var` in nested blocks is declared on the way. */
  declareAll(statements, scope) {
    for (let node of statements) {
      if (node.type === "ExportNamedDeclaration" || node.type === "ExportDefaultDeclaration") node = node.declaration ?? node;
      while (node.type === "LabeledStatement") node = node.body;
      switch (node.type) {
        case "FunctionDeclaration":
          if (node.id) this.declare(scope, node.id, "function", node);
          if (node.id && !this.strict && scope !== scope.function) this.declare(scope.function, node.id, "var", node);
          break;
        case "ClassDeclaration":
          if (!node.id) break;
          this.declare(scope, node.id, node.declare ? "ambient" : "class", node);
          break;
        case "VariableDeclaration":
          if (node.kind !== "var") for (const each of node.declarations) this.declarePattern(scope, each.id, node.declare ? "ambient" : node.kind, each, each.init);
          break;
        case "ImportDeclaration":
          for (const each of node.specifiers) {
            if (node.importKind === "type" || each.importKind === "type") this.type(scope, each.local.name);
            else this.declare(scope, each.local, "import", each);
          }
          break;
        case "TSEnumDeclaration": this.declare(scope, node.id, "enum", node); break;
        case "TSImportEqualsDeclaration": this.declare(scope, node.id, "import", node); break;
        case "TSModuleDeclaration":
          if (node.kind === "global" || node.global) break;
          { let id = node.id; while (id.type === "TSQualifiedName") id = id.left;
            if (id.type === "Identifier" && !(scope.bindings.has(id.name))) this.declare(scope, id, node.declare ? "ambient" : "namespace", node); }
          break;
        case "TSDeclareFunction": if (node.id && node.declare) this.declare(scope, node.id, "ambient", node); break;
        case "TSInterfaceDeclaration": case "TSTypeAliasDeclaration": this.type(scope, node.id.name); break;
      }
    }
  }

  type(scope, name) { (scope.types ??= new Set()).add(name); }

  use(node, scope, kind, member) {
    this.references.push({ member, name: node.name, node, scope, kind, guarded: this.trying > 0 || this.hasWith });
  }

  scope(node, parent, isFunction) {
    const scope = new Scope(node, parent, isFunction);
    this.scopes.set(node, scope);
    return scope;
  }

  all(nodes, scope) { for (const each of nodes) if (each) this.visit(each, scope); }

  visit(node, scope) {
    switch (node.type) {
      case "Identifier": this.use(node, scope, "read"); return;
      case "JSXIdentifier": case "StringLiteral": case "NumericLiteral": case "JSXText": case "TemplateElement": return;
      case "RegExpLiteral": this.patterns.push(node); return;
      case "FunctionDeclaration": case "FunctionExpression": case "ArrowFunctionExpression": case "ObjectMethod":
      case "ClassMethod": case "ClassPrivateMethod": this.visitFunction(node, scope); return;
      case "ClassDeclaration": case "ClassExpression": this.visitClass(node, scope); return;
      case "BlockStatement": case "StaticBlock": {
        const inner = this.scope(node, scope, node.type === "StaticBlock");
        this.declareAll(node.body, inner);
        this.all(node.body, inner);
        return;
      }
      case "TryStatement":
        if (node.handler) this.trying++;
        this.visit(node.block, scope);
        if (node.handler) { this.trying--; this.visit(node.handler, scope); }
        if (node.finalizer) this.visit(node.finalizer, scope);
        return;
      case "IfStatement": case "ConditionalExpression":
        this.visit(node.test, scope);
        this.choosing++;
        this.all([node.consequent, node.alternate], scope);
        this.choosing--;
        return;
      case "LogicalExpression":
        this.visit(node.left, scope);
        this.choosing++; this.visit(node.right, scope); this.choosing--;
        return;
      case "CatchClause": {
        const inner = this.scope(node, scope, false);
        if (node.param) { this.declarePattern(inner, node.param, "let", node); this.visitPattern(node.param, inner); }
        this.declareAll(node.body.body, inner);
        this.all(node.body.body, inner);
        return;
      }
      case "WithStatement":
        this.visit(node.object, scope);
        this.trying++; this.visit(node.body, scope); this.trying--;
        return;
      case "ForStatement": case "ForInStatement": case "ForOfStatement": {
        const inner = this.scope(node, scope, false);
        const head = node.type === "ForStatement" ? node.init : node.left;
        if (head?.type === "VariableDeclaration") this.declareAll([head], inner);
        if (head && head.type !== "VariableDeclaration" && node.type !== "ForStatement") this.assign(head, inner);
        else if (head) this.visit(head, inner);
        this.all(node.type === "ForStatement" ? [node.test, node.update, node.body] : [node.right, node.body], inner);
        return;
      }
      case "SwitchStatement": {
        this.visit(node.discriminant, scope);
        const inner = this.scope(node, scope, false);
        for (const each of node.cases) this.declareAll(each.consequent, inner);
        for (const each of node.cases) { if (each.test) this.visit(each.test, inner); this.all(each.consequent, inner); }
        return;
      }
      case "VariableDeclaration":
        if (node.declare) return;
        for (const each of node.declarations) {
          if (node.kind === "var") this.declarePattern(scope.function, each.id, "var", each, each.init);
          this.visitPattern(each.id, scope);
          if (each.init) this.visit(each.init, scope);
        }
        return;
      case "AssignmentExpression":
        this.assign(node.left, scope, node.operator !== "=" || readsFirst(node.right, node.left.name));
        this.visit(node.right, scope);
        return;
      case "UpdateExpression": this.assign(node.argument, scope, true); return;
      case "UnaryExpression":
        if (node.operator === "typeof" && node.argument.type === "Identifier") { this.tested.add(node.argument.name); return; }
        this.visit(node.argument, scope);
        return;
      case "MemberExpression": case "OptionalMemberExpression":
        if (node.object.type === "Identifier") this.use(node.object, scope, "read", node.computed ? null : node.property);
        else this.visit(node.object, scope);
        if (node.computed) this.visit(node.property, scope);
        return;
      case "ObjectProperty":
        if (node.computed) this.visit(node.key, scope);
        this.visit(node.value, scope);
        return;
      case "ClassProperty": case "ClassPrivateProperty": case "ClassAccessorProperty": return; // by visitClass
      case "LabeledStatement": this.visit(node.body, scope); return;
      case "BreakStatement": case "ContinueStatement": case "MetaProperty": return;
      case "ImportDeclaration": case "ExportAllDeclaration": return;
      case "ExportNamedDeclaration":
        if (node.declaration) this.visit(node.declaration, scope);
        else if (!node.source) for (const each of node.specifiers) if (each.local.type === "Identifier") this.use(each.local, scope, "export");
        return;
      case "CallExpression": case "OptionalCallExpression": case "NewExpression": case "ImportExpression": this.visitCall(node, scope); return;
      case "JSXOpeningElement":
        this.visitTag(node.name, scope);
        this.all(node.attributes, scope);
        return;
      case "JSXClosingElement": return;
      case "JSXAttribute": if (node.value) this.visit(node.value, scope); return;
      case "TSEnumDeclaration": {
        if (node.declare) return;
        const inner = this.scope(node, scope, true);
        const members = node.members ?? node.body.members;
        for (const each of members) if (each.id.type === "Identifier") this.declare(inner, each.id, "enum", each);
        for (const each of members) if (each.initializer) this.visit(each.initializer, inner);
        return;
      }
      case "TSModuleDeclaration": {
        if (node.declare || !node.body) return;
        const inner = this.scope(node, scope, true);
        if (node.body.type === "TSModuleBlock") { this.declareAll(node.body.body, inner); this.all(node.body.body, inner); }
        else this.visit(node.body, inner);
        return;
      }
      case "TSImportEqualsDeclaration":
        if (node.moduleReference.type === "TSExternalModuleReference" && node.importKind !== "type") this.loads.push({ node: node.moduleReference.expression, dynamic: false });
        return;
    }
    if (node.type.startsWith("TS")) {
      if (!VALUES.has(node.type)) return;
      this.visit(node.expression ?? node.parameter, scope);
      return;
    }
    children(node, (each) => this.visit(each, scope));
  }

  visitTag(name, scope) {
    if (name.type === "JSXMemberExpression") {
      let member;
      while (name.type === "JSXMemberExpression") { member = name.property; name = name.object; }
      if (name.name !== "this") this.use(name, scope, "jsx", member);
    } else if (name.type === "JSXIdentifier" && !/^[a-z]|-/.test(name.name)) this.use(name, scope, "jsx");
  }

  visitCall(node, scope) {
    if (node.type === "ImportExpression" || node.callee?.type === "Import") {
      const source = node.source ?? node.arguments[0];
      if (source?.type === "StringLiteral") this.loads.push({ node: source, dynamic: true });
      else if (source?.type === "TemplateLiteral" && !source.expressions.length) this.loads.push({ node: { loc: source.loc, value: source.quasis[0].value.cooked }, dynamic: true });
    }
    if (LITERALS.has(node.callee?.type) && !this.trying) this.earlyErrors.push({ message: "This is called like a function, and is none: an operator or a comma is missing before the `(`.", node: node.callee });
    const { object, property, computed } = node.callee ?? {};
    if (node.type !== "OptionalCallExpression" && node.callee?.type === "MemberExpression" && object.type === "Identifier" && !computed) {
      this.calls.push({ object, property, scope, guarded: this.trying > 0 || this.choosing > 0 || this.hasWith });
    }
    const [first] = node.arguments ?? [];
    if (!computed && SELECTING.test(property?.name) && first?.type === "StringLiteral" && !this.trying) this.selectors.push(first);
    if (node.callee?.type === "Identifier") this.use(node.callee, scope, "call");
    else if (node.callee && node.callee.type !== "Import" && node.callee.type !== "Super") this.visit(node.callee, scope);
    else if (node.source) this.visit(node.source, scope);
    this.all(node.arguments ?? [], scope);
  }

  visitFunction(node, scope) {
    if (node.computed) this.visit(node.key, scope);
    if (!node.body) return;
    const trying = this.trying;
    this.trying = 0; // it may be called outside
    const inner = this.scope(node, scope, true);
    if (node.type === "FunctionExpression" && node.id) this.declare(inner, node.id, "var", node);
    if (node.type !== "ArrowFunctionExpression") inner.bindings.set("arguments", { name: "arguments", kind: "var", uses: [], scope: inner });
    for (const each of node.params) this.declarePattern(inner, each, "param", node);
    for (const each of node.params) this.visitPattern(each, inner);
    if (node.body.type === "BlockStatement") {
      this.scopes.set(node.body, inner);
      this.declareAll(node.body.body, inner);
      this.all(node.body.body, inner);
    } else this.visit(node.body, inner);
    this.trying = trying;
  }

  visitClass(node, scope) {
    if (node.declare) return;
    if (node.id && /^(eval|arguments)$/.test(node.id.name)) this.earlyErrors.push({ message: `A class cannot be called \`${node.id.name}\`.`, node: node.id });
    for (const each of node.body.body.filter((one) => one.kind === "constructor" && one.body).slice(1)) {
      this.earlyErrors.push({ message: "A class has one constructor: this is another.", node: each });
    }
    if (node.decorators) this.all(node.decorators, scope);
    const inner = this.scope(node, scope, false);
    if (node.id) this.declare(inner, node.id, "var", node);
    if (node.superClass) this.visit(node.superClass, inner);
    for (const each of node.body.body) {
      if (each.decorators) this.all(each.decorators, scope);
      if (/Method$/.test(each.type) || each.type === "StaticBlock") this.visit(each, inner);
      else if (/Property$/.test(each.type) && each.type.startsWith("Class")) {
        if (each.computed) this.visit(each.key, inner);
        if (each.value && !each.declare) this.visit(each.value, this.scope(each, inner, true));
      }
    }
  }

  /** The parts of a pattern that are run: defaults and computed keys. */
  visitPattern(pattern, scope) {
    switch (pattern?.type) {
      case "ObjectPattern":
        for (const each of pattern.properties) {
          if (each.computed) this.visit(each.key, scope);
          this.visitPattern(each.type === "RestElement" ? each.argument : each.value, scope);
        }
        break;
      case "ArrayPattern": for (const each of pattern.elements) this.visitPattern(each, scope); break;
      case "AssignmentPattern": this.visitPattern(pattern.left, scope); this.visit(pattern.right, scope); break;
      case "RestElement": this.visitPattern(pattern.argument, scope); break;
      case "TSParameterProperty": this.visitPattern(pattern.parameter, scope); break;
    }
    if (pattern?.decorators) this.all(pattern.decorators, scope);
  }

  assign(target, scope, reads) {
    switch (target.type) {
      case "Identifier":
        this.use(target, scope, reads ? "update" : "write");
        if (!reads && !this.strict) this.sloppyGlobals.add(target.name);
        break;
      case "ObjectPattern":
        for (const each of target.properties) {
          if (each.computed) this.visit(each.key, scope);
          this.assign(each.type === "RestElement" ? each.argument : each.value, scope);
        }
        break;
      case "ArrayPattern": for (const each of target.elements) if (each) this.assign(each, scope); break;
      case "AssignmentPattern": this.assign(target.left, scope); this.visit(target.right, scope); break;
      case "RestElement": this.assign(target.argument, scope); break;
      case "TSAsExpression": case "TSNonNullExpression": case "TSSatisfiesExpression": case "TSTypeAssertion":
      case "ParenthesizedExpression": this.assign(target.expression, scope, reads); break;
      case "MemberExpression":
        if (!target.computed && target.object.type === "Identifier") this.sloppyGlobals.add(`${target.object.name}.${target.property.name}`);
        // What is handed to a function may be the global object.
        if (!target.computed && !this.strict && (target.object.type === "ThisExpression" || scope.lookup(target.object.name)?.kind === "param")) {
          this.tested.add(target.property.name);
          this.sloppyGlobals.add(target.property.name);
        }
        if (!target.computed && this.isGlobalObject(target.object, scope)) {
          this.tested.add(target.property.name); // there in this script
          this.sloppyGlobals.add(target.property.name); // and in those that follow
        }
        this.visit(target, scope);
        break;
      default: this.visit(target, scope);
    }
  }

  isGlobalObject(node, scope) {
    return node.type === "ThisExpression" ? !this.strict && scope.function === this.root : node.type === "Identifier" && /^(window|self|globalThis)$/.test(node.name);
  }

  /** Uses of what nothing declares; a name that is tried somewhere may be there, and is told where it is not tried. */
  free() {
    const found = this.references.filter(({ binding, kind }) => !binding && kind !== "export");
    const tried = new Set(found.filter((each) => each.guarded).map((each) => each.name));
    return [...found.filter((each) => !each.guarded), ...found.filter((each) => each.guarded)]
      .map(({ name, node, scope, kind }) => ({ name, node, kind, guarded: tried.has(name), type: scope.isType(name) }));
  }

  /** Calls of what objects have that the script does not declare, where it says of such a thing only that it is called. */
  *callsOfMembers() {
    const called = new Set(this.calls.map(({ property }) => property));
    const others = new Set(this.references.filter(({ member, kind }) => kind !== "call" && !called.has(member)).map(({ name, member }) => (member ? `${name}.${member.name}` : name)));
    for (const { object, property, scope, guarded } of this.calls) {
      const { name } = object;
      if (guarded || scope.lookup(name) || others.has(name) || others.has(`${name}.${property.name}`)) continue;
      yield { object: name, member: property.name, node: property };
    }
  }

  /** Uses that run before their declaration has: in the same function, further up. */
  *tooEarly() {
    for (const { node, name, binding, scope, kind, guarded } of this.references) {
      if (!binding || guarded || kind === "export" || !["let", "const", "class"].includes(binding.kind)) continue;
      if (scope.function !== binding.scope.function) continue;
      const { init, declaration } = binding;
      const own = init && node.start >= init.start && node.end <= init.end;
      if (node.start < (binding.kind === "class" ? declaration.start : binding.node.start) ||
          (own && declaration.type === "VariableDeclarator")) {
        yield { name, node, declared: binding.node.loc.start.line };
      }
    }
  }

  *constantWrites() {
    for (const { node, name, binding, kind } of this.references) {
      if ((kind === "write" || kind === "update") && binding && (binding.kind === "const" || binding.kind === "import")) yield { name, node };
    }
  }

  imports(module) {
    return this.root.node.body.some((node) => node.type === "ImportDeclaration" && node.source.value === module);
  }

  isUsed(name) { return Boolean(this.root.bindings.get(name)?.uses.length); }

  /** Which names are taken from an imported namespace. */
  members(name) {
    const uses = this.root.bindings.get(name)?.uses ?? [];
    return uses.filter((use) => use.member?.name).map(({ member }) => ({ name: member.name, line: member.loc.start.line, column: member.loc.start.column + 1 }));
  }
}
