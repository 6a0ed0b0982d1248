// In a frame: renders a component at a time, uses it as a user does, and says whether it threw.
import { createElement } from "react";
import { createRoot } from "react-dom/client";

const SETTLE_MS = 250; // after rendering: effects, and the timers that follow them
const USED_MS = 120; // after the last click
const STEPS = 16; // clicks, inputs and submissions

let errors = [];
let stage = "";
let root = null;
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const note = (error) => errors.push({ stage, said: String(error?.message ?? error).slice(0, 300) });
addEventListener("error", (event) => note(event.error ?? event.message));
addEventListener("unhandledrejection", (event) => note(event.reason));

async function render(script) {
  stage = "import";
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const { default: component } = await import(url);
  stage = "export";
  const isComponent = typeof component === "function" || typeof component?.$$typeof === "symbol";
  if (!isComponent || "props" in component) throw new Error(`the default export is no component: ${typeof component}`);
  stage = "render";
  root = createRoot(document.getElementById("root"), { onUncaughtError: note });
  root.render(createElement(component));
  await sleep(SETTLE_MS);
  if (errors.length) return;
  stage = "use";
  for (let step = 0; step < STEPS && !errors.length; step++) {
    // Looked up anew each time: a click may have made other elements.
    const found = [...document.querySelectorAll("button, input, select, textarea, form, [role=button], [role=tab]")];
    if (step >= found.length) break;
    use(found[step]);
    await sleep(0);
  }
  await sleep(USED_MS);
}

function use(element) {
  if (element.matches("form")) return element.requestSubmit();
  if (element.matches("input[type=checkbox], input[type=radio], button, [role]")) return element.click();
  const text = { number: "7", range: "7", date: "2026-01-31", color: "#112233", email: "a@b.example" }[element.type] ?? "ab";
  const value = element.matches("select") ? element.options[element.options.length - 1]?.value : text;
  if (value === undefined || element.type === "file") return;
  // React overrides the property on the element; only the prototype's setter lets it see a change.
  Object.getOwnPropertyDescriptor(Object.getPrototypeOf(element), "value").set.call(element, value);
  element.dispatchEvent(new Event("input", { bubbles: true }));
  element.dispatchEvent(new Event("change", { bubbles: true }));
}

// What a component left running would be charged to those after it, and slow them down.
function stopTimers() {
  for (let id = setTimeout(() => {}); id > 0; id--) clearTimeout(id); // intervals count along
  for (let id = requestAnimationFrame(() => {}); id > 0; id--) cancelAnimationFrame(id);
}

addEventListener("message", async ({ data }) => {
  errors = [];
  await render(data).catch(note);
  stage = "unmount";
  root?.unmount();
  root = null;
  stopTimers();
  await sleep(0);
  const [first] = errors;
  parent.postMessage({ ok: !first, stage: first?.stage ?? "", said: first?.said ?? "" }, "*");
});
parent.postMessage("ready", "*");
