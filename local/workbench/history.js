// The list of what was made in this session: a click brings an artifact back.

import { dollars } from "/workbench/account.js";
import { byId, element } from "/workbench/element.js";

export function showHistory(session, bringBack) {
  const list = byId("history");
  const hadFocus = list.contains(document.activeElement);
  byId("history-empty").hidden = session.artifacts.length > 0;
  list.replaceChildren(...session.artifacts.map((artifact) => entry(artifact, artifact === session.current, bringBack)));
  if (hadFocus) list.querySelector("[aria-current]")?.focus();
}

function entry(artifact, isShown, bringBack) {
  const version = artifact.versions[artifact.shown];
  const paid = artifact.versions.reduce((sum, { account }) => sum + (account?.costUsd ?? 0), 0);
  const count = artifact.versions.length;
  const about = [version.type, count > 1 ? `${count} versions` : "", dollars(paid)].filter(Boolean).join(" · ");
  const button = element("button", { type: "button", click: () => bringBack(artifact), "aria-current": isShown && "true", title: artifact.prompt },
    element("strong", { dir: "auto" }, version.title), element("span", {}, about));
  return element("li", {}, button);
}
