"""Reads the messages of a conversation: what of them is passed on to the host, and nothing else."""

from collections.abc import Iterator, Mapping
from typing import Any

from shared.chat.fields import Fields

_MAX_MESSAGES = 1_000
_MAX_CALLS = 128
"""The tools that one message may call: as many as a request may offer."""
_MAX_NAME_LENGTH = 64
_ROLES = ("system", "developer", "user", "assistant", "tool")
_DETAILS = ("auto", "low", "high", "original")


def read_messages(request: Fields) -> tuple[Mapping[str, Any], ...]:
    """Return the messages of a request.

    Raises:
        InvalidRequest: there is none, one is malformed, or a tool's result has no call before it.
    """
    messages = request.children("messages", most=_MAX_MESSAGES)
    if not messages:
        raise request.wrong("messages", "must have at least one message")
    call_ids: set[str] = set()
    return tuple(_message(message, call_ids) for message in messages)


def texts(message: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a message that was read holds of text: content, reasoning and the arguments of calls."""
    content = message.get("content")
    if isinstance(content, str):
        yield content
    else:
        yield from (part["text"] for part in content or () if part["type"] == "text")
    if reasoning := message.get("reasoning_content"):
        yield reasoning
    yield from (call["function"]["arguments"] for call in message.get("tool_calls", ()))


def _message(message: Fields, call_ids: set[str]) -> dict[str, Any]:
    """Return a message; `call_ids` are those of the calls so far, and get those of this message."""
    role = message.choice("role", _ROLES)
    # Kimi's hosts know no role `developer`, which is OpenAI's newer name for the same.
    read: dict[str, Any] = {"role": "system" if role == "developer" else role, "content": _content(message)}
    if name := message.optional_text("name", most=_MAX_NAME_LENGTH):
        read["name"] = name
    if role == "assistant":
        read |= _of_assistant(message)
        call_ids.update(call["id"] for call in read.get("tool_calls", ()))
    elif role == "tool":
        read["tool_call_id"] = _call_id(message, call_ids)
    if read["content"] is None and "tool_calls" not in read:
        raise message.wrong("content", "is missing: only an assistant message with `tool_calls` may have none")
    return read


def _content(message: Fields) -> str | list[dict[str, Any]] | None:
    value = message.get("content")
    if isinstance(value, list | tuple):
        if not value:
            raise message.wrong("content", "must have at least one part")
        return [_part(part) for part in message.children("content")]
    if value is not None and not isinstance(value, str):
        raise message.wrong("content", "must be a string or an array of parts")
    return message.optional_text("content")


def _part(part: Fields) -> dict[str, Any]:
    if part.choice("type", ("text", "image_url")) == "text":
        return {"type": "text", "text": part.text("text", may_be_empty=True)}
    if isinstance(part.get("image_url"), str):  # as LangChain passes it on, and Moonshot takes it
        return {"type": "image_url", "image_url": {"url": part.text("image_url")}}
    image = part.child("image_url")
    read = {"url": image.text("url")}
    if detail := image.optional_choice("detail", _DETAILS):
        read["detail"] = detail
    return {"type": "image_url", "image_url": read}


def _of_assistant(message: Fields) -> dict[str, Any]:
    """Return what only assistant messages have, where it is not empty."""
    read = {
        # Kimi goes on thinking where it was only if it is given back what it thought.
        "reasoning_content": message.optional_text("reasoning_content"),
        "tool_calls": _tool_calls(message),
    }
    return {name: value for name, value in read.items() if value}


def _tool_calls(message: Fields) -> list[dict[str, Any]]:
    calls: dict[str, dict[str, Any]] = {}
    for call in message.children("tool_calls", most=_MAX_CALLS):
        call_id = call.text("id")
        if call_id in calls:
            raise call.wrong("id", "must differ from those of the other calls in this message")
        call.optional_choice("type", ("function",))
        function = call.child("function")
        named = {"name": function.text("name"), "arguments": function.text("arguments", may_be_empty=True)}
        calls[call_id] = {"id": call_id, "type": "function", "function": named}
    return list(calls.values())


def _call_id(message: Fields, call_ids: set[str]) -> str:
    call_id = message.text("tool_call_id")
    if call_id not in call_ids:
        raise message.wrong("tool_call_id", "must be the `id` of a tool call in an earlier assistant message")
    return call_id
