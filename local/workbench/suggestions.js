// What the empty stage proposes: a prompt of each kind, which goes into the form and is sent by who likes it.

import { byId, element } from "/workbench/element.js";

const SUGGESTIONS = {
  react: "A todo list",
  html: "A landing page of a bakery",
  svg: "A rocket icon",
  mermaid: "A login with a second factor, as a sequence",
  markdown: "Notes of a planning meeting",
  code: "A prime sieve in Python",
};

export function offerSuggestions() {
  byId("suggestions").append(...Object.entries(SUGGESTIONS).map(([kind, prompt]) =>
    element("li", {}, element("button", { type: "button", click: () => fill(kind, prompt) }, element("span", { class: "badge" }, kind), prompt))));
}

function fill(kind, prompt) {
  const { elements } = byId("generate");
  elements.artifactType.value = kind;
  elements.prompt.value = prompt;
  elements.prompt.focus();
}
