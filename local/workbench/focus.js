// Keeps the focus with who types: an artifact may take it for itself, such as a form does that begins in its first field.

// Who has not pressed a key for so long may well have clicked into the artifact.
const TYPING_MS = 1000;

/** Give the focus back to the field that is typed in, where a frame in this container takes it. */
export function keepFocusFromFrames(container) {
  let typed = null;
  document.addEventListener("keydown", ({ key, target }) => {
    typed = key !== "Tab" && target.matches("textarea, input") ? { field: target, at: performance.now() } : null;
  }, true);
  // Only afterwards does the document know where the focus went.
  addEventListener("blur", () => setTimeout(() => {
    const isTaken = typed && container.contains(document.activeElement) && performance.now() - typed.at < TYPING_MS;
    if (isTaken) typed.field.focus({ preventScroll: true });
  }));
}
