// The token, or the API key, that is sent along where the service takes one. It is kept in memory only.

import { byId, wireDialog } from "/workbench/element.js";

let token = "";

export function currentToken() {
  return token;
}

/** Ask for a token or a key, and go on once there is one. */
export function askForToken(goOn) {
  const dialog = byId("sign-in");
  byId("token-form").onsubmit = (event) => {
    event.preventDefault();
    token = byId("token").value.trim();
    dialog.close();
    goOn();
  };
  dialog.showModal();
}

wireDialog(byId("sign-in"));
