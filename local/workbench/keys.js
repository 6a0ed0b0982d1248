// The keys that work everywhere: Escape stops a request, else it closes the sheet; [ and ] go back and forth between versions.

const STEPS = { "[": -1, "]": 1 };

export function wireKeys({ escape, step }) {
  document.addEventListener("keydown", (event) => {
    // In a dialog Escape closes it, in a field a bracket is text, and while a character is composed keys are about that.
    if (document.querySelector("dialog[open]") || event.ctrlKey || event.metaKey || event.isComposing) return;
    if (event.key === "Escape") escape();
    if (STEPS[event.key] && !event.target.closest("textarea, input, select")) step(STEPS[event.key]);
  });
}
