// Shows how a version was planned and what its review found: both are a model's words, so they are text and no more.

import { byId, element } from "/workbench/element.js";

const LISTS = { shows: "It shows", states: "Its states", interactions: "What can be done with it", edgeCases: "Edge cases" };
const SEVERITIES = { blocking: "Blocking", major: "Major", minor: "Minor" };
const NOT_PLANNED = "It was not planned: no usable plan came in time. It is built from the request alone.";
const NOT_REVIEWED = "It was not reviewed: no usable review came in time.";
const CHANGES_NOT_PLANNED = "What to change was not planned: there were only the findings to go by.";
const NOT_REBUILT = "There was no time, attempt, budget or model left to change it. You see what was reviewed.";
const REBUILDS = {
  kept: "It was changed, and you see the result.",
  discarded: "It was to be changed, but no result passed the check and kept what was there. You see what was reviewed.",
};
const NOTHING_YET = "A reviewed artifact has its plan here, and what its review found. Choose “Reviewed” under the kinds to have one.";
const WAITING = { plan: "The plan appears here as soon as there is one.", review: "What the review finds appears here once the artifact is built." };

/** Show how a version was made; `warnings` say which steps were left out. */
export function showReview({ plan, review, account } = {}) {
  const warnings = account?.warnings ?? [];
  const isLeftOut = (step) => warnings.includes(`${step}_skipped`);
  const parts = [
    ...(plan ? [planSection(plan)] : isLeftOut("plan") ? [section("Plan", note(NOT_PLANNED))] : []),
    ...(review ? [reviewSection(review, outcomeOf(review, plan && isLeftOut("plan"), isLeftOut("rebuild")))] : isLeftOut("review") ? [section("Review", note(NOT_REVIEWED))] : []),
  ];
  show(review, parts.length ? parts : [note(NOTHING_YET)]);
}

/** Show what is known of an artifact that is being made; a change has no plan. */
export function showReviewing({ plan, review, isChange, isUnplanned }) {
  const planned = plan ? planSection(plan) : section("Plan", note(isUnplanned ? NOT_PLANNED : WAITING.plan));
  const reviewed = review ? reviewSection(review, []) : section("Review", note(WAITING.review));
  show(review, isChange ? [reviewed] : [planned, reviewed]);
}

function show(review, parts) {
  byId("review-count").textContent = review?.findings.length || "";
  byId("review").replaceChildren(...parts);
}

function planSection(plan) {
  const lists = Object.entries(LISTS).filter(([name]) => plan[name]?.length);
  return section("Plan", ...lists.flatMap(([name, heading]) => [element("h4", {}, heading), list(plan[name])]));
}

function reviewSection({ findings, changes }, outcome) {
  const found = findings.length ? element("ul", { class: "findings" }, ...findings.map(finding)) : note("The review found nothing.");
  const planned = changes?.length ? [element("h4", {}, "To be changed"), list(changes)] : [];
  return section("Review", found, ...planned, ...outcome.map(note));
}

/** Say what became of the findings. */
function outcomeOf({ findings, rebuild }, isPlanLacking, isLeftOut) {
  if (rebuild) return [...(isPlanLacking ? [CHANGES_NOT_PLANNED] : []), REBUILDS[rebuild]];
  if (isLeftOut) return [NOT_REBUILT];
  return findings.length ? ["None of this was bad enough to send it back."] : [];
}

function finding({ what, where, severity }) {
  return element("li", {}, element("span", { class: "badge", "data-severity": severity }, SEVERITIES[severity] ?? severity),
    element("span", { dir: "auto" }, what), where && element("span", { class: "soft", dir: "auto" }, where));
}

function section(heading, ...parts) {
  return element("section", {}, element("h3", {}, heading), ...parts);
}

function list(items) {
  return element("ul", {}, ...items.map((item) => element("li", { dir: "auto" }, item)));
}

function note(text) {
  return element("p", { class: "soft" }, text);
}
