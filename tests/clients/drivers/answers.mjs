// What a driver reads and writes, as answers.py has it: orders from standard input, an answer to each on standard
// output, a line of JSON each.
import { createInterface } from "node:readline";

class Answer {
  text = "";
  reasoning = "";
  finish = [];
  calls = [];
  usage = { prompt: 0, completion: 0, cost: null };
  pieces = 0;
  error = null;

  add(text, reasoning) {
    this.text += text ?? "";
    this.reasoning += reasoning ?? "";
    this.pieces += text ? 1 : 0;
  }

  call(name, args) {
    this.calls.push({ name, arguments: typeof args === "string" ? JSON.parse(args) : args });
  }

  spend(prompt, completion, cost) {
    this.usage.prompt += prompt;
    this.usage.completion += completion;
    if (cost != null) this.usage.cost = (this.usage.cost ?? 0) + cost;
  }
}

// The names of a class and of those that it extends.
const classes = (error) => {
  const names = [];
  for (let of = Object.getPrototypeOf(error); of && of !== Object.prototype; of = Object.getPrototypeOf(of)) {
    names.push(of.constructor.name);
  }
  return names;
};

// Answers each order; whatever a client raises is described in the answer, beside what came before it.
export const serve = async (ask, describe) => {
  for await (const line of createInterface({ input: process.stdin })) {
    const answer = new Answer();
    try {
      await ask(JSON.parse(line), answer);
    } catch (error) {
      answer.error = { classes: classes(error), message: error.message, ...describe(error) };
    }
    console.log(JSON.stringify(answer, (_, value) => value ?? null));
  }
};
