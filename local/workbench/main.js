// Puts the workbench together: what the forms send goes to the functions by the client, what comes back goes into the
// session and onto the stage.

import { ArtifactsClient } from "/client/client.js";
import { createRenderer } from "/client/renderer/renderer.js";
import { accountOf, showTotal } from "/workbench/account.js";
import { Arrivals } from "/workbench/arrival.js";
import { contentOf, fillChange, offerChange, wireChange } from "/workbench/change.js";
import { Channel } from "/workbench/channel.js";
import { wireCosts } from "/workbench/costs.js";
import { announce, byId, restoreFocus, submitOnCtrlEnter } from "/workbench/element.js";
import { explain } from "/workbench/errors.js";
import { Failures } from "/workbench/failures.js";
import { directive, offerFaults } from "/workbench/faults.js";
import { keepFocusFromFrames } from "/workbench/focus.js";
import { showHistory } from "/workbench/history.js";
import { readConfig, showHost } from "/workbench/host.js";
import { wireKeys } from "/workbench/keys.js";
import { reopenRepair, wireRepair } from "/workbench/repair.js";
import { Requests } from "/workbench/request.js";
import { Session } from "/workbench/session.js";
import { closeSheet, dismissSheet } from "/workbench/sheet.js";
import { Stage } from "/workbench/stage.js";
import { offerSuggestions } from "/workbench/suggestions.js";
import { askForToken, currentToken } from "/workbench/token.js";

const config = await readConfig();
const session = new Session(() => sessionStorage, config.workflow);
const renderer = createRenderer(config.libraries ? { libraries: config.libraries } : {});
const stage = new Stage(session, renderer, { isBusy: () => requests.isBusy, onFix: fixShown, onStep: showSession });
// Each click is one request: what the service says is shown, where a frontend would let the client try again by itself.
const client = new ArtifactsClient({ generateUrl: "/generate-artifact", fixUrl: "/generate-artifact-fix", token: currentToken, guard: config.guard, retries: 0 });
const requests = new Requests(client, { onStart: begin, onCode: () => stage.tabs.follow("code"), onAnswer: receive, onFailure: fail, onEnd: end });
const failures = new Failures({ send: (order) => requests.send(order), edit: editOrder, describe: describeAnew, fixDraft, signIn });
const channel = new Channel(session, hearOf);
const arrivals = new Arrivals(session, stage, channel, showSession);

function showSession() {
  showHistory(session, bringBack);
  showTotal(session.total);
}

function bringBack(artifact, version) {
  if (version) session.choose(artifact, version);
  session.show(artifact);
  showPreview();
}

/** Show what was not made just now; the progress of a request that is under way stays to be seen. */
function showPreview() {
  if (!requests.isBusy) requests.progress.clear();
  stage.show();
  stage.tabs.choose("preview");
  showSession();
}

/** Tell that another tab has changed this artifact; what is shown stays. */
function hearOf(artifact) {
  if (artifact === session.current && !requests.isBusy) stage.showAround();
  showHistory(session, bringBack);
  announce(`${artifact.versions[artifact.shown].title} was changed in another tab.`);
}

function begin(order) {
  closeSheet();
  setBusy(true, order);
  stage.showMaking(order);
  byId("stage").scrollIntoView({ block: "nearest" });
}

function end(order) {
  setBusy(false, order);
  stage.tabs.select("preview");
}

function setBusy(isBusy, { change }) {
  byId("stage").setAttribute("aria-busy", String(isBusy));
  byId("submit").disabled = byId("problems").disabled = byId("send-repair").disabled = isBusy;
  byId("stop").disabled = !isBusy;
  offerChange(session.version, isBusy);
  restoreFocus(byId(isBusy ? "stop" : change ? "change-prompt" : "submit"));
}

function receive(order, answer, seconds) {
  const account = accountOf(answer, order.what, seconds, "made");
  const made = answer.artifact ?? { type: answer.type, code: answer.fixedCode, title: order.title, language: order.language };
  const version = { type: made.type, title: made.title, language: made.language, code: made.code, hash: answer.version, plan: answer.plan, review: answer.review, account };
  session.pay(account);
  showTotal(session.total);
  if (order.change) fillChange();
  if (order.artifact) return arrivals.receive(order, version, answer.baseVersion);
  session.add(order.what, version);
  stage.show();
  showSession();
  return announce(`${version.title} is ready.`);
}

function fail(order, error, seconds) {
  session.pay(accountOf(error, order.what, seconds, explain(error, Boolean(order.change)).heading));
  stage.showAround();
  showTotal(session.total);
  failures.show(order, error);
}

function fixShown(errorMessage) {
  const { current, version } = session;
  const { type, code, title, language } = version;
  const own = { content: code, type, errorMessage };
  const fields = { ...own, errorMessage: errorMessage + directive() };
  requests.send({ function: "fix", what: `Fix of ${title}`, fields, own, artifact: current, base: version, title, language });
}

function changeShown(change) {
  const { current, version } = session;
  if (!version || requests.isBusy) return;
  const { id: sessionId, workflow } = session;
  const fields = { prompt: change + directive(), content: contentOf(version), artifactType: version.type, workflow, sessionId };
  requests.send({ function: "generate", what: change, change, fields, artifact: current, base: version, title: version.title, language: version.language });
}

function fixDraft(order, { draft, message }) {
  const { artifact, base, title = order.what, language } = order;
  if (artifact) session.addVersion(artifact, base, { ...draft, title, language, isDraft: true });
  else showOwn({ code: draft.code, type: draft.type, title, isDraft: true });
  showPreview();
  fixShown(message);
}

/** Show code that no request of this tab returned, as an artifact, so that a fix of it is a version of it. */
function showOwn({ code, type, title = "Something of your own", isDraft = false }) {
  session.add(title, { type, code, title, isDraft });
  showPreview();
}

function signIn(goOn) {
  // It could take the focus, also from a dialog, and with it the token.
  stage.preview.suspend("The artifact is stopped while a token is asked for.");
  askForToken(goOn);
}

function editOrder(order) {
  if (order.own) return reopenRepair(order.own);
  if (!order.change) return byId("prompt").focus();
  if (session.version !== order.base) bringBack(order.artifact, order.base);
  return fillChange(order.change);
}

/** Put what could not be changed into words, to be asked for as a new artifact. */
function describeAnew({ artifact, base, change }) {
  const { elements } = byId("generate");
  elements.artifactType.value = base.type;
  elements.prompt.value = `${artifact.prompt}\n${change}`.slice(0, elements.prompt.maxLength);
  elements.prompt.focus();
}

byId("generate").addEventListener("submit", (event) => {
  event.preventDefault();
  const { prompt, artifactType } = Object.fromEntries(new FormData(event.currentTarget));
  const { id: sessionId, workflow } = session;
  const fields = { prompt: prompt + directive(), workflow, sessionId, ...(artifactType && { artifactType }) };
  requests.send({ function: "generate", what: prompt, fields });
});
for (const choice of byId("generate").elements.workflow) {
  choice.checked = choice.value === session.workflow;
  choice.addEventListener("change", () => session.chooseWorkflow(choice.value));
}
byId("stop").addEventListener("click", () => requests.stop());

wireRepair({
  onLook: ({ content, type }) => showOwn({ code: content, type }),
  onRepair: (own) => {
    if (requests.isBusy) return false;
    showOwn({ code: own.content, type: own.type, isDraft: true });
    fixShown(own.errorMessage);
    return true;
  },
});
wireChange(changeShown);
submitOnCtrlEnter(byId("generate"));
keepFocusFromFrames(byId("frame"));
wireCosts(session);
wireKeys({ escape: () => (requests.isBusy ? requests.stop() : dismissSheet()), step: (by) => stage.step(by) });
offerFaults(config.faults ?? []);
offerSuggestions();
showSession();
stage.show();
// Before all this a click would have sent the form to the page's own address.
byId("submit").disabled = false;
showHost(config);
