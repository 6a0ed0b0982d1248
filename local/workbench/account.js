// Says in words what a request cost: dollars, tokens, model, attempts, and what all requests of this tab cost together.

import { byId, definitions, element, table } from "/workbench/element.js";
import { OF_CLIENT } from "/workbench/errors.js";

const NUMBER = new Intl.NumberFormat("en");

/** Write an amount with the digits that matter: a request costs a fraction of a cent. */
export function dollars(amount) {
  if (typeof amount !== "number") return "unknown";
  if (amount === 0) return "$0";
  return `$${amount.toFixed(amount < 0.1 ? 4 : 2)}`;
}

export function tokens(usage) {
  if (!usage) return "";
  const extra = [[usage.reasoningTokens, "of it thinking"], [usage.cachedTokens, "cached"]];
  const also = extra.filter(([count]) => count > 0).map(([count, name]) => `${NUMBER.format(count)} ${name}`);
  return [`${NUMBER.format(usage.inputTokens)} in, ${NUMBER.format(usage.outputTokens)} out`, ...also].join(", ");
}

/** Return what is kept of a request that has ended; `seconds` is how long it took as seen from here. */
export function accountOf(answer, what, seconds, outcome) {
  const { code, costUsd, usage, model, host, attempts, repaired, warnings, requestId, applied, edits } = answer;
  // A failure that the service tells has a cost only once the model host was called; what became of a request that was
  // given up or cut off, nobody knows here.
  const isFree = attempts === undefined && !OF_CLIENT.includes(code);
  return {
    costUsd: isFree ? 0 : costUsd, usage, model, host, attempts, repaired, warnings, requestId, applied, edits, what, seconds, outcome,
  };
}

export function showFacts(account) {
  byId("facts").replaceChildren(...(account ? definitions([
    ["Cost", dollars(account.costUsd)],
    ["Tokens", tokens(account.usage)],
    ["Attempts", account.repaired ? `${account.attempts}, repaired` : account.attempts],
    ["Applied", appliedAs(account)],
    ["Model", modelOf(account)],
    ["Warnings", (account.warnings ?? []).join(", ")],
  ]) : [element("div", {}, "Phases, cost and tokens of a request appear here.")]));
}

/** Say how a change or a fix was made: by so many edits, or by writing all of it again. */
function appliedAs({ applied, edits }) {
  return applied === "edits" ? `${edits} ${edits === 1 ? "edit" : "edits"}` : applied;
}

/** Return the model as MODELS names it: with its host in front, but for OpenRouter's. */
function modelOf({ model, host }) {
  return model && host && host !== "openrouter" ? `${host}/${model}` : model;
}

export function showTotal({ costUsd, requests, unknown }) {
  const total = byId("total");
  total.textContent = dollars(costUsd) + (unknown ? " + ?" : "");
  total.title = `${requests} requests in this tab` + (unknown ? `, ${unknown} of unknown cost` : "");
}

/** Make the table of all requests of this tab, the latest first. */
export function requestTable({ requests }) {
  const columns = ["request", "outcome", "USD", "tokens", "attempts", "seconds", "model"];
  const rows = requests.map((each) => [each.what, each.outcome, dollars(each.costUsd), tokens(each.usage),
    each.attempts, each.seconds.toFixed(1), modelOf(each)]);
  return table("Requests of this tab", columns, rows);
}
