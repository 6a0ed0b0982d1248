// What each file of npm's packages imports, where it says so in its text, and what of others it only passes on.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "@babel/parser";
import { children } from "./names.mjs";

const BARREL = 12; // a file that does nothing but pass on what so many others export is not loaded whole

/** Returns the statements of a module that name another: where the name is in the text, and what is taken from there. */
function statements(text) {
  const found = [];
  const visit = (node) => {
    if (node.source?.type === "StringLiteral") found.push({ node, at: node.source, names: taken(node) });
    children(node, visit);
  };
  const { program } = parse(text, { sourceType: "module", attachComment: false });
  visit(program);
  return { program, found };
}

/** Returns the names that a statement takes from another module; null for all of them. */
function taken({ type, specifiers = [] }) {
  if (type === "ImportExpression" || type === "ExportAllDeclaration" || specifiers.some((each) => /Namespace/.test(each.type))) return null;
  return specifiers.map((each) => (each.type === "ImportDefaultSpecifier" ? "default" : nameOf(each.imported ?? each.local)));
}

const nameOf = (node) => node.name ?? node.value;

export class Tracer {
  /** `root` is the folder that the packages are installed in, `inputs` what esbuild has found, by path in it. */
  constructor(root, inputs) {
    this.root = root;
    this.inputs = inputs;
    this.lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
    this.homes = Object.keys(this.lock).filter(Boolean).sort((a, b) => b.length - a.length);
    this.parsed = new Map();
    this.barrels = new Map();
  }

  /** Returns the package that a file belongs to, with its version, and where the file is in it. */
  place(path) {
    const home = this.home(path);
    return [`${home.slice(home.lastIndexOf("node_modules/") + 13)}@${this.lock[home].version}`, path.slice(home.length + 1)];
  }

  home(path) {
    const home = this.homes.find((each) => path.startsWith(`${each}/`));
    if (!home) throw new Error(`${path} is of no package`);
    return home;
  }

  /** Returns the name of a file in the list. */
  id(path) {
    return this.place(path).join("/");
  }

  /** Returns the file that a file means by a specifier; null where a browser has nothing for it. */
  target(path, specifier) {
    const found = this.inputs[path].imports.find((each) => each.original === specifier);
    return found && !/^\(disabled\)|^empty:/.test(found.path) && !found.external ? found.path : null;
  }

  read(path) {
    if (!this.parsed.has(path)) this.parsed.set(path, statements(readFileSync(join(this.root, path), "utf8")));
    return this.parsed.get(path);
  }

  /** Returns what a file passes on and from where, by name, if it does nothing else. */
  barrel(path) {
    if (!this.barrels.has(path)) this.barrels.set(path, this.isBarrel(path) ? this.names(path) : null);
    return this.barrels.get(path);
  }

  isBarrel(path) {
    if (this.inputs[path].format !== "esm") return false;
    if (JSON.parse(readFileSync(join(this.root, this.home(path), "package.json"), "utf8")).sideEffects !== false) return false;
    const { program, found } = this.read(path);
    const passes = program.body.every((each) => each.type === "ImportDeclaration" || each.type === "ExportAllDeclaration" || (each.type === "ExportNamedDeclaration" && !each.declaration));
    return passes && found.length >= BARREL && found.every(({ at }) => this.target(path, at.value) && this.inputs[this.target(path, at.value)].format === "esm");
  }

  /** Returns the names that a module exports, each with the file and the name that it comes from. */
  names(path) {
    const { program, found } = this.read(path);
    const at = new Map(found.map(({ node, at: { value } }) => [node, this.target(path, value)]));
    const imported = new Map();
    const names = {};
    for (const node of program.body) {
      if (node.type === "ImportDeclaration") for (const each of node.specifiers) imported.set(each.local.name, [at.get(node), taken({ ...node, specifiers: [each] })?.[0] ?? "*"]);
    }
    for (const node of program.body) {
      if (node.type === "ExportDefaultDeclaration") names.default = [path, "default"];
      if (node.type === "ExportAllDeclaration") {
        for (const [name, from] of Object.entries(this.names(at.get(node)))) if (name !== "default") names[name] ??= from;
      }
      if (node.type !== "ExportNamedDeclaration") continue;
      for (const each of node.specifiers) {
        const here = each.type === "ExportNamespaceSpecifier" ? "*" : nameOf(each.local);
        names[nameOf(each.exported)] = node.source ? this.origin(at.get(node), here) : imported.has(here) ? this.origin(...imported.get(here)) : [path, nameOf(each.exported)];
      }
      for (const name of declared(node.declaration)) names[name] = [path, name];
    }
    return names;
  }

  /** Returns where a name of a module really comes from, past what only passes it on. */
  origin(path, name) {
    return (name !== "*" && this.inputs[path].format === "esm" && this.names(path)[name]) || [path, name];
  }

  /** Returns the entry of a file in the list. */
  entry(path, global) {
    const text = readFileSync(join(this.root, path), "utf8");
    const entry = { integrity: `sha256-${createHash("sha256").update(text).digest("base64")}` };
    const named = (target) => (target === null ? null : this.place(target)[0] === this.place(path)[0] ? `./${this.place(target)[1]}` : this.id(target));
    if (global !== undefined) return { ...entry, format: "script", ...(global && { global }) };
    if (this.inputs[path].format !== "esm") {
      const modern = this.inputs[path].imports.find((each) => each.original && this.inputs[each.path]?.format === "esm");
      if (modern) throw new Error(`${path} requires ${modern.path}, which is a module`);
      const imports = this.inputs[path].imports.filter((each) => each.kind === "require-call" || each.kind === "require-resolve").map((each) => [each.original, named(this.target(path, each.original))]);
      return { ...entry, format: "commonjs", imports: Object.fromEntries(imports) };
    }
    const imports = this.read(path).found.map(({ at, names }) => {
      const target = this.target(path, at.value);
      const row = [at.start, at.end, named(target)];
      return target && names && this.barrel(target) ? [...row, names] : row;
    });
    const barrel = this.barrel(path);
    return {
      ...entry, format: "module", imports,
      ...(/\bprocess\b/.test(text) && { process: true }), ...(text.includes("import.meta.url") && { url: true }),
      ...(barrel && { barrel: Object.fromEntries(Object.entries(barrel).map(([name, [file, from]]) => [name, [named(file), from]])) }),
    };
  }
}

function declared(node) {
  if (!node) return [];
  if (node.type !== "VariableDeclaration") return [node.id.name];
  return node.declarations.flatMap(({ id }) => (id.type === "Identifier" ? [id.name] : id.properties.map(({ value }) => value.name)));
}
