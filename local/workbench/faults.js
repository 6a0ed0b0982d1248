// The switch that makes the stand-in fail: it writes a directive behind the prompt or the error message, which the stand-in
// heeds (docs/stand-in.md). There is none with a real model host.

import { byId, element } from "/workbench/element.js";

export function offerFaults(faults) {
  const groups = new Map();
  for (const { name, group, what } of faults) {
    if (!groups.has(group)) groups.set(group, element("optgroup", { label: group }));
    groups.get(group).append(element("option", { value: name, title: what }, name));
  }
  const select = byId("fault");
  select.append(...groups.values());
  select.addEventListener("change", () => { offerHosts(faults); showAbout(faults); });
  byId("faults").hidden = faults.length === 0;
  offerHosts(faults);
  showAbout(faults);
}

/** Return the directive that is chosen, to be put behind a text; empty for none. */
export function directive() {
  const name = byId("fault").value;
  if (!name) return "";
  const options = [["times", byId("fault-times").value], ["at", byId("fault-at").value]];
  return ` [[fault ${[name, ...options.filter(([, value]) => value).map((each) => each.join("="))].join(" ")}]]`;
}

/** Offer the hosts that can fail in the chosen way, and keep the one that was chosen if it is one of them. */
function offerHosts(faults) {
  const hosts = faults.find(({ name }) => name === byId("fault").value)?.hosts ?? [];
  const select = byId("fault-at");
  const before = select.value;
  const options = hosts.map((host) => element("option", { value: host }, `at ${host}`));
  select.replaceChildren(element("option", { value: "" }, "at every host"), ...options);
  select.value = hosts.includes(before) ? before : "";
}

function showAbout(faults) {
  const chosen = faults.find(({ name }) => name === byId("fault").value);
  for (const id of ["fault-times", "fault-at"]) byId(id).disabled = !chosen;
  const about = byId("fault-about");
  about.title = chosen?.what ?? "";
  about.textContent = chosen?.what ?? "A directive behind the prompt makes the model host misbehave.";
}
