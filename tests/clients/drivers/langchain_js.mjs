// Asks as `@langchain/openai` does.
import { coerceMessageLikeToMessage, ToolMessage } from "@langchain/core/messages";
import { ChatOpenAI } from "@langchain/openai";
import { serve } from "./answers.mjs";
import { describe } from "./openai_js.mjs";

const ask = async (order, answer) => {
  const retries = order.retries === null ? {} : { maxRetries: order.retries };
  const { url: baseURL, key: apiKey, model: name } = order;
  const model = new ChatOpenAI({ configuration: { baseURL }, apiKey, model: name, modelKwargs: order.options, ...retries });
  const read = order.stream ? streamed : whole;
  const messages = order.messages.map(coerceMessageLikeToMessage);
  const message = await read(model, messages, order, answer);
  if (order.tool_result !== null) {
    const results = message.tool_calls.map(
      ({ id }) => new ToolMessage({ content: order.tool_result, tool_call_id: id }),
    );
    await read(model, [...messages, message, ...results], order, answer);
  }
};

const whole = async (model, messages, _order, answer) => {
  const message = await model.invoke(messages);
  answer.add(message.text);
  return noted(message, answer);
};

const streamed = async (model, messages, order, answer) => {
  let message = null;
  for await (const chunk of await model.stream(messages)) {
    message = message?.concat(chunk) ?? chunk;
    answer.add(chunk.text);
    if (answer.pieces === order.leave_after) return null; // which ends the iterator, and with it the request
  }
  return noted(message, answer);
};

// Takes in what LangChain says of a whole message, which it has added up from its pieces.
const noted = (message, answer) => {
  const { finish_reason: reason, tokenUsage } = message.response_metadata;
  if (reason) answer.finish.push(reason);
  for (const { name, args } of message.tool_calls ?? []) answer.call(name, args);
  const usage = message.usage_metadata;
  if (usage) answer.spend(usage.input_tokens, usage.output_tokens, tokenUsage?.cost);
  return message;
};

await serve(ask, describe);
