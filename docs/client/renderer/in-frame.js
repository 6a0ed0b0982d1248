// Runs in the frame, before the artifact: tells the page what fails there, and draws what the page sends. It is read as
// text into the frame's document, so it imports nothing; the page takes what it says for the artifact's own word.
(() => {
  "use strict";
  const page = parent;
  const tell = (event, details = {}) => page.postMessage({ artifact: event, ...details }, "*");
  const registry = {};
  document.currentScript.remove();

  // ---- What fails

  const HARMLESS = /^ResizeObserver loop/; // the observer goes on in the next frame
  const UNREACHED = /failed to fetch|networkerror|load failed/i; // as browsers call it
  const GRACE = 100; // milliseconds in which an artifact can put another picture in the place of a missing one
  let isBlocked = false;

  function textOf(error) {
    try {
      return error instanceof Error ? `${error.name}: ${error.message}` : String(error?.message ?? error);
    } catch {
      return "It threw what cannot be told as text.";
    }
  }

  function fail(error, more = {}) {
    let message = textOf(error);
    if (HARMLESS.test(message)) return;
    if (isBlocked && UNREACHED.test(message)) message += " (the policy of the frame lets an artifact reach no network)";
    const stack = String(error?.stack ?? "");
    const [, line] = /artifact\.tsx:(\d+)/.exec(stack) ?? []; // compiling keeps lines, and not columns
    tell("error", { phase: "run", fatal: false, message, stack, ...(line && { line: Number(line) }), ...more });
  }

  function address({ src, href, localName }) {
    return src || href?.baseVal || href || `a <${localName}>`;
  }

  /** Tells that something could not be loaded, unless the artifact has put something else in its place by then. */
  function failUnlessReplaced(target) {
    const failed = address(target);
    setTimeout(() => {
      if (target.isConnected && address(target) === failed) fail(`The frame could not load ${failed}`, { phase: "load" });
    }, GRACE);
  }

  addEventListener("error", (event) => {
    const { target, error, message, filename, lineno } = event;
    if (target instanceof Element) failUnlessReplaced(target);
    else if (error !== null && error !== undefined) fail(error);
    else fail(message, filename === "artifact.tsx" ? { line: lineno } : {});
  }, true);
  addEventListener("unhandledrejection", ({ reason }) => fail(reason));
  // What it stops fails by itself, where the artifact does not expect it.
  addEventListener("securitypolicyviolation", () => { isBlocked = true; });

  // ---- What would lead out: the page's policy blocks it, and the browser would show an error in the artifact's place

  const STAYS = /^\s*(?:about:srcdoc)?#/;
  const XLINK = "http://www.w3.org/1999/xlink";

  const stay = (event) => {
    const link = event.composedPath().find((each) => each instanceof Element && each.matches("a, area"));
    const to = link?.getAttribute("href") ?? link?.getAttributeNS(XLINK, "href");
    if (typeof to === "string" && !STAYS.test(to)) event.preventDefault();
  };
  addEventListener("click", stay);
  // These open a tab, which no sandbox prevents: no handler of the artifact comes before.
  const opensTab = ({ button, ctrlKey, metaKey, shiftKey }) => button === 1 || ctrlKey || metaKey || shiftKey;
  for (const kind of ["click", "auxclick"]) addEventListener(kind, (event) => opensTab(event) && stay(event), true);
  addEventListener("submit", (event) => {
    const how = event.submitter?.getAttribute("formmethod") ?? event.target.getAttribute("method");
    if (how?.toLowerCase() !== "dialog") event.preventDefault();
  });

  // ---- Modules

  const ENVIRONMENT = { env: { NODE_ENV: "development" } };

  function runScript(id, text) {
    const script = document.createElement("script");
    script.textContent = `${text}\n//# sourceURL=${id}`;
    document.head.append(script); // runs it
    script.remove();
  }

  function requiring(files) {
    const loaded = new Map();
    return function require(id) {
      if (loaded.has(id)) return loaded.get(id).exports;
      const module = { exports: {} };
      loaded.set(id, module);
      const { text, imports } = files[id];
      const run = new Function("module", "exports", "require", "process", "global", `${text}\n//# sourceURL=${id}`);
      const inner = (specifier) => (imports[specifier] ? require(imports[specifier]) : {});
      run.call(module.exports, module, module.exports, inner, ENVIRONMENT, globalThis);
      return module.exports;
    };
  }

  /** Makes a module of what a script or CommonJS has exported: each name, and the default as bundlers see it. */
  function wrapped(id, exported, hasDefault) {
    registry[id] = exported;
    const names = Object.keys(exported).filter((each) => /^[A-Za-z_$][\w$]*$/.test(each) && each !== "default");
    const value = `globalThis[Symbol.for("artifact.modules")][${JSON.stringify(id)}]`;
    const lines = names.map((each, number) => `const _${number} = it[${JSON.stringify(each)}]; export { _${number} as ${each} };`);
    const usual = hasDefault ? 'export default it.__esModule && "default" in it ? it.default : it;' : "";
    return `const it = ${value};\n${usual}\n${lines.join("\n")}`;
  }

  function valueOf(path) {
    return path.split(".").reduce((value, key) => value[key], globalThis);
  }

  /** Makes all that the page sent importable under its name. */
  function install({ scripts, commonjs, exposed, modules, imports }) {
    globalThis[Symbol.for("artifact.modules")] = registry;
    const require = requiring(commonjs);
    const texts = { ...modules };
    for (const { id, text, global, hasDefault } of scripts) {
      runScript(id, text);
      if (global) texts[id] = wrapped(id, valueOf(global), hasDefault);
    }
    for (const { id, hasDefault } of exposed) texts[id] = wrapped(id, require(id), hasDefault);
    const urls = {};
    for (const [id, text] of Object.entries(texts)) {
      urls[id] = URL.createObjectURL(new Blob([`${text}\n//# sourceURL=${id}`], { type: "text/javascript" }));
    }
    for (const [specifier, id] of Object.entries(imports)) urls[specifier] = urls[id];
    const map = document.createElement("script");
    map.type = "importmap";
    map.textContent = JSON.stringify({ imports: urls });
    document.head.append(map);
  }

  // ---- Kinds

  const root = () => document.getElementById("root");

  // Servers for development, such as Vite's, change the imports that they see, also in a file that is read as text.
  const load = (name) => new Function("name", "return import(name)")(name);

  async function drawReact() {
    const React = await load("react");
    globalThis.React = React; // some components use it without an import
    const { createRoot } = await load("react-dom/client");
    const { default: component } = await load("artifact.tsx");
    if (typeof component !== "function" && typeof component?.$$typeof !== "symbol") {
      throw new TypeError("The artifact's default export is no component.");
    }
    const Drawn = ({ children }) => {
      React.useEffect(() => tell("ready"), []);
      return children;
    };
    const onUncaughtError = (error, { componentStack }) => fail(error, { componentStack, fatal: true });
    createRoot(root(), { onUncaughtError }).render(React.createElement(Drawn, null, React.createElement(component)));
  }

  const MOST_TEXT = 1e6; // the check of a diagram knows no limit, and Mermaid's own is 50,000

  async function drawMermaid({ code }) {
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    mermaid.initialize({ startOnLoad: false, securityLevel: "strict", suppressErrorRendering: true, maxTextSize: MOST_TEXT, theme: dark ? "dark" : "default" });
    root().innerHTML = (await mermaid.render("diagram", code)).svg;
    tell("ready");
  }

  async function drawMarkdown({ code }) {
    const { marked } = await load("marked");
    root().innerHTML = marked.parse(code, { gfm: true });
    tell("ready");
  }

  const DRAW = { react: drawReact, mermaid: drawMermaid, markdown: drawMarkdown };

  addEventListener("message", async ({ source, data }) => {
    if (source !== page || !data.draw) return;
    try {
      install(data.libraries);
      await DRAW[data.draw](data);
    } catch (error) {
      fail(error, { fatal: true });
    }
  });
  addEventListener("DOMContentLoaded", () => tell("loaded"));
})();
