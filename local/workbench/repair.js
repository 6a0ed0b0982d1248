// The form for an artifact from elsewhere: content, kind and error message go to the fix function, or the content is only
// shown.

import { byId, wireDialog } from "/workbench/element.js";

export function wireRepair({ onRepair, onLook }) {
  const [dialog, form] = [byId("repair"), byId("fix")];
  const fields = () => Object.fromEntries(new FormData(form));
  wireDialog(dialog);
  byId("open-repair").addEventListener("click", () => dialog.showModal());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (onRepair(fields())) dialog.close();
  });
  byId("look").addEventListener("click", () => {
    if (!byId("content").reportValidity()) return;
    dialog.close();
    onLook(fields());
  });
}

/** Open the form again with what was sent, to be changed. */
export function reopenRepair({ content, type, errorMessage }) {
  const elements = byId("fix").elements;
  [elements.content.value, elements.type.value, elements.errorMessage.value] = [content, type, errorMessage];
  if (!byId("repair").open) byId("repair").showModal();
  byId("error-message").focus();
}
