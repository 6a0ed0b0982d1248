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
  const offer = () => {
    const chosen = faults.find(({ name }) => name === select.value);
    offerPlaces("fault-at", "at every host", "at", chosen?.hosts);
    offerPlaces("fault-step", "in every step", "in the", chosen?.steps);
    showAbout(chosen);
  };
  select.addEventListener("change", offer);
  byId("faults").hidden = faults.length === 0;
  offer();
}

/** Return the directive that is chosen, to be put behind a text; empty for none. */
export function directive() {
  const name = byId("fault").value;
  if (!name) return "";
  const options = ["times", "at", "step"].map((option) => [option, byId(`fault-${option}`).value]);
  return ` [[fault ${[name, ...options.filter(([, value]) => value).map((each) => each.join("="))].join(" ")}]]`;
}

/** Offer the hosts, or the steps, that can fail in the chosen way, and keep what was chosen if it is one of them. */
function offerPlaces(id, everywhere, at, places = []) {
  const select = byId(id);
  const before = select.value;
  const options = places.map((place) => element("option", { value: place }, `${at} ${place}`));
  select.replaceChildren(element("option", { value: "" }, everywhere), ...options);
  select.value = places.includes(before) ? before : "";
}

function showAbout(chosen) {
  for (const id of ["fault-times", "fault-at", "fault-step"]) byId(id).disabled = !chosen;
  const about = byId("fault-about");
  about.title = chosen?.what ?? "";
  about.textContent = chosen?.what ?? "A directive behind the prompt makes the model host misbehave.";
}
