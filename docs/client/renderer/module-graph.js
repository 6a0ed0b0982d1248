// Decides which files of the list an artifact needs for what it imports, and makes of them what a frame can import.
import { RenderError } from "./render-error.js";

/** Returns an entry of the list. */
export function file(list, id) {
  const [, name, inside] = /^((?:@[^/]+\/)?[^/]+)\/(.+)$/.exec(id);
  return list.packages[name]?.[inside];
}

/** Returns a value by a name that an artifact has chosen, such as `toString`, which every object has. */
function named(values, name) {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

/** Returns the file that a component means, and where only a part of it is meant, which: the list has patterns. */
function lookup(list, specifier) {
  for (const name of [specifier, specifier.replace(/\.js$/, "")]) {
    const [pattern, any] = [...starred(name)].find(([each]) => named(list.modules, each)) ?? [];
    if (!pattern || (any.includes("/") && Array.isArray(list.modules[pattern]))) continue; // a part has no folders
    const [id, part] = [list.modules[pattern]].flat().map((each) => each.replace("*", any));
    const whole = [id, `${id}.js`].find((each) => file(list, each));
    if (whole) return [whole, part];
  }
  throw new RenderError("load", `This renderer has no "${specifier}": its list of libraries does not name it.`);
}

/** Yields a name, then the patterns that it fits, the nearest first, each with what stands for the star. */
function* starred(name) {
  yield [name, ""];
  for (let end = name.lastIndexOf("/"); end > 0; end = name.lastIndexOf("/", end - 1)) yield [`${name.slice(0, end)}/*`, name.slice(end + 1)];
}

/** Returns the whole name of what an import leads to. */
function target(id, to) {
  return to?.startsWith("./") ? /^(?:@[^/]+\/)?[^/]+\//.exec(id)[0] + to.slice(2) : to;
}

/** Which files are needed, and of those that only pass on what others export, which names. */
export class ModuleGraph {
  constructor(list) {
    this.list = list;
    this.whole = new Set();
    this.parts = new Map();
    this.aliases = {};
    this.exposed = new Set();
  }

  /** Returns the name under which the frame will have a module. */
  module(specifier, names) {
    const [id, part] = lookup(this.list, specifier);
    const others = named(this.list.parts, specifier) ?? {};
    this.need(id, part ? [part] : names);
    this.expose(id);
    if (part) this.aliases[specifier] = `export { ${part} as default, ${part} } from ${JSON.stringify(id)};`;
    else if (names?.some((each) => named(others, each))) this.aliases[specifier] = this.put(names, (name) => named(others, name) ?? [id, name]);
    else return id;
    return specifier;
  }

  /** Returns a module of these names, each from where it is. */
  put(names, origin) {
    return names.map((name) => {
      const [id, from] = origin(name);
      this.need(id, from === "*" ? null : [from]);
      this.expose(id);
      return passed(name, id, from);
    }).join("\n");
  }

  need(id, names) {
    const { barrel, imports } = file(this.list, id);
    if (barrel && names) {
      if (!this.parts.has(id)) this.parts.set(id, new Set());
      for (const name of names) this.part(id, name, named(barrel, name));
      return;
    }
    if (this.whole.has(id)) return;
    this.whole.add(id);
    for (const [to, taken] of targets(imports)) {
      const next = target(id, to);
      if (!next) continue;
      this.need(next, taken);
      if (Array.isArray(imports)) this.expose(next);
    }
  }

  part(id, name, origin) {
    const parts = this.parts.get(id);
    if (!origin || parts.has(name)) return; // what it does not export, the browser says
    parts.add(name);
    this.need(target(id, origin[0]), origin[1] === "*" ? null : [origin[1]]);
    this.expose(target(id, origin[0]));
  }

  expose(id) {
    if (file(this.list, id).format === "commonjs") this.exposed.add(id);
  }

  /** Returns the files as the frame runs them. */
  linked(texts, base) {
    const modules = { ...this.aliases };
    const commonjs = {};
    for (const [id, names] of this.parts) if (!this.whole.has(id)) modules[id] = this.passed(id, names);
    for (const id of this.whole) {
      const { format, imports, process, url } = file(this.list, id);
      if (format === "commonjs") commonjs[id] = { text: texts.get(id), imports: required(id, imports) };
      if (format !== "module") continue;
      modules[id] = (process ? SHIM : "") + spliced(texts.get(id), id, imports);
      if (url) modules[id] = modules[id].replaceAll("import.meta.url", JSON.stringify(new URL(base + id, location.href).href));
    }
    const exposed = [...this.exposed].map((id) => ({ id, hasDefault: file(this.list, id).default ?? true }));
    return { modules, commonjs, exposed };
  }

  /** Returns the part of a file that only passes on what others export. */
  passed(id, names) {
    const { barrel } = file(this.list, id);
    return [...names].map((name) => passed(name, target(id, barrel[name][0]), barrel[name][1])).join("\n");
  }
}

function passed(name, id, from) {
  return `export ${from === "*" ? `* as ${name}` : `{ ${from} as ${name} }`} from ${JSON.stringify(id)};`;
}

const SHIM = 'const process={env:{NODE_ENV:"development"}};'; // what bundlers put in its place
const NOTHING = "data:text/javascript,export default {}"; // what is for servers only

function targets(imports = {}) {
  return Array.isArray(imports) ? imports.map(([, , to, names]) => [to, names ?? null]) : Object.values(imports).map((to) => [to, null]);
}

function required(id, imports) {
  return Object.fromEntries(Object.entries(imports).map(([specifier, to]) => [specifier, target(id, to)]));
}

/** Returns a module's text with the names in the list in place of those that its author wrote. */
function spliced(text, id, imports) {
  let [result, from] = ["", 0];
  for (const [start, end, to] of [...imports].sort(([a], [b]) => a - b)) {
    result += text.slice(from, start) + JSON.stringify(target(id, to) ?? NOTHING);
    from = end;
  }
  return result + text.slice(from);
}
