// Asks as the `openai` package for JavaScript does.
import OpenAI from "openai";
import { serve } from "./answers.mjs";

const ask = async (order, answer) => {
  const retries = order.retries === null ? {} : { maxRetries: order.retries };
  const client = new OpenAI({ baseURL: order.url, apiKey: order.key, ...retries });
  const body = { model: order.model, messages: order.messages, ...order.options };
  const read = order.stream ? streamed : whole;
  const message = await read(client, body, order, answer);
  if (order.tool_result !== null) {
    const results = (message.tool_calls ?? []).map((call) => ({
      role: "tool",
      tool_call_id: call.id,
      content: order.tool_result,
    }));
    await read(client, { ...body, messages: [...order.messages, message, ...results] }, order, answer);
  }
};

const whole = async (client, body, _order, answer) => {
  const completion = await client.chat.completions.create(body);
  const [choice] = completion.choices;
  answer.add(choice.message.content, choice.message.reasoning_content);
  answer.finish.push(choice.finish_reason);
  spend(completion.usage, answer);
  return noted(choice.message, answer);
};

const streamed = async (client, body, order, answer) => {
  const stream = client.chat.completions.stream({ ...body, stream_options: { include_usage: true } });
  for await (const chunk of stream) {
    take(chunk, answer);
    if (answer.pieces === order.leave_after) {
      stream.abort();
      return null;
    }
  }
  return noted(await stream.finalMessage(), answer);
};

const take = (chunk, answer) => {
  for (const { delta, finish_reason: reason } of chunk.choices) {
    answer.add(delta.content, delta.reasoning_content);
    if (reason) answer.finish.push(reason);
  }
  spend(chunk.usage, answer);
};

const noted = (message, answer) => {
  for (const call of message.tool_calls ?? []) answer.call(call.function.name, call.function.arguments);
  return message;
};

const spend = (usage, answer) => {
  if (usage) answer.spend(usage.prompt_tokens, usage.completion_tokens, usage.cost);
};

export const describe = ({ code, param, type, status, requestID, headers }) => ({
  code,
  param,
  type,
  status,
  request_id: requestID,
  retry_after: headers?.get?.("retry-after"),
});

if (import.meta.url === `file://${process.argv[1]}`) await serve(ask, describe);
