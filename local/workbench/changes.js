// Shows what a version changed in the one that it was made from: lines with numbers and signs, long unchanged parts folded.

import { compareLines, countChanges } from "/workbench/diff.js";
import { byId, element } from "/workbench/element.js";

const CONTEXT_LINES = 3;
// A fold takes a line itself, so that it has to hide more.
const LEAST_FOLDED = 3;
const TAGS = { "+": "ins", "-": "del", " ": "span" };

/** Show what changed from one text to the other; `than` names the former. */
export function showChanges(before, after, than) {
  const count = byId("changes-count");
  if (before === null) {
    count.textContent = "";
    byId("changes").replaceChildren(element("p", { class: "soft" }, after === null
      ? "When something is changed or fixed, the lines before and after are shown here."
      : "This is the first version, so there is nothing to compare it with."));
    return;
  }
  const lines = numbered(compareLines(before.trimEnd(), after.trimEnd()));
  const { added, removed } = countChanges(lines);
  count.textContent = `+${added} −${removed}`;
  const summary = `${added} ${added === 1 ? "line" : "lines"} added, ${removed} removed, compared with ${than}`;
  byId("changes").replaceChildren(element("p", { class: "soft" }, summary), element("div", { class: "diff" }, ...folded(lines)));
}

function numbered(lines) {
  let [old, young] = [0, 0];
  return lines.map(({ sign, text }) => ({
    sign, text, old: sign === "+" ? "" : ++old, young: sign === "-" ? "" : ++young,
  }));
}

/** Return the rows; of what did not change, only what is near to a change is open. */
function folded(lines) {
  const isNear = nearChanges(lines);
  const parts = [];
  let hidden = [];
  const fold = () => {
    if (hidden.length < LEAST_FOLDED) parts.push(...hidden);
    else parts.push(element("details", {}, element("summary", {}, `${hidden.length} unchanged lines`), ...hidden));
    hidden = [];
  };
  lines.forEach((line, index) => {
    if (!isNear[index]) return hidden.push(row(line));
    fold();
    return parts.push(row(line));
  });
  fold();
  return parts;
}

function nearChanges(lines) {
  const isNear = new Array(lines.length).fill(false);
  lines.forEach(({ sign }, index) => {
    if (sign !== " ") isNear.fill(true, Math.max(0, index - CONTEXT_LINES), index + CONTEXT_LINES + 1);
  });
  return isNear;
}

function row({ sign, text, old, young }) {
  return element(TAGS[sign], { class: "line" },
    element("span", { class: "no" }, String(old)), element("span", { class: "no" }, String(young)),
    element("span", { class: "sign" }, sign === "-" ? "−" : sign), element("code", {}, text));
}
