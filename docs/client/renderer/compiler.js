// Compiles components away from the page's own thread, with the parser that the check of an artifact uses.
import { RenderError } from "./render-error.js";

const SECONDS = 20; // for a component of 200 KB, many times over

export class Compiler {
  /** `source` gives the text of Babel's script, `own` that of `compiler-worker.js`. */
  constructor(source, own) {
    this.source = source;
    this.own = own;
    this.waiting = new Map();
    this.count = 0;
  }

  /**
   * Returns what a browser runs of a component: `{ code, imports }`, with the names that it takes by specifier (null: all).
   * Throws a RenderError of the phase "compile", with line and column from 1, where it cannot be read.
   */
  async compile(code) {
    this.worker ??= this.start();
    const worker = await this.worker;
    const number = ++this.count;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.end(new RenderError("compile", "Compiling this component took too long.")), SECONDS * 1000);
      this.waiting.set(number, { resolve, reject, timer });
      worker.postMessage({ number, code });
    });
  }

  async start() {
    const texts = await Promise.all([this.source(), this.own()]).catch((error) => {
      this.worker = undefined;
      throw error;
    });
    const url = URL.createObjectURL(new Blob(texts.flatMap((each) => [each, "\n"]), { type: "text/javascript" }));
    const worker = new Worker(url);
    URL.revokeObjectURL(url);
    worker.onmessage = ({ data }) => this.take(data);
    worker.onerror = ({ message }) => this.end(new RenderError("compile", `The compiler does not run: ${message}`));
    return worker;
  }

  take({ number, error, code, imports }) {
    const { resolve, reject, timer } = this.waiting.get(number);
    this.waiting.delete(number);
    clearTimeout(timer);
    if (error) reject(new RenderError("compile", error.message, error));
    else resolve({ code, imports });
  }

  /** Ends the worker, and what waits for it; the next component gets a new one. */
  async end(error) {
    const worker = this.worker;
    const waiting = [...this.waiting.values()];
    this.worker = undefined;
    this.waiting.clear();
    for (const { reject, timer } of waiting) {
      clearTimeout(timer);
      reject(error);
    }
    (await worker)?.terminate();
  }
}
