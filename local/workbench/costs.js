// The dialog with what was spent: the requests of this tab, then the tables and the picture that the saved queries make of
// the log lines since make run started.

import { dollars, requestTable } from "/workbench/account.js";
import { byId, element, table, wireDialog } from "/workbench/element.js";

export function wireCosts(session) {
  const dialog = byId("costs");
  wireDialog(dialog);
  byId("reload-costs").addEventListener("click", () => fill(session));
  byId("open-costs").addEventListener("click", () => {
    dialog.showModal();
    fill(session);
  });
}

async function fill(session) {
  const { costUsd, requests, unknown } = session.total;
  const ofUnknown = unknown ? `, ${unknown} of them of unknown cost` : "";
  byId("costs-summary").textContent = `This tab: ${dollars(costUsd)} for ${requests} ${requests === 1 ? "request" : "requests"}${ofUnknown}.`;
  const parts = session.requests.length ? [requestTable(session)] : [];
  byId("costs-tables").replaceChildren(...parts, ...(await logged()));
}

/** Return the picture and tables of the log, or the sentence that says why there are none. */
async function logged() {
  try {
    const response = await fetch("/costs");
    const { tables, requests, problems, droppedLines } = await response.json();
    if (!requests) return [element("p", { class: "soft" }, "The log of make run holds no request yet.")];
    const heading = element("h3", {}, `Since make run started: ${requests} ${requests === 1 ? "request" : "requests"}`);
    const lost = droppedLines ? [`The oldest ${droppedLines} lines are forgotten: the tables and the picture are of those after them.`] : [];
    const notes = [...lost, ...problems].map((each) => element("p", { class: "soft" }, each));
    return [heading, picture(), ...notes, ...tables.map(({ title, columns, rows }) => rows.length
      ? table(title, columns, rows)
      : element("p", { class: "soft" }, `${title}: none.`))];
  } catch {
    return [element("p", { class: "soft" }, "The log of make run cannot be read. See that it is running, and read again.")];
  }
}

function picture() {
  // The log grows, so that an earlier picture is of no use.
  const image = element("img", { src: `/costs.svg?${Date.now()}`, alt: "Cost per day and model", width: "1080", height: "540" });
  image.addEventListener("error", () => image.remove());
  return image;
}
