// Turns an artifact into a running frame: compiles it, fetches what it imports, and shows it where it can do no harm.
import { Compiler } from "./compiler.js";
import { emptyFrame, frameDocument } from "./frame.js";
import { Libraries } from "./libraries.js";
import { RenderError } from "./render-error.js";

export { RenderError };

const CDN = "https://cdn.jsdelivr.net/npm/";
const MOST_ERRORS = 20; // of each phase that a frame may tell of: many pictures may be missing before something fails
const MOST_MESSAGES = 1000; // that a frame may send in a second
const MOST_CHARACTERS = 4000; // of each text that a frame sends
const PHASES = new Set(["compile", "load", "run"]);
const KINDS = new Set(["react", "html", "svg", "mermaid", "markdown", "code"]);
// Bundlers know a file by an address that is written so, and put it beside what they make.
const IN_FRAME = new URL("in-frame.js", import.meta.url).href;
const COMPILER_WORKER = new URL("compiler-worker.js", import.meta.url).href;
const LIST = new URL("libraries.json", import.meta.url).href;
const OWN = new Map();

/** Returns one of the renderer's own files; read once. */
function own(address, read) {
  if (!OWN.has(address)) {
    const text = fetch(address).then((response) => {
      if (!response.ok) throw new Error(`status ${response.status}`);
      return read(response);
    }).catch(({ message }) => {
      throw new RenderError("load", `The renderer's own ${address} could not be loaded: ${message}.`);
    });
    text.catch(() => OWN.delete(address));
    OWN.set(address, text);
  }
  return OWN.get(address);
}

const text = (response) => response.text();

/**
 * Returns a renderer. `libraries` is the address that npm's files are under, verbatim and as
 * `<libraries>react@19.3.1/index.js`; `list` is the address of a list of your own (`libraries.json` by default);
 * `frame`, that of `frame.html`, where the page's own policy forbids inline scripts.
 */
export function createRenderer({ libraries = CDN, list = LIST, frame } = {}) {
  const found = new Libraries(libraries.replace(/\/?$/, "/"), () => own(list, (response) => response.json()));
  const compiler = new Compiler(() => found.tool("babel"), () => own(COMPILER_WORKER, text));
  return {
    /**
     * Shows an artifact in a new frame at the end of `container` and returns it at once: `{ element, ready, remove() }`.
     * `ready` is true when it is drawn, false when it is not, for which `onError` is given the reason.
     */
    render(container, artifact, { onReady = () => {}, onError = () => {} } = {}) {
      const shown = new Shown(artifact, { frame, onReady, onError });
      container.append(shown.element);
      shown.start(found, compiler);
      return { element: shown.element, ready: shown.ready, remove: () => shown.remove() };
    },
  };
}

/** An artifact in its frame, and what the frame tells of it. */
class Shown {
  constructor(artifact, { frame, onReady, onError }) {
    this.artifact = artifact;
    this.frame = frame;
    this.onReady = onReady;
    this.onError = onError;
    this.errors = {};
    this.element = emptyFrame(artifact.title);
    this.loaded = new Promise((resolve) => { this.load = resolve; });
    this.ready = new Promise((resolve) => { this.settle = resolve; });
    this.hear = ({ source, data }) => {
      if (source === this.element.contentWindow && source !== null) this.take(data);
    };
    addEventListener("message", this.hear);
  }

  async start(libraries, compiler) {
    const { artifact } = this;
    try {
      if (!KINDS.has(artifact.type)) throw new RenderError("compile", `There is no kind "${artifact.type}".`);
      const document = frameDocument(artifact, await own(IN_FRAME, text));
      if (this.removed) return;
      const job = prepare(artifact, libraries, compiler);
      this.open(document);
      const [message] = await Promise.all([job, this.loaded]);
      if (message && !this.removed) this.element.contentWindow.postMessage(message, "*"); // it has no origin to name
      else if (!message) queueMicrotask(() => this.drawn()); // what the page's own function throws is no failure of the artifact
    } catch (error) {
      this.fail({ phase: error.phase, fatal: true, message: error.message, line: error.line, column: error.column });
    }
  }

  /** Puts the document into the frame; by a message where the frame has one of its own, as it has no origin to name. */
  open(document) {
    if (!this.frame) {
      this.element.srcdoc = document;
      return;
    }
    this.element.addEventListener("load", () => this.element.contentWindow.postMessage({ write: document }, "*"), { once: true });
    this.element.src = this.frame;
  }

  take(data) {
    if (this.isFlooding()) {
      this.fail({ phase: "run", fatal: true, message: "It sent its page too many messages, and was ended." });
      this.remove();
    } else if (data?.artifact === "loaded") this.load();
    else if (data?.artifact === "ready") this.drawn();
    else if (data?.artifact === "error") this.fail(data);
  }

  /** Whether the frame has said more in this second than the page can hear beside its own work. */
  isFlooding() {
    const second = Math.floor(performance.now() / 1000);
    this.heard = second === this.second ? this.heard + 1 : 1;
    this.second = second;
    return this.heard > MOST_MESSAGES;
  }

  drawn() {
    if (this.isDrawn || this.removed) return;
    this.isDrawn = true;
    this.settle(true);
    this.onReady();
  }

  fail({ phase, fatal, message, line, column, stack, componentStack }) {
    if (this.removed) return;
    if (fatal) this.settle(false);
    const known = PHASES.has(phase) ? phase : "run";
    const count = this.errors[known] ?? 0;
    if (count >= (fatal ? MOST_ERRORS : MOST_ERRORS - 1)) return; // one place is kept for what is fatal
    this.errors[known] = count + 1;
    const said = (value) => (typeof value === "string" ? value.slice(0, MOST_CHARACTERS) : undefined); // a list can take for ever to become one
    const number = (value) => (Number.isInteger(value) ? value : undefined);
    this.onError({
      phase: known, fatal: Boolean(fatal), message: said(message) ?? "It failed, and did not say why.",
      line: number(line), column: number(column), stack: said(stack), componentStack: said(componentStack),
    });
  }

  remove() {
    this.removed = true;
    removeEventListener("message", this.hear);
    this.element.remove();
    this.settle(false);
  }
}

/** Returns what the frame is sent to draw; null where its document holds all. */
async function prepare({ type, code }, libraries, compiler) {
  if (type === "mermaid") return { draw: type, code, libraries: await libraries.link({}, ["mermaid"]) };
  if (type === "markdown") return { draw: type, code, libraries: await libraries.link({ marked: null }) };
  if (type !== "react") return null;
  const { code: script, imports } = await compiler.compile(code);
  const linked = await libraries.link({ ...imports, react: null, "react-dom/client": null }, ["tailwind"]);
  linked.modules["artifact.tsx"] = script;
  return { draw: type, libraries: linked };
}
