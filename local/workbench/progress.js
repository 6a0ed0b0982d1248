// The live view of a request: its phases with how long each took, the time since it began, the code as it is written, and
// of a reviewed artifact the plan and the review.

import { announce, byId, element } from "/workbench/element.js";
import { showReview, showReviewing } from "/workbench/review.js";

const WORDS = {
  starting: "Starting", thinking: "Thinking", writing: "Writing", checking: "Checking", repairing: "Repairing", retrying: "Trying again",
  planning: "Planning", reviewing: "Reviewing", changing: "Changing",
};
const TICK_MS = 100;
// So near to its end a view counts as being there.
const END_PX = 32;

export class Progress {
  constructor() {
    this.phases = byId("phases");
    this.elapsed = byId("elapsed");
    this.panel = byId("code");
    this.code = byId("code-text");
  }

  get seconds() {
    return (performance.now() - this.began) / 1000;
  }

  start({ fields, change } = {}) {
    this.steps = { isChange: Boolean(change) };
    this.isReviewed = fields?.workflow === "reviewed";
    if (this.isReviewed) showReviewing(this.steps);
    else showReview();
    this.began = performance.now();
    this.phase = null;
    this.characters = 0;
    this.attempt = 1;
    this.phases.replaceChildren();
    this.code.replaceChildren();
    this.follows = true;
    this.enter("starting");
    this.timer = setInterval(() => this.tick(), TICK_MS);
  }

  status({ phase, characters, attempt }) {
    this.characters = characters;
    this.attempt = attempt;
    // A step that is left out has no event: what comes after it tells.
    if (phase === "writing" || (this.phase === "planning" && phase !== "planning")) this.promiseNoPlan();
    if (phase !== this.phase) this.enter(phase);
  }

  delta({ code }) {
    // Asked before the code grows, so that who has scrolled up stays there.
    const isAtEnd = this.panel.scrollHeight - this.panel.scrollTop - this.panel.clientHeight < END_PX;
    this.code.append(code);
    if (isAtEnd) this.panel.scrollTop = this.panel.scrollHeight;
  }

  plan(plan) {
    this.steps.plan = plan;
    showReviewing(this.steps);
    announce("The plan is there.");
  }

  review(review) {
    this.steps.review = review;
    showReviewing(this.steps);
    announce(`The review has ${review.findings.length} ${review.findings.length === 1 ? "finding" : "findings"}.`);
  }

  promiseNoPlan() {
    if (!this.isReviewed || this.steps.plan || this.steps.isUnplanned) return;
    this.steps.isUnplanned = true;
    showReviewing(this.steps);
  }

  reset() {
    this.code.replaceChildren();
  }

  /** Stop the clock; the phases stay, with what they took. */
  end() {
    clearInterval(this.timer);
    this.tick();
    this.phases.lastElementChild?.removeAttribute("aria-current");
    this.elapsed.textContent = `${this.seconds.toFixed(1)} s`;
  }

  clear() {
    this.phases.replaceChildren();
    this.elapsed.textContent = "";
  }

  enter(phase) {
    // What comes before the first phase is not one that anybody wants to know of afterwards. Of a reviewed artifact that is
    // the planning: the service says that it thinks as soon as it has the request.
    const isFirst = this.phase === "starting" || (phase === "planning" && this.phases.childElementCount === 1);
    if (isFirst) this.phases.replaceChildren();
    this.phases.lastElementChild?.removeAttribute("aria-current");
    this.phase = phase;
    this.entered = performance.now();
    this.took = element("time", {});
    this.phases.append(element("li", { "aria-current": "step", "data-phase": phase }, WORDS[phase] ?? phase, " ", this.took));
    this.tick();
    this.phases.scrollLeft = this.phases.scrollWidth;
    announce(WORDS[phase] ?? phase);
  }

  tick() {
    this.took.textContent = `${((performance.now() - this.entered) / 1000).toFixed(1)} s`;
    const about = [`${this.seconds.toFixed(1)} s`];
    if (this.characters) about.push(`${this.characters.toLocaleString("en")} characters`);
    if (this.attempt > 1) about.push(`attempt ${this.attempt}`);
    this.elapsed.textContent = about.join(" · ");
  }
}
