// The sheet over the lower edge of the stage: says what went wrong and offers the ways on, with a countdown where one has
// to wait. It lies over the artifact, so that nothing moves.

import { byId, definitions, element, restoreFocus } from "/workbench/element.js";

let timer;
let whenDismissed;

/** Show it; `ways` are {label, act, waitSeconds}, the first being the one to take; `onDismiss` is told who takes none. */
export function openSheet({ heading, sentence, details = [], remark = "", facts = [], ways, isCalm = false, onDismiss }) {
  closeSheet();
  whenDismissed = onDismiss;
  const sheet = byId("sheet");
  sheet.classList.toggle("calm", isCalm);
  // Only the words are an alert: a countdown in it would be read out each second.
  const words = [
    element("h3", { id: "sheet-heading" }, heading),
    element("p", {}, sentence),
    ...details.map((text) => element("p", { class: "said" }, text)),
    remark && element("p", { class: "soft" }, remark),
  ].filter(Boolean);
  sheet.hidden = false;
  sheet.replaceChildren(
    element("div", { role: "alert" }, ...words),
    element("dl", { class: "facts" }, ...definitions(facts)),
    element("div", { class: "row" }, ...ways.map(wayButton), element("button", { type: "button", click: dismissSheet }, "Dismiss")),
  );
}

export function closeSheet() {
  clearInterval(timer);
  byId("sheet").hidden = true;
}

/** Close it by hand: the focus, which was in it, goes to the stage. */
export function dismissSheet() {
  if (byId("sheet").hidden) return;
  closeSheet();
  whenDismissed?.();
  restoreFocus(document.querySelector("[role=tab][aria-selected=true]"));
}

/** Write a time to wait in the unit that fits. */
export function duration(seconds) {
  if (seconds < 100) return `${seconds} s`;
  if (seconds < 100 * 60) return `${Math.ceil(seconds / 60)} min`;
  return `${Math.ceil(seconds / 3600)} h`;
}

function wayButton({ label, act, waitSeconds = 0 }, index) {
  const button = element("button", { type: "button", class: index === 0 && "primary", click: act }, label);
  if (waitSeconds > 0) countDown(button, label, waitSeconds);
  return button;
}

function countDown(button, label, waitSeconds) {
  const end = performance.now() + waitSeconds * 1000;
  const tick = () => {
    const left = Math.ceil((end - performance.now()) / 1000);
    button.disabled = left > 0;
    button.textContent = left > 0 ? `${label} in ${duration(left)}` : label;
    if (left <= 0) clearInterval(timer);
  };
  timer = setInterval(tick, 250);
  tick();
}
