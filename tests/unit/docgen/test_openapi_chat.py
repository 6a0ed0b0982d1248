"""The schemas of the chat function's requests allow what its readers take, and nothing else."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import pytest

from shared.chat.options import _WITHOUT_EFFECT
from shared.chat.requests import ChatRequest, KimiRequest, RouteRequest
from shared.errors import InvalidRequest
from tests.support.chat_bodies import ABSENT, CALLING, CHAT, RESULT, SHORT, Place, places, replaced
from tests.support.documented import DOCUMENT, validator

MODEL: Place = ("model",)
CALLED: list[Place] = [("messages", 0), ("messages", 0, "role"), ("messages", 0, "tool_calls")]
CALLED += [("messages", 0, "tool_calls", 0), ("messages", 0, "tool_calls", 0, "id"), ("messages", 1, "tool_call_id")]
NAMED: list[Place] = [("tools",), ("tools", 0), ("tools", 0, "function", "name"), ("tool_choice", "function", "name")]
READERS: dict[str, Any] = {"ChatRequest": ChatRequest, "RouteRequest": RouteRequest, "KimiRequest": KimiRequest}
TOOLS = {"tools": CHAT["tools"], "tool_choice": {"type": "function", "function": {"name": "look"}}}
BODIES: list[tuple[str, dict[str, Any], Collection[Place]]] = [
    ("ChatRequest", CHAT, ()),
    ("ChatRequest", SHORT | TOOLS, NAMED),
    ("ChatRequest", SHORT | {"messages": [CALLING, RESULT]}, CALLED),
    ("RouteRequest", CHAT, [MODEL]),
    ("RouteRequest", {"prompt": "Hello"}, ()),
    ("KimiRequest", {"prompt": "Hello", "system": "Be brief.", "max_tokens": 5, "max_completion_tokens": 5}, ()),
    ("KimiRequest", {"prompt": "Hello", "model": "a/b", "provider": "kimi", "metadata": {"feature": "a"}}, [MODEL]),
    ("KimiRequest", {"prompt": "Hello", "model": "a/b"}, ()),
    ("KimiRequest", {"prompt": "Hello", "template": "a", "variables": {}}, ()),
]
"""Requests, and the places in them of which another one asks something: no schema says that."""
EDGES: list[Any] = [
    *(None, True, False, 0, 1, 2, 3, -1, 0.5, 1.5, 2.5, 10, 11, 100, 101, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1),
    *("", "a", "auto", "none", "required", "text", "image_url", "function", "json_object", "json_schema", "low"),
    *("low ", "system", "developer", "user", "assistant", "tool", "openrouter", "a b", "-a", "a.b", "a/b", "é", "\x00"),
    *("\x1f", "\x9f"),
    *("x" * length for length in (64, 65, 200, 201, 256, 257)),
    *([], {}, ["a"], [""], ["a"] * 4, ["a"] * 5, [1], [None], [{}], {"type": "text"}, {"type": "json_object"}),
]  # fmt: skip


def is_taken(name: str, body: Mapping[str, Any]) -> bool:
    try:
        READERS[name].read(body)
    except InvalidRequest:
        return False
    return True


def changed() -> Iterator[tuple[str, Place, Any, dict[str, Any]]]:
    """Each request with something else in one place."""
    for name, body, related in BODIES:
        for place in places(body):
            if place not in related:
                for edge in [ABSENT, *EDGES]:
                    yield name, place, edge, replaced(body, place, edge)


def test_a_schema_allows_what_is_taken_and_nothing_else() -> None:
    schemas = {name: validator({"$ref": f"#/components/schemas/{name}"}) for name in READERS}
    taken = Counter[bool]()
    differ = []

    for name, place, value, body in changed():
        is_valid = schemas[name].is_valid(body)
        taken[is_valid] += 1
        if is_valid != is_taken(name, body):
            differ.append((name, place, value, is_valid))

    assert not differ
    assert min(taken.values()) > 1_000


def many(count: int) -> dict[str, dict[str, Any]]:
    """Requests with so many entries in one place, by the place."""
    call = CALLING["tool_calls"][0]
    functions = [{"name": f"look-{number}"} for number in range(count)]
    calls = [{"role": "assistant", "tool_calls": [call | {"id": f"{number}"} for number in range(count)]}]
    return {
        "messages": SHORT | {"messages": [{"role": "user", "content": "Hello"}] * count},
        "tools": SHORT | {"tools": [{"type": "function", "function": each} for each in functions]},
        "tool_calls": SHORT | {"messages": calls},
    }


@pytest.mark.parametrize(("place", "most"), [("messages", 1_000), ("tools", 128), ("tool_calls", 128)])
def test_as_many_entries_are_allowed_as_are_taken(place: str, most: int) -> None:
    schema = validator({"$ref": "#/components/schemas/ChatRequest"})

    for count in (most, most + 1):
        body = many(count)[place]
        assert schema.is_valid(body) == is_taken("ChatRequest", body) == (count == most)


class Read(dict[str, Any]):
    """A JSON object that notes which of its fields are looked at."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        super().__init__(body)
        self.fields: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        self.fields.add(name)
        return super().get(name, default)


def read_by(name: str, body: Mapping[str, Any]) -> set[str]:
    READERS[name].read(read := Read(body))
    return read.fields


def test_every_field_that_is_read_is_documented() -> None:
    fields = {name: set(DOCUMENT["components"]["schemas"][name]["properties"]) for name in READERS}

    assert fields["ChatRequest"] == read_by("ChatRequest", CHAT) - set(_WITHOUT_EFFECT)
    assert fields["RouteRequest"] == fields["ChatRequest"] | {"prompt"}
    assert fields["KimiRequest"] == read_by("KimiRequest", {"prompt": "Hello", "model": "a/b"})
