// Builds elements of text and attributes only: what goes into the page was written by a model or an artifact, so none of
// it is ever markup. Also says to a screen reader what has happened.

export function byId(id) {
  return document.getElementById(id);
}

/** Make an element; an attribute that is a function listens to the event of its name, one that is false is left out. */
export function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(key, value);
    else if (value !== false && value !== undefined && value !== null) node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== undefined && child !== null));
  return node;
}

/** Make a list of names and values; a value that there is none of is left out. */
export function definitions(rows) {
  const known = rows.filter(([, value]) => value !== undefined && value !== null && value !== "");
  return known.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, String(value))));
}

/** Make the table of columns and rows of text; what looks like a number stands to the right. */
export function table(caption, columns, rows) {
  const cell = (name) => (value) => {
    const text = value === null || value === undefined ? "–" : String(value);
    return element(name, { class: /^[-$]?[\d.,]+(e-?\d+)?$/.test(text) && "number" }, text);
  };
  return element("div", { class: "scrolls", tabindex: "0", role: "group", "aria-label": caption }, element("table", {},
    element("caption", {}, caption),
    element("thead", {}, element("tr", {}, ...columns.map(cell("th")))),
    element("tbody", {}, ...rows.map((row) => element("tr", {}, ...row.map(cell("td")))))));
}

/** Give the focus to an element where what had it is gone or disabled; who is elsewhere stays there. */
export function restoreFocus(to) {
  const { activeElement, body } = document;
  const isLost = activeElement === body || activeElement.disabled || !activeElement.checkVisibility({ visibilityProperty: true });
  if (isLost) to.focus({ preventScroll: true });
}

/** Say it to who cannot see the page; only what matters, as each interrupts. */
export function announce(text) {
  byId("announcement").textContent = text;
}

/** Let the buttons of a dialog that are marked so close it, and Ctrl+Enter in a form of it submit that. */
export function wireDialog(dialog) {
  for (const button of dialog.querySelectorAll("[data-closes]")) button.addEventListener("click", () => dialog.close());
  for (const form of dialog.querySelectorAll("form")) submitOnCtrlEnter(form);
}

export function submitOnCtrlEnter(form) {
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.requestSubmit();
  });
}
