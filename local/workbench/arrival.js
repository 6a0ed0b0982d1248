// Decides whether a changed version may take the place of what is shown: only if that is what was changed, and no other
// tab has changed it meanwhile. Else it is kept, and who looks is asked.

import { announce, byId, restoreFocus } from "/workbench/element.js";
import { openSheet } from "/workbench/sheet.js";

const SHOWN_CHARACTERS = 120;

export class Arrivals {
  constructor(session, stage, channel, onShow) {
    Object.assign(this, { session, stage, channel, onShow });
  }

  /** Keep a version that was made of `base`, whose hash the answer says, and show it, or ask. */
  receive({ artifact, base }, version, baseHash) {
    // What no request has made has no hash until one is told.
    base.hash ??= baseHash;
    const isShown = artifact.versions[artifact.shown].hash === baseHash;
    const theirs = this.session.unseen(artifact);
    const mine = this.session.keep(artifact, base, version);
    if (theirs) return this.askWhich(artifact, theirs, mine);
    this.channel.share(artifact, mine);
    if (isShown && artifact === this.session.current) return this.show(artifact, mine);
    // Nobody sees it being replaced.
    if (isShown) this.session.choose(artifact, mine);
    return this.askWhen(artifact, mine);
  }

  show(artifact, version) {
    this.session.choose(artifact, version);
    this.session.show(artifact);
    this.stage.show();
    this.onShow();
    restoreFocus(document.querySelector("[role=tab][aria-selected=true]"));
    announce(`${version.title} is ready.`);
  }

  /** Tell that a change is there, where something else is looked at. */
  askWhen(artifact, mine) {
    this.stay();
    openSheet({
      heading: "Your change is ready",
      sentence: `What you look at meanwhile stays. The change is version ${numberOf(artifact, mine)} of “${mine.title}”.`,
      ways: [{ label: "Show it", act: () => this.show(artifact, mine) }],
      isCalm: true,
    });
  }

  /** Ask which version is wanted, of those that two tabs have made. */
  askWhich(artifact, theirs, mine, isCompared = false) {
    if (!isCompared) this.stay();
    const compare = { label: "See the difference", act: () => this.compare(artifact, theirs, mine) };
    openSheet({
      heading: "This artifact was changed in another tab meanwhile",
      sentence: `Version ${numberOf(artifact, theirs)} is from there, and version ${numberOf(artifact, mine)} is yours. What is shown stays until you decide.`,
      facts: [["In the other tab", beginning(theirs.account?.what)], ["In this tab", beginning(mine.account.what)]],
      ways: [
        { label: "Keep both as versions", act: () => this.keepBoth(artifact, mine) },
        ...(isCompared ? [] : [compare]),
        { label: "Discard mine", act: () => this.discard(artifact, theirs, mine) },
      ],
      isCalm: true,
      onDismiss: () => this.stay(),
    });
  }

  compare(artifact, theirs, mine) {
    this.stage.compare(theirs, mine, "the version of the other tab");
    this.askWhich(artifact, theirs, mine, true);
    restoreFocus(byId("tab-changes"));
  }

  keepBoth(artifact, mine) {
    this.session.acknowledge(artifact, mine);
    this.channel.share(artifact, mine);
    this.stage.tabs.select("preview");
    this.show(artifact, mine);
  }

  /** Show what the other tab has made. The own version was paid for, so that it stays to be gone back to. */
  discard(artifact, theirs, mine) {
    mine.isDiscarded = true;
    this.stage.tabs.select("preview");
    this.show(artifact, theirs);
    announce(`The version of the other tab is shown. Yours stays version ${numberOf(artifact, mine)}.`);
  }

  /** Leave what is shown, with one more version beside it. */
  stay() {
    this.stage.showAround();
    this.onShow();
  }
}

function numberOf(artifact, version) {
  return artifact.versions.indexOf(version) + 1;
}

function beginning(text = "") {
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}
