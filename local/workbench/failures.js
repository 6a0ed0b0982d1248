// Shows a request that failed as a sentence, and turns each way on into a button that goes it.

import { dollars } from "/workbench/account.js";
import { explain } from "/workbench/errors.js";
import { closeSheet, openSheet } from "/workbench/sheet.js";

const LABELS = {
  again: "Try again",
  anew: "Send it as a new request",
  edit: "Change what is sent",
  describe: "Ask for a new artifact",
  fix: "Have the draft fixed",
  signIn: "Sign in",
  reload: "Reload the page",
  report: "Copy the request ID",
};

export class Failures {
  constructor({ send, edit, describe, fixDraft, signIn }) {
    this.actions = {
      again: (order) => send(order),
      anew: (order) => send({ ...order, key: undefined }),
      edit: (order) => { closeSheet(); edit(order); },
      describe: (order) => { closeSheet(); describe(order); },
      fix: (order, error) => fixDraft(order, error),
      signIn: (order) => signIn(() => send(order)),
      reload: () => location.reload(),
      report: (_order, error) => navigator.clipboard.writeText(error.requestId ?? ""),
    };
  }

  show(order, error) {
    const { heading, sentence, detail, ways, waitSeconds, isCalm } = explain(error, Boolean(order.change));
    openSheet({
      heading,
      sentence,
      isCalm,
      remark: detail,
      facts: [
        ["Code", error.code],
        ["Cost", error.attempts && dollars(error.costUsd)],
        ["Attempts", error.attempts],
        ["Request", error.requestId],
      ],
      ways: ways.map((way) => ({
        label: LABELS[way],
        act: () => this.actions[way](order, error),
        waitSeconds: way === "again" ? waitSeconds : 0,
      })),
    });
  }
}
