"""Asks as `langchain-openai` for Python does."""

from typing import Any

from langchain_core.messages import AIMessage, AIMessageChunk, ToolMessage, convert_to_messages
from langchain_openai import ChatOpenAI

from tests.clients.drivers.answers import Answer, Order, serve
from tests.clients.drivers.openai_python import describe


def ask(order: Order, answer: Answer) -> None:
    """Ask once, or twice where a tool is called."""
    retries = {} if order["retries"] is None else {"max_retries": order["retries"]}
    model = ChatOpenAI(
        base_url=order["url"], api_key=order["key"], model=order["model"], stream_usage=True, **retries
    ).bind(**order["options"])
    read = _stream if order["stream"] else _whole
    messages = convert_to_messages(order["messages"])
    message = read(model, messages, order, answer)
    if order["tool_result"] is not None:
        results = [ToolMessage(order["tool_result"], tool_call_id=call["id"]) for call in message.tool_calls]
        read(model, [*messages, message, *results], order, answer)


def _whole(model: Any, messages: list[Any], _order: Order, answer: Answer) -> AIMessage:
    message: AIMessage = model.invoke(messages)
    answer.add(message.text)
    _note(message, answer)
    return message


def _stream(model: Any, messages: list[Any], order: Order, answer: Answer) -> Any:
    whole: AIMessageChunk | None = None
    for chunk in model.stream(messages):
        whole = chunk if whole is None else whole + chunk
        answer.add(chunk.text)
        if answer.pieces == order["leave_after"]:
            return None
    if whole is not None:
        _note(whole, answer)
    return whole


def _note(message: AIMessage, answer: Answer) -> None:
    """Take in what LangChain says of a whole message, which it has added up from its pieces."""
    told = message.response_metadata
    answer.finish += [told["finish_reason"]] if told.get("finish_reason") else []
    for call in message.tool_calls:
        answer.calls.append({"name": call["name"], "arguments": call["args"]})
    if usage := message.usage_metadata:
        answer.spend(usage["input_tokens"], usage["output_tokens"], (told.get("token_usage") or {}).get("cost"))


if __name__ == "__main__":
    serve(ask, describe)
