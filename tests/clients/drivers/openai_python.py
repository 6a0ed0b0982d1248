"""Asks as the `openai` package for Python does."""

from typing import Any

from openai import APIError, OpenAI
from openai.types.completion_usage import CompletionUsage

from tests.clients.drivers.answers import Answer, Order, serve


def ask(order: Order, answer: Answer) -> None:
    """Ask once, or twice where a tool is called."""
    retries = {} if order["retries"] is None else {"max_retries": order["retries"]}
    client = OpenAI(base_url=order["url"], api_key=order["key"], **retries)
    body = {"model": order["model"], "messages": order["messages"], **order["options"]}
    read = _stream if order["stream"] else _whole
    message = read(client, body, order, answer)
    if order["tool_result"] is not None:
        results = [
            {"role": "tool", "tool_call_id": call.id, "content": order["tool_result"]} for call in _calls(message)
        ]
        read(client, body | {"messages": [*order["messages"], message, *results]}, order, answer)


def _whole(client: OpenAI, body: dict[str, Any], _order: Order, answer: Answer) -> Any:
    completion = client.chat.completions.create(**body)
    (choice,) = completion.choices
    answer.add(choice.message.content, getattr(choice.message, "reasoning_content", None))
    answer.finish.append(choice.finish_reason)
    _spend(completion.usage, answer)
    return _noted(choice.message, answer)


def _stream(client: OpenAI, body: dict[str, Any], order: Order, answer: Answer) -> Any:
    with client.chat.completions.stream(**body, stream_options={"include_usage": True}) as events:
        for event in events:
            if event.type == "chunk":
                _take(event.chunk, answer)
                if answer.pieces == order["leave_after"]:
                    return None
        message = events.get_final_completion().choices[0].message
    return _noted(message, answer)


def _take(chunk: Any, answer: Answer) -> None:
    for choice in chunk.choices:
        answer.add(choice.delta.content, getattr(choice.delta, "reasoning_content", None))
        answer.finish += [choice.finish_reason] if choice.finish_reason else []
    _spend(chunk.usage, answer)


def _calls(message: Any) -> list[Any]:
    return (message and message.tool_calls) or []


def _noted(message: Any, answer: Answer) -> Any:
    for call in _calls(message):
        answer.call(call.function.name, call.function.arguments)
    return message


def _spend(usage: CompletionUsage | None, answer: Answer) -> None:
    if usage is not None:
        answer.spend(usage.prompt_tokens, usage.completion_tokens, getattr(usage, "cost", None))


def describe(error: Exception) -> dict[str, Any]:
    """Return what is known of an error."""
    response = getattr(error, "response", None)
    known = {"message": error.message, "code": error.code, "param": error.param} if isinstance(error, APIError) else {}
    return known | {
        "type": getattr(error, "type", None),
        "status": getattr(error, "status_code", None),
        "request_id": getattr(error, "request_id", None),
        "retry_after": None if response is None else response.headers.get("retry-after"),
    }


if __name__ == "__main__":
    serve(ask, describe)
