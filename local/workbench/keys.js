// The keys that work everywhere: Escape stops a request, else it closes the sheet; [ and ] go back and forth between versions.

const STEPS = { "[": -1, "]": 1 };

export function wireKeys({ escape, step }) {
  document.addEventListener("keydown", (event) => {
    // In a dialog Escape closes it, and in a field a bracket is text.
    if (document.querySelector("dialog[open]") || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") escape();
    if (STEPS[event.key] && !event.target.closest("textarea, input, select")) step(STEPS[event.key]);
  });
}
