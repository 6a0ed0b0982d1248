// The stage shows one version of an artifact: title, preview, code, changes, review, what it cost, and the steps to its other
// versions. An error of the artifact is told here, with the button that has it fixed.

import { showFacts } from "/workbench/account.js";
import { offerChange } from "/workbench/change.js";
import { showChanges } from "/workbench/changes.js";
import { copyCode, downloadCode } from "/workbench/download.js";
import { announce, byId, restoreFocus } from "/workbench/element.js";
import { errorMessageOf, Preview } from "/workbench/preview.js";
import { showReview } from "/workbench/review.js";
import { closeSheet, openSheet } from "/workbench/sheet.js";
import { Tabs } from "/workbench/tabs.js";

const MENDED = "The fix function can mend it: it is sent the code and what the browser said.";
const PHASES = {
  compile: ["It cannot be read", MENDED],
  load: ["Something that it needs could not be loaded", "A library may be out of reach: then run it again, or install them all with make workbench-offline. If the artifact asks for what it may not have, have it fixed."],
  run: ["It failed while running", MENDED],
};

export class Stage {
  constructor(session, renderer, { isBusy, onFix, onStep }) {
    this.session = session;
    this.isBusy = isBusy;
    this.onFix = onFix;
    this.onStep = onStep;
    this.tabs = new Tabs(document.querySelector("[role=tablist]"));
    this.preview = new Preview(renderer, {
      onReady: () => announce("The artifact is on the screen."),
      // While a request runs, what it will replace has nothing to say.
      onError: (errors) => isBusy() || this.tellErrors(errors),
    });
    byId("problems").addEventListener("click", () => this.tellErrors(this.preview.errors));
    byId("elsewhere").addEventListener("click", () => this.showElsewhere());
    byId("back").addEventListener("click", () => this.step(-1));
    byId("forth").addEventListener("click", () => this.step(1));
    byId("copy").addEventListener("click", (event) => copyCode(event.currentTarget, session.version));
    byId("download").addEventListener("click", () => downloadCode(session.version));
  }

  /** Show what the session shows; without anything the stage stays empty. */
  show() {
    const { version } = this.session;
    closeSheet();
    this.showAround();
    if (version) this.preview.show(version);
  }

  /** Show all but the preview, which goes on as it is. */
  showAround() {
    const { current, version, base } = this.session;
    // While a request runs, the code that it writes is seen there, and how it is planned and reviewed.
    if (!this.isBusy()) {
      byId("code-text").textContent = version?.code ?? "";
      showReview(version ?? {});
    }
    showChanges(base?.code ?? null, version?.code ?? null, `version ${current?.versions.indexOf(base) + 1}`);
    showFacts(version?.account);
    byId("copy").disabled = byId("download").disabled = !version;
    byId("elsewhere").hidden = !this.session.unseen(current);
    offerChange(version, this.isBusy());
    showHeader(version?.title ?? "Nothing made yet", version, current);
  }

  /** Show what is being made, in the place of what it will replace. */
  showMaking({ what, change, fields }) {
    // A plan comes long before any code does.
    this.tabs.select(fields.workflow === "reviewed" && !change ? "review" : "code");
    byId("copy").disabled = byId("download").disabled = true;
    showFacts(null);
    showHeader(what, null, null);
  }

  /** Show how two versions differ, until something is shown again; `than` names the former. */
  compare(before, after, than) {
    showChanges(before.code, after.code, than);
    this.tabs.select("changes");
  }

  step(by) {
    if (!this.session.step(by)) return;
    this.show();
    restoreFocus(byId(by < 0 ? "forth" : "back"));
    announce(`Version ${byId("version").textContent}`);
    this.onStep();
  }

  /** Show the latest version that another tab has made. */
  showElsewhere() {
    const { current } = this.session;
    this.step(current.versions.indexOf(this.session.unseen(current)) - current.shown);
  }

  runAgain() {
    closeSheet();
    this.preview.run();
  }

  tellErrors(errors) {
    const [heading, sentence] = PHASES[errors[0].phase] ?? PHASES.run;
    const ways = [{ label: "Fix it", act: () => this.onFix(errorMessageOf(errors)) }, { label: "Run it again", act: () => this.runAgain() }];
    openSheet({
      heading,
      sentence,
      details: errors.map((error) => errorMessageOf([{ ...error, stack: "" }])),
      // A library that is out of reach is none of the code's faults, and a fix costs money.
      ways: errors[0].phase === "load" ? ways.reverse() : ways,
    });
  }
}

function showHeader(title, version, artifact) {
  byId("title").textContent = title;
  byId("kind").hidden = !version;
  byId("kind").textContent = [version?.type, version?.language, version?.isDiscarded && "discarded"].filter(Boolean).join(", ");
  byId("version").textContent = artifact ? `${artifact.shown + 1} of ${artifact.versions.length}` : "–";
  byId("back").disabled = !artifact || artifact.shown === 0;
  byId("forth").disabled = !artifact || artifact.shown === artifact.versions.length - 1;
}
