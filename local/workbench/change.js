// The field beside the artifact: what is written there is asked for as a change of the version that is shown.

import { byId, submitOnCtrlEnter } from "/workbench/element.js";

const EXAMPLES = {
  react: "Make it blue",
  html: "Make the heading larger",
  svg: "Make it blue",
  mermaid: "Number the steps",
  markdown: "Add a column to the table",
  code: "Check for a negative limit",
};
const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const TAG = /^\s*<(ant)?artifact\b/i;

/** Call `onChange` with the words of who wants a change. */
export function wireChange(onChange) {
  const form = byId("change");
  submitOnCtrlEnter(form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    onChange(byId("change-prompt").value);
  });
}

/** Let a version be changed, if there is one and nothing else is being made. */
export function offerChange(version, isBusy) {
  byId("change-prompt").disabled = byId("send-change").disabled = !version || isBusy;
  byId("change-prompt").placeholder = version ? EXAMPLES[version.type] : "Nothing to change yet";
}

/** Empty the field, or fill it with what was asked for, to be said in other words. */
export function fillChange(prompt = "") {
  byId("change-prompt").value = prompt;
  if (prompt) byId("change-prompt").focus();
}

/** Write a version as an artifact in its tag, so that title and language come back; one that was pasted may have its own. */
export function contentOf({ type, title, language, code }) {
  if (TAG.test(code)) return code;
  const attributes = Object.entries({ type, title, language }).filter(([, value]) => value);
  return `<artifact ${attributes.map(([name, value]) => `${name}="${escaped(value)}"`).join(" ")}>\n${code}\n</artifact>`;
}

function escaped(text) {
  return text.replace(/[&<>"]/g, (character) => ESCAPES[character]);
}
