// Says which model host is in use, and so whether requests cost money.

import { byId } from "/workbench/element.js";

/** Return what make run says of itself; nothing where it does not answer. */
export async function readConfig() {
  try {
    return await (await fetch("/config")).json();
  } catch {
    return {};
  }
}

export function showHost({ modelHost, standIn, offline }) {
  const host = byId("host");
  if (!modelHost) {
    host.textContent = "make run cannot be reached.";
    return;
  }
  host.dataset.costs = String(!standIn);
  host.textContent = standIn
    ? "A stand-in answers: no model, no cost. Set OPENROUTER_K2T_KEY to use a real one."
    : `${new URL(modelHost).host} answers: every request costs money.`;
  host.title = `${modelHost}; libraries from ${offline ? "this machine" : "a public CDN"}`;
}
