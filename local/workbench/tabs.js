// The tabs of the stage: one panel is seen at a time, arrow keys go from one to the next.

import { byId } from "/workbench/element.js";

export class Tabs {
  constructor(list) {
    this.isChosen = false;
    this.tabs = [...list.querySelectorAll("[role=tab]")];
    for (const tab of this.tabs) tab.addEventListener("click", () => this.choose(tab.getAttribute("aria-controls")));
    list.addEventListener("keydown", (event) => this.move(event));
  }

  get selected() {
    return this.tabs.find((tab) => tab.getAttribute("aria-selected") === "true").getAttribute("aria-controls");
  }

  /** Show a panel because who looks wants it. */
  choose(panel) {
    this.select(panel);
    this.isChosen = true;
  }

  /** Show a panel, unless another one was chosen since the last was selected. */
  follow(panel) {
    if (!this.isChosen && this.selected !== panel) this.select(panel);
  }

  select(panel) {
    this.isChosen = false;
    for (const tab of this.tabs) {
      const isChosen = tab.getAttribute("aria-controls") === panel;
      tab.setAttribute("aria-selected", String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
      byId(tab.getAttribute("aria-controls")).hidden = !isChosen;
    }
  }

  move(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    const index = this.tabs.indexOf(document.activeElement);
    const next = this.tabs[(index + step + this.tabs.length) % this.tabs.length];
    next.focus();
    this.choose(next.getAttribute("aria-controls"));
  }
}
