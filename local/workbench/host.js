// Says which model hosts are in use, and so whether requests cost money.

import { byId } from "/workbench/element.js";

/** Return what make run says of itself; nothing where it does not answer. */
export async function readConfig() {
  try {
    return await (await fetch("/config")).json();
  } catch {
    return {};
  }
}

export function showHost({ hosts, standIn, offline }) {
  const host = byId("host");
  if (!hosts) {
    host.textContent = "make run cannot be reached.";
    return;
  }
  host.dataset.costs = String(!standIn);
  host.textContent = standIn
    ? "A stand-in answers: no model, no cost. Set OPENROUTER_K2T_KEY to use a real one."
    : `${Object.values(hosts).map((url) => new URL(url).host).join(", ")}: every request costs money.`;
  const addresses = Object.entries(hosts).map(([name, url]) => `${name}: ${url}`);
  host.title = [...addresses, `libraries: ${offline ? "this machine" : "a public CDN"}`].join("\n");
}
