"""Requests to the chat function with something in every place, and how to put something else there."""

import copy
from collections.abc import Iterator
from typing import Any

Place = tuple[str | int, ...]
"""The way to a value in a body."""
ABSENT = "absent"
"""In place of a value that is to be taken out."""

CALLING: dict[str, Any] = {
    "role": "assistant",
    "content": "I look.",
    "reasoning_content": "Well",
    "tool_calls": [{"id": "1", "type": "function", "function": {"name": "look", "arguments": "{}"}}],
}
RESULT: dict[str, Any] = {"role": "tool", "content": "A cat", "name": "look", "tool_call_id": "1"}
MESSAGES: list[dict[str, Any]] = [
    {"role": "system", "content": "Be brief.", "name": "owner"},
    {"role": "user", "content": [{"type": "text", "text": "What is this?"}, {"type": "image_url", "image_url": "a:b"}]},
    {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "a:b", "detail": "low"}}]},
    CALLING,
    {"role": "assistant", "content": "I see."},
]
LOOK = {"name": "look", "description": "Look", "parameters": {}, "strict": True}
CHAT: dict[str, Any] = {
    "model": "a/b",
    "provider": "openrouter",
    "messages": MESSAGES,
    "max_tokens": 5,
    "max_completion_tokens": 5,
    "stream": True,
    "stream_options": {"include_usage": True},
    "tools": [{"type": "function", "function": LOOK}],
    "tool_choice": "auto",
    "parallel_tool_calls": False,
    "response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": {}, "strict": True}},
    "stop": ["a", "b"],
    "seed": 7,
    "temperature": 0.5,
    "top_p": 0.5,
    "n": 1,
    "metadata": {"feature": "a", "component": "b"},
    "session_id": "s",
    "prompt_cache_key": "s",
    "routing": {"score": 3, "intent": "generate", "previousFailures": 1},
}
SHORT: dict[str, Any] = {"model": "a/b", "messages": [{"role": "user", "content": "Hello"}]}


def places(value: Any, before: Place = ()) -> Iterator[Place]:
    """Every place in a body."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, child in children:
        yield (*before, name)
        yield from places(child, (*before, name))


def replaced(body: dict[str, Any], place: Place, value: Any) -> dict[str, Any]:
    """The body with something else in this place, or nothing where that is `ABSENT`."""
    body = copy.deepcopy(body)
    *path, last = place
    parent: Any = body
    for name in path:
        parent = parent[name]
    if value != ABSENT:
        parent[last] = value
    else:
        del parent[last]
    return body
