"""Asks as `litellm` does, of any server that speaks OpenAI's API."""

from typing import Any

import litellm

from tests.clients.drivers.answers import Answer, Order, serve
from tests.clients.drivers.openai_python import describe

litellm.suppress_debug_info = True  # it prints advice on standard output


def ask(order: Order, answer: Answer) -> None:
    """Ask once, or twice where a tool is called."""
    retries = {} if order["retries"] is None else {"max_retries": order["retries"]}
    body = {
        "model": f"openai/{order['model']}",
        "api_base": order["url"],
        "api_key": order["key"],
        "messages": order["messages"],
        **order["options"],
        **retries,
    }
    read = _stream if order["stream"] else _whole
    message = read(body, order, answer)
    if order["tool_result"] is not None:
        results = [
            {"role": "tool", "tool_call_id": call.id, "content": order["tool_result"]} for call in message.tool_calls
        ]
        read(body | {"messages": [*order["messages"], message, *results]}, order, answer)


def _whole(body: dict[str, Any], _order: Order, answer: Answer) -> Any:
    completion = litellm.completion(**body)
    (choice,) = completion.choices
    answer.add(choice.message.content, getattr(choice.message, "reasoning_content", None))
    answer.finish.append(choice.finish_reason)
    return _note(completion, answer)


def _stream(body: dict[str, Any], order: Order, answer: Answer) -> Any:
    chunks = []
    stream = litellm.completion(**body, stream=True, stream_options={"include_usage": True})
    for chunk in stream:
        chunks.append(chunk)
        for choice in chunk.choices:
            answer.add(choice.delta.content, getattr(choice.delta, "reasoning_content", None))
            answer.finish += [choice.finish_reason] if choice.finish_reason else []
        if answer.pieces == order["leave_after"]:
            stream.completion_stream.response.close()
            return None
    return _note(litellm.stream_chunk_builder(chunks), answer)


def _note(completion: Any, answer: Answer) -> Any:
    message = completion.choices[0].message
    for call in message.tool_calls or []:
        answer.call(call.function.name, call.function.arguments)
    usage = completion.usage
    answer.spend(usage.prompt_tokens, usage.completion_tokens, getattr(usage, "cost", None))
    return message


if __name__ == "__main__":
    serve(ask, describe)
