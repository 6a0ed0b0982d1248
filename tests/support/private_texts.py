"""Finds the texts in a request or an answer that are its caller's business, and those that stand on the cost line."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import httpx

from shared.metadata import NAME_PATTERN

_OPEN_FIELDS = {"artifactType", "type", "sessionId", "session_id", "prompt_cache_key", "model"}
"""Fields that stand on the cost line on purpose."""
_NAMED_BY_CALLERS = {"parameters", "schema", "variables"}
"""Objects of a request whose fields have names of the caller's own."""
_GENERATED = ("artifactCode", "fixedCode", "text", "content", "reasoning_content", "arguments", "what", "where")
_GENERATED_LISTS = ("shows", "states", "interactions", "edgeCases", "changes")


def open_texts(body: Mapping[str, Any]) -> set[str]:
    """Return the texts of a request that stand on its cost line."""
    metadata = body.get("metadata")
    names = [*metadata.values()] if isinstance(metadata, Mapping) else []
    opened = {text for name, text in body.items() if name in _OPEN_FIELDS and isinstance(text, str)}
    return opened | {name for name in names if isinstance(name, str) and re.fullmatch(NAME_PATTERN, name)}


def sent_texts(value: object, *, is_named_by_caller: bool = False) -> Iterator[str]:
    """Yield every text in a request, at any depth; names of fields where the caller has made them up."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, each in value.items():
            if is_named_by_caller:
                yield name
            yield from sent_texts(each, is_named_by_caller=is_named_by_caller or name in _NAMED_BY_CALLERS)
    elif isinstance(value, list):
        for each in value:
            yield from sent_texts(each, is_named_by_caller=is_named_by_caller)


def generated_texts(response: httpx.Response) -> Iterator[str]:
    """Yield what a model wrote, in an answer as a whole; of a stream, in its last event or in the deltas together."""
    bodies = bodies_of(response)
    deltas = [choice["delta"] for body in bodies for choice in body.get("choices", ()) if "delta" in choice]
    if deltas:
        for name in ("content", "reasoning_content"):
            yield "".join(delta.get(name) or "" for delta in deltas)
        pieces = [call for delta in deltas for call in delta.get("tool_calls", ())]
        for index in {piece["index"] for piece in pieces}:
            yield "".join(piece["function"].get("arguments", "") for piece in pieces if piece["index"] == index)
    else:
        yield from _generated(bodies[-1] if bodies else None)


def bodies_of(response: httpx.Response) -> list[dict[str, Any]]:
    """Return the JSON objects of an answer: its body, or the data of its events."""
    streams = response.headers.get("content-type", "").startswith("text/event-stream")
    data = re.findall(rb"^data: (.*)$", response.content, re.MULTILINE) if streams else [response.content]
    return [body for each in data if isinstance(body := json_of(each), dict)]


def json_of(content: bytes) -> Any:
    """Return what this JSON says; None if it is none."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _generated(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield from (text for name, text in value.items() if name in _GENERATED and isinstance(text, str))
        lists = [texts for name, texts in value.items() if name in _GENERATED_LISTS and isinstance(texts, list)]
        yield from (text for texts in lists for text in texts if isinstance(text, str))
    for each in value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ():
        yield from _generated(each)
