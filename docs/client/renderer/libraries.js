// Fetches the files of libraries as npm has them, each held to its hash in the list.
import { file, ModuleGraph } from "./module-graph.js";
import { RenderError } from "./render-error.js";

export class Libraries {
  /** `base` is the address that npm's files are under, as `<base>react@19.3.1/index.js`; `list` gives the list. */
  constructor(base, list) {
    this.base = base;
    this.list = list;
    this.texts = new Map();
  }

  /** Returns the text of one of the list's tools: `babel`, `mermaid` or `tailwind`. */
  async tool(name) {
    const list = await this.list();
    return this.text(list, list.tools[name]);
  }

  /**
   * Returns what a frame needs to import these modules: `imports` has the names that are taken by specifier (null: all),
   * `tools` the scripts to run before.
   * Throws a RenderError of the phase "load" where a module is not in the list, or a file cannot be had.
   */
  async link(imports, tools = []) {
    const list = await this.list();
    const graph = new ModuleGraph(list);
    const targets = {};
    for (const [specifier, names] of Object.entries(imports)) targets[specifier] = graph.module(specifier, names);
    const ids = [...tools.map((name) => list.tools[name]), ...graph.whole];
    const texts = new Map(await Promise.all(ids.map(async (id) => [id, await this.text(list, id)])));
    const scripts = ids.filter((id) => file(list, id).format === "script").map((id) => {
      const { global, default: hasDefault = true } = file(list, id);
      return { id, text: texts.get(id), global, hasDefault };
    });
    return { ...graph.linked(texts, this.base), scripts, imports: targets };
  }

  text(list, id) {
    if (!this.texts.has(id)) {
      const text = this.fetch(id, file(list, id).integrity);
      this.texts.set(id, text);
      text.catch(() => this.texts.delete(id));
    }
    return this.texts.get(id);
  }

  async fetch(id, integrity) {
    const response = await fetch(this.base + id, { integrity, credentials: "omit" }).catch(() => {
      throw new RenderError("load", `${id} could not be loaded from ${this.base}: it cannot be reached, or the bytes there are not those that the list has the hash of.`);
    });
    if (!response.ok) throw new RenderError("load", `${id} could not be loaded from ${this.base}: status ${response.status}.`);
    return response.text();
  }
}
