"""Any JSON object is a request or is refused at a place that the caller can find; and a request stays what it is."""

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.chat.requests import ChatRequest, KimiRequest, RouteRequest
from shared.edge.strict_json import read_object
from shared.errors import InvalidRequest

MANY = settings(max_examples=400)
SDK_BODIES = json.loads(Path(__file__).with_name("sdk_bodies.json").read_text())
FULL: dict[str, Any] = SDK_BODIES["openai: its own message sent back"] | {
    "provider": "kimi", "stream": True, "stream_options": {"include_usage": True}, "n": 1, "max_tokens": 5,
    "max_completion_tokens": 6, "temperature": 0.5, "top_p": 0.5, "seed": 7, "stop": ["a", "b"], "top_k": 3,
    "response_format": SDK_BODIES["openai: a parsed answer sent back"]["response_format"],
    "tool_choice": {"type": "function", "function": {"name": "rain"}}, "parallel_tool_calls": False,
    "session_id": "s", "prompt_cache_key": "k", "metadata": {"feature": "f", "component": "c"},
    "routing": {"score": 4, "intent": "send", "previousFailures": 1},
}  # fmt: skip
KIMI = {"prompt": "a", "template": "t", "variables": {"A": "b"}, "model": "a/b", "max_tokens": 5, "metadata": {}}
BODIES = [FULL, *SDK_BODIES.values(), {"prompt": "a"}, KIMI]
CANARY = "canary-5b1d"

LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=[]), max_size=5),
    st.sampled_from(
        [CANARY, "user", "assistant", "tool", "function", "text", "auto", "required", "rain", "call_7", ""]
    ),
)
NAMES = st.one_of(st.sampled_from(sorted({*FULL, *KIMI, "role", "content", "function"})), st.text(max_size=3))
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=8
)


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each container in a JSON value with each of its names or indexes."""
    entries = list(value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ())
    for key, each in entries:
        yield value, key
        yield from places(each)


@st.composite
def bodies(draw: st.DrawFn) -> dict[str, Any]:
    """A request in which up to three places are something else, are missing, or are there twice."""
    body: dict[str, Any] = copy.deepcopy(draw(st.sampled_from(BODIES)))
    for _ in range(draw(st.integers(0, 3))):
        found = list(places(body))
        if not found:
            break
        container, key = draw(st.sampled_from(found))
        change = draw(st.sampled_from(["replace", "replace", "remove", "repeat"]))
        if change == "remove":
            del container[key]
        elif change == "repeat" and isinstance(container, list):
            container.insert(key, copy.deepcopy(container[key]))
        else:
            container[key] = draw(JSON)
    return body


def is_findable(field: str, body: Any) -> bool:
    """Return whether a place is in the body, or is missing from an object or array that is there."""
    keys = [name or int(index) for name, index in re.findall(r"([A-Za-z_]+)|\[(\d+)\]", field)]
    for number, key in enumerate(keys):
        if isinstance(key, int):
            if not isinstance(body, list | tuple) or key >= len(body):
                return False
        elif not isinstance(body, dict):
            return False
        elif key not in body:
            return number == len(keys) - 1
        body = body[key]
    return True


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=5)
CONTENTS = TEXTS | st.lists(
    st.builds(lambda text: {"type": "text", "text": text, "x": 1}, TEXTS), min_size=1, max_size=3
)
PLAIN = st.builds(
    lambda role, content: {"role": role, "content": content},
    st.sampled_from(["user", "developer", "assistant"]),
    CONTENTS,
)
MESSAGES = st.builds(
    lambda before, sdk, after: [*before, *sdk["messages"], *after],
    st.lists(PLAIN, max_size=2), st.sampled_from([*SDK_BODIES.values()]), st.lists(PLAIN, max_size=2),
)  # fmt: skip
VALID = st.fixed_dictionaries(
    {"model": TEXTS.filter(bool), "messages": MESSAGES},
    optional={
        name: st.none() | st.just(value) for name, value in FULL.items() if name not in {"model", "messages", "tools"}
    }
    | {
        "tools": st.just(FULL["tools"]),
        "tool_choice": st.sampled_from([None, "auto", "none"]),
        "temperature": st.none() | st.integers(0, 2) | st.floats(0, 2),
        "max_tokens": st.none() | st.integers(1),
        "stop": st.none() | TEXTS.filter(bool) | st.lists(TEXTS.filter(bool), max_size=4),
        "unknown": JSON,
    },
)
"""Requests that are all read."""


def read(kind: type[ChatRequest | RouteRequest | KimiRequest], body: dict[str, Any]) -> Any:
    try:
        return kind.read(body)
    except InvalidRequest as refusal:
        return refusal


@pytest.mark.parametrize("kind", [ChatRequest, RouteRequest, KimiRequest])
@MANY
@given(body=st.one_of(bodies(), bodies(), st.dictionaries(NAMES, JSON, max_size=6)))
def test_it_is_read_or_refused_at_a_place(
    kind: type[ChatRequest | RouteRequest | KimiRequest], body: dict[str, Any]
) -> None:
    """And the refusal repeats nothing of what was sent."""
    request = read(kind, body)

    if isinstance(request, InvalidRequest):
        assert request.field is not None
        assert is_findable(request.field, body), request.field
        assert request.message.startswith(f"`{request.field}` ")
        assert CANARY not in request.message
    else:
        assert read_object(request.identity)
        assert request.facts.prompt_chars >= 0


@MANY
@given(body=VALID)
def test_what_was_read_reads_as_the_same(body: dict[str, Any]) -> None:
    """What is passed on is itself a valid request, and the same one."""
    request = ChatRequest.read(body)

    again = json.loads(json.dumps({"model": request.model, "messages": request.messages, **request.options}))
    routing = {"score": request.score, "intent": request.intent, "previousFailures": request.previous_failures}
    again |= {"max_tokens": request.max_tokens, "session_id": request.session_id, "routing": routing}

    assert ChatRequest.read(again).identity == request.identity


@MANY
@given(body=VALID, random=st.randoms())
def test_the_order_of_fields_and_nulls_make_no_difference(body: dict[str, Any], random: Random) -> None:
    names = [*body]
    random.shuffle(names)

    assert ChatRequest.read(dict.fromkeys(FULL) | {name: body[name] for name in names}) == ChatRequest.read(body)
