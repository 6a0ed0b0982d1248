// Sends one request at a time and says what becomes of it; stopping it, and sending the same again, are here too.

import { Progress } from "/workbench/progress.js";

export class Requests {
  constructor(client, { onStart, onCode, onAnswer, onFailure, onEnd }) {
    this.client = client;
    this.hooks = { onStart, onCode, onAnswer, onFailure, onEnd };
    this.progress = new Progress();
    this.controller = null;
  }

  get isBusy() {
    return this.controller !== null;
  }

  /** Send an order, {function: "generate" or "fix", fields, …}; one sent again keeps its key, so that it is billed once. */
  async send(order) {
    if (this.isBusy) return;
    order.key ??= crypto.randomUUID();
    this.controller = new AbortController();
    this.hooks.onStart(order);
    this.progress.start(order);
    const outcome = await this.outcomeOf(order);
    this.progress.end();
    this.controller = null;
    this.hooks.onEnd(order);
    outcome(this.progress.seconds);
  }

  stop() {
    this.controller?.abort();
  }

  async outcomeOf(order) {
    const watch = {
      onStatus: (event) => this.progress.status(event),
      onDelta: (event) => {
        this.progress.delta(event);
        this.hooks.onCode();
      },
      onReset: () => this.progress.reset(),
      onPlan: (plan) => this.progress.plan(plan),
      onReview: (review) => this.progress.review(review),
      signal: this.controller.signal,
      idempotencyKey: order.key,
    };
    try {
      const answer = await this.client[order.function](order.fields, watch);
      return (seconds) => this.hooks.onAnswer(order, answer, seconds);
    } catch (error) {
      return (seconds) => this.hooks.onFailure(order, error, seconds);
    }
  }
}
