// Asks as the Vercel AI SDK does, by `@ai-sdk/openai-compatible`, which calls the tools by itself.
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateText, jsonSchema, Output, stepCountIs, streamText, tool } from "ai";
import { serve } from "./answers.mjs";

globalThis.AI_SDK_LOG_WARNINGS = false;

const ask = async (order, answer) => {
  const provider = createOpenAICompatible({
    name: "chat",
    baseURL: order.url,
    apiKey: order.key,
    includeUsage: true,
    supportsStructuredOutputs: true,
  });
  const { tools, tool_choice: choice, response_format: format, ...settings } = order.options;
  const stop = new AbortController();
  const call = {
    model: provider(order.model),
    messages: order.messages,
    allowSystemInMessages: true,
    abortSignal: stop.signal,
    ...settings,
    ...(tools && { tools: toolsOf(tools, order), stopWhen: stepCountIs(2) }),
    ...(choice && { toolChoice: choice }),
    ...(format && { output: outputOf(format) }),
    ...(order.retries !== null && { maxRetries: order.retries }),
  };
  await (order.stream ? streamed(call, order, answer, stop) : whole(call, answer));
};

const toolsOf = (tools, order) =>
  Object.fromEntries(
    tools.map(({ function: { name, description, parameters } }) => [
      name,
      tool({ description, inputSchema: jsonSchema(parameters), execute: () => order.tool_result }),
    ]),
  );

const outputOf = ({ type, json_schema: schema }) =>
  type === "json_schema" ? Output.object({ schema: jsonSchema(schema.schema), name: schema.name }) : Output.json();

const whole = async (call, answer) => {
  const { steps } = await generateText(call);
  for (const step of steps) {
    answer.add(step.text, step.reasoningText);
    for (const { toolName, input } of step.toolCalls) answer.call(toolName, input);
    finish(step, answer);
  }
};

const streamed = async (call, order, answer, stop) => {
  for await (const part of streamText({ ...call, onError: () => {} }).fullStream) {
    if (part.type === "text-delta") answer.add(part.text);
    if (part.type === "reasoning-delta") answer.add("", part.text);
    if (part.type === "tool-call") answer.call(part.toolName, part.input);
    if (part.type === "finish-step") finish(part, answer);
    if (part.type === "error") throw part.error;
    if (answer.pieces === order.leave_after) {
      stop.abort();
      return;
    }
  }
};

const finish = ({ rawFinishReason, finishReason, usage }, answer) => {
  answer.finish.push(rawFinishReason ?? finishReason);
  answer.spend(usage.inputTokens ?? 0, usage.outputTokens ?? 0, usage.raw?.cost);
};

// Of the last of several attempts, where it has given up repeating.
const describe = (error) => {
  const { statusCode, data, responseHeaders, ...raised } = error.lastError ?? error;
  const { code, param, type, message } = data?.error ?? raised;
  return {
    ...(message && { message }),
    code,
    param,
    type,
    status: statusCode,
    request_id: responseHeaders?.["x-request-id"],
    retry_after: responseHeaders?.["retry-after"],
  };
};

await serve(ask, describe);
