// The artifact as it runs, in the renderer's frame, and the errors that come out of it: all are kept, and those that are
// not minor are told at once. Whatever an artifact says is text that nobody has checked.

import { announce, byId } from "/workbench/element.js";

const KEPT_ERRORS = 3;
const LONGEST_MESSAGE = 2000;

export class Preview {
  constructor(renderer, { onError, onReady }) {
    this.renderer = renderer;
    this.onError = onError;
    this.onReady = onReady;
    this.frame = null;
    this.errors = [];
    this.runs = 0;
    byId("halt").addEventListener("click", () => (this.frame ? this.halt() : this.run()));
  }

  /** Run a version; one that is known to be broken waits until it is asked for. */
  show(version) {
    this.version = version;
    byId("welcome").hidden = true;
    if (version.isDraft) this.remove("Not run, as this is the draft before the fix.");
    else this.run();
  }

  run() {
    this.remove("");
    const { type, title, code, language } = this.version;
    const { runs } = this;
    // What an earlier frame has still to say is about what is not there any more.
    const report = { onReady: () => this.onReady(), onError: (error) => runs === this.runs && this.note(error) };
    this.frame = this.renderer.render(byId("frame"), { type, title, code, language: language ?? undefined }, report);
    byId("halt").textContent = "Stop it";
  }

  /** Take the frame away: with it ends whatever the artifact does. */
  halt() {
    this.remove("The artifact is stopped.");
    announce("The artifact is stopped.");
  }

  /** Take the frame away, if there is one, until it is run again. */
  suspend(why) {
    if (this.frame) this.remove(why);
  }

  remove(why) {
    this.frame?.remove();
    this.frame = null;
    this.runs += 1;
    this.errors = [];
    byId("problems").hidden = true;
    byId("halted").hidden = why === "";
    byId("halted").textContent = why;
    byId("halt").disabled = false;
    byId("halt").textContent = "Run it";
  }

  /**
   * Note an error; a timer may throw the same one without end, so it is told once, and only the first few are. What
   * matters comes before what is merely missing, such as a picture.
   */
  note(error) {
    const message = String(error.message).slice(0, LONGEST_MESSAGE);
    if (this.errors.some((each) => each.message === message)) return;
    const noted = { ...error, message };
    const errors = [...this.errors, noted].sort((one, other) => isMinor(one) - isMinor(other)).slice(0, KEPT_ERRORS);
    if (!errors.includes(noted)) return;
    this.errors = errors;
    const button = byId("problems");
    button.textContent = this.errors.length === 1 ? "1 error" : `${this.errors.length} errors`;
    button.hidden = false;
    if (!isMinor(noted)) this.onError(this.errors);
  }
}

/** Return whether the artifact is drawn all the same, without something that it wanted to load. */
function isMinor({ phase, fatal }) {
  return phase === "load" && !fatal;
}

/** Write errors as the fix function wants them: what the browser said, where, and the stack of the first. */
export function errorMessageOf(errors) {
  const lines = errors.map(({ message, line, column }) => (line ? `${message} (line ${line}${column ? `, column ${column}` : ""})` : message));
  const stack = errors[0].stack;
  if (stack && !stack.includes(errors[0].message)) lines.push(stack);
  return lines.join("\n").replaceAll("\0", "").slice(0, 9000).toWellFormed();
}
