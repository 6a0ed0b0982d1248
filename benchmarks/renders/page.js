// Renders artifacts and says of each whether it failed, and how. `judge(kind, artifacts)` gives a list of
// {ok, stage, said, looks?}, null for what did not come to an end in time.
"use strict";

// Without any verdict, and for a whole batch: what is not done then hangs, or shares its process with what does.
const STALL_MS = 5_000;
const BATCH_MS = 20_000;
const USES = 25; // of a frame
const LOOPS = 1_000_000; // rounds of all of a component's loops, after which it counts as endless

const JUDGES = { react: judgeReact, html: judgeHtml, svg: judgeSvg, mermaid: judgeMermaid };
const PARALLEL = { react: 16, html: 16 }; // they wait for timers, not for the processor
const verdict = (ok, stage, error) => ({ ok, stage, said: String(error?.message ?? error ?? "").slice(0, 300) });
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
let importMap, workers;

async function judge(kind, artifacts) {
  importMap ??= await (await fetch("/importmap.json")).json();
  workers ??= Array.from({ length: 16 }, () => new Frames());
  const verdicts = artifacts.map(() => null);
  const each = async (code, at, frames) => {
    verdicts[at] = await JUDGES[kind](code, at, frames).catch((error) => verdict(false, "crash", error));
    latest = performance.now();
  };
  const waiting = [...artifacts.entries()];
  const work = async (frames) => {
    for (let next; (next = waiting.shift()); ) await each(next[1], next[0], frames);
  };
  const begun = performance.now();
  let latest = begun;
  const stall = async () => {
    while (performance.now() - latest < STALL_MS && performance.now() - begun < BATCH_MS) await sleep(100);
  };
  const all = Promise.all(workers.slice(0, PARALLEL[kind] ?? 1).map(work));
  await Promise.race([all, stall()]);
  document.getElementById("drawing").replaceChildren();
  return verdicts;
}

// ---- Frames: those of docs/threat-model.md, which may load from this server besides

function policy() {
  const here = location.origin;
  return `<!doctype html><base href="about:srcdoc"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; ` +
    `script-src 'unsafe-inline' 'unsafe-eval' data: blob: ${here}; style-src 'unsafe-inline'; font-src data:; ` +
    `img-src data: blob:; media-src data: blob:; connect-src data: blob:; form-action 'none'; base-uri 'none'">`;
}

// Opens a frame and gives what it says first.
function framed(html) {
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts allow-forms");
  frame.srcdoc = policy() + html;
  document.getElementById("frames").append(frame);
  return { frame, said: heard(frame) };
}

function heard(frame) {
  return new Promise((done) => {
    const hear = ({ source, data }) => {
      if (source !== frame.contentWindow) return;
      removeEventListener("message", hear);
      done(data);
    };
    addEventListener("message", hear);
  });
}

// A frame with React in it. To load the libraries takes most of the time, so what rendered without an error leaves its
// frame to the next; what fails to render in such a used frame is judged again in one of its own, and that is what counts.
class Frames {
  #frame = null;
  #uses = 0;

  async render(script) {
    for (;;) {
      if (this.#frame === null) await this.#open();
      const said = heard(this.#frame);
      this.#frame.contentWindow.postMessage(script, "*");
      const heardOf = await said;
      this.#uses += 1;
      const fresh = this.#uses === 1;
      const reloaded = heardOf === "ready"; // by a form that it let go: nothing has thrown until then
      const judged = reloaded ? verdict(true, "", "") : heardOf;
      const untouched = judged.ok || judged.stage === "import" || judged.stage === "export"; // nothing was rendered
      if (!untouched || reloaded || this.#uses === USES) {
        this.#frame.remove();
        this.#frame = null;
      }
      if (untouched || fresh) return judged;
    }
  }

  async #open() {
    const absolute = Object.entries(importMap).map(([name, path]) => [name, location.origin + path]);
    const map = JSON.stringify({ imports: Object.fromEntries(absolute) });
    const { frame, said } = framed(
      `<script type="importmap">${map}</script><div id="root"></div>` +
        `<script type="module" crossorigin src="${location.origin}/own/frame.js"></script>`,
    );
    await said;
    this.#frame = frame;
    this.#uses = 0;
  }
}

// ---- React

function transpile(code) {
  return Babel.transform(code, {
    filename: "artifact.tsx", sourceType: "module", configFile: false, babelrc: false,
    presets: [["react", { runtime: "automatic" }], ["typescript", { onlyRemoveTypeImports: false }]],
    plugins: [bounded],
  }).code;
}

// Makes an endless loop throw: it would hold up every frame of the process.
function bounded({ types, template }) {
  const guard = template.statement(`if (++ROUNDS > ${LOOPS}) throw new Error("endless loop");`);
  return {
    visitor: {
      Program(path) { this.rounds = path.scope.generateUidIdentifier("rounds"); },
      Loop(path) {
        path.ensureBlock();
        path.get("body").unshiftContainer("body", guard({ ROUNDS: types.cloneNode(this.rounds) }));
        this.used = true;
      },
    },
    post({ path }) {
      if (this.used) path.unshiftContainer("body", template.statement("let ROUNDS = 0;")({ ROUNDS: this.rounds }));
    },
  };
}

async function judgeReact(code, at, frames) {
  let script;
  try {
    script = transpile(code);
  } catch (error) {
    return verdict(false, "transpile", error);
  }
  return frames.render(script);
}

// ---- HTML: whatever a script throws within the time, and the elements that the source names and the document lacks

const WATCH = `<script>{
  const errors = [];
  addEventListener("error", (event) => { if (event.message) errors.push(event.message); });
  addEventListener("unhandledrejection", (event) => errors.push("unhandled: " + (event.reason?.message ?? event.reason)));
  const say = () => parent.postMessage({ ok: !errors.length, stage: "script", said: (errors[0] ?? "").slice(0, 300) }, "*");
  addEventListener("beforeunload", say); // a form that it lets go loads the frame anew
  addEventListener("load", () => setTimeout(() => {
    for (const each of [...document.querySelectorAll("button, [onclick]")].slice(0, 12)) each.click();
    setTimeout(say, 100);
  }, 150));
  document.currentScript.remove();
}</script>`;

async function judgeHtml(code) {
  const lost = lostContent(code);
  if (lost) return verdict(false, "lost", lost);
  const { frame, said } = framed(WATCH + code);
  const judged = await said;
  frame.remove();
  return judged;
}

// Names of elements that a start tag of the source opens. Closed comments and the closed contents of what holds text
// only are set aside; what stays open there swallows tags, which are then missed in the document.
const TEXT_ONLY = /<!--[\s\S]*?-->|<(script|style|title|textarea|noscript|template)(?=[\s>])[^>]*>[\s\S]*?<\/\1(?=[\s/>])[^>]*>/gi;
const CLONED = new Set(["html", "head", "body", "script", "style", "title", "textarea", "noscript", "template"]);

function lostContent(code) {
  const page = new DOMParser().parseFromString(code, "text/html");
  const swallowed = page.querySelector("select :not(option, optgroup, hr, button, selectedcontent)");
  if (swallowed) return `<${swallowed.localName}> inside <select>`;
  const named = new Map();
  const drawings = code.replace(TEXT_ONLY, "").replace(/<svg[\s>][\s\S]*?<\/svg\s*>/gi, "");
  for (const [, name] of drawings.matchAll(/<([a-zA-Z][a-zA-Z0-9]*)(?=[\s/>])/g)) {
    const known = name.toLowerCase();
    if (CLONED.has(known) || document.createElement(known) instanceof HTMLUnknownElement) continue;
    named.set(known, (named.get(known) ?? 0) + 1);
  }
  for (const [name, count] of named) {
    const there = [...page.getElementsByTagName(name)].filter((each) => each instanceof HTMLElement).length;
    if (there < count) return `<${name}> ${count} times in the source, ${there} in the document`;
  }
  for (const name of ["style", "title", "textarea", "script"]) {
    if (new RegExp(`<${name}(?=[\\s>])`, "i").test(code.replace(TEXT_ONLY, ""))) return `<${name}> that is not closed`;
  }
  return null;
}

// ---- SVG: as an image and inline; what a browser says of an attribute goes to its log, between these marks

async function judgeSvg(code, at) {
  mark(`begin-${at}`);
  const place = document.getElementById("drawing");
  place.innerHTML = code;
  mark(`end-${at}`);
  const inline = place.querySelector("svg");
  if (!inline) return verdict(false, "inline", "there is no svg element");
  const image = await painted(code);
  if (typeof image === "string") return verdict(false, "image", image);
  const again = await painted(new XMLSerializer().serializeToString(inline));
  place.replaceChildren();
  if (typeof again === "string") return verdict(false, "inline", again);
  return { ...verdict(true, "", ""), looks: image.join(" ") };
}

// A path that Chromium complains of in its log, word for word: the only way to order what stands there.
function mark(text) {
  document.createElementNS("http://www.w3.org/2000/svg", "path").setAttribute("d", text);
}

const LONGEST_EDGE = 1000;

async function painted(code) {
  const image = new Image();
  const url = URL.createObjectURL(new Blob([code], { type: "image/svg+xml" }));
  const loaded = new Promise((done) => {
    image.onload = () => done(true);
    image.onerror = () => done(false);
  });
  image.src = url;
  const ok = await loaded;
  URL.revokeObjectURL(url);
  if (!ok) return "no image";
  // As large as it says, and 300 by 150 where it does not, as a page shows it.
  const [width, height] = [image.naturalWidth, image.naturalHeight].map((edge) => Math.min(edge, LONGEST_EDGE));
  if (!width || !height) return "nothing painted";
  const canvas = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  canvas.drawImage(image, 0, 0, width, height);
  const pixels = canvas.getImageData(0, 0, width, height).data;
  let sum = 0, alpha = 0;
  for (let at = 0; at < pixels.length; at += 4) {
    alpha += pixels[at + 3];
    for (let part = 0; part < 4; part++) sum = (Math.imul(sum, 31) + (pixels[at + part] >> 3)) | 0;
  }
  return alpha === 0 ? "nothing painted" : [alpha, sum];
}

// ---- Mermaid

let isSetUp = false;

async function judgeMermaid(code, at) {
  if (!isSetUp) mermaid.initialize({ startOnLoad: false, suppressErrorRendering: true });
  isSetUp = true;
  try {
    await mermaid.parse(code);
  } catch (error) {
    return verdict(false, "parse", error);
  }
  try {
    const { svg } = await mermaid.render(`diagram-${at}`, code);
    return verdict(svg.includes("<svg"), "render", "no drawing");
  } catch (error) {
    return verdict(false, "render", error);
  } finally {
    for (const each of document.querySelectorAll(`#diagram-${at}, #ddiagram-${at}`)) each.remove();
  }
}
