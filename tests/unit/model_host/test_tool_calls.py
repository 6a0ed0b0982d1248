"""The pieces of tool calls, as an observer gets them and as they are put together."""

import re
from typing import Any

import pytest

from shared.model_host.answer import Answer
from shared.model_host.errors import AnswerTooLarge
from shared.model_host.tool_calls import ToolCall, ToolCalls
from shared.progress import ToolCallPiece


def call(**fields: Any) -> dict[str, Any]:
    """A call with `id`, `name` and `arguments` where they belong, as far as they are given."""
    function = {name: fields.pop(name) for name in ("name", "arguments") if name in fields}
    return fields | ({"function": function} if function else {})


OURS = "ours"
"""Stands for an id that the host has not given."""


def named(call_id: str) -> str:
    return OURS if re.fullmatch(r"call_[0-9a-f]{24}", call_id) else call_id


CASES = {
    "a-stream": (
        [
            [call(index=0, id="c1", name="look", arguments="")],
            [call(index=0, arguments='{"a":')],
            [call(index=0, arguments="1}")],
        ],
        [(0, "c1", "look", ""), (0, "", "", '{"a":'), (0, "", "", "1}")],
        [("c1", "look", '{"a":1}')],
    ),
    "two-at-once": (
        [
            [call(index=0, id="c1", name="look"), call(index=1, id="c2", name="go")],
            [call(index=1, arguments="{}"), call(index=0, arguments="[]")],
        ],
        [(0, "c1", "look", ""), (1, "c2", "go", ""), (1, "", "", "{}"), (0, "", "", "[]")],
        [("c1", "look", "[]"), ("c2", "go", "{}")],
    ),
    "id-and-name-again-in-each-piece": (
        [
            [call(index=0, id="c1", name="look", arguments="{")],
            [call(index=0, id="c1", name="look", arguments="}")],
        ],
        [(0, "c1", "look", "{"), (0, "", "", "}")],
        [("c1", "look", "{}")],
    ),
    "name-after-id": (
        [[call(index=0, id="c1")], [call(index=0, name="look")]],
        [(0, "c1", "", ""), (0, "", "look", "")],
        [("c1", "look", "")],
    ),
    "no-index": (
        [[call(id="c1", name="look", arguments="{")], [call(arguments="}")], [call(id="c2", name="go")]],
        [(0, "c1", "look", "{"), (0, "", "", "}"), (1, "c2", "go", "")],
        [("c1", "look", "{}"), ("c2", "go", "")],
    ),
    "index-from-one": (
        [[call(index=1, id="c1", name="look")], [call(index=1, arguments="{}")]],
        [(0, "c1", "look", ""), (0, "", "", "{}")],
        [("c1", "look", "{}")],
    ),
    "one-index-for-all": (
        [[call(index=0, id="c1", name="look", arguments="{}")], [call(index=0, id="c2", name="go", arguments="[]")]],
        [(0, "c1", "look", "{}"), (1, "c2", "go", "[]")],
        [("c1", "look", "{}"), ("c2", "go", "[]")],
    ),
    "nulls": (
        [[call(index=0, id="c1", name="look", arguments=None)], [call(index=0, id=None, name=None, arguments="{}")]],
        [(0, "c1", "look", ""), (0, "", "", "{}")],
        [("c1", "look", "{}")],
    ),
    "junk": (
        [["text", None, call(index=True, id=5, name=["x"], arguments={})], [{"function": "f"}]],
        [(0, OURS, "", ""), (0, "", "", "")],
        [(OURS, "", "")],
    ),
    "no-id": (
        [[call(index=0, name="look", arguments="{")], [call(index=0, arguments="}")]],
        [(0, OURS, "look", "{"), (0, "", "", "}")],
        [(OURS, "look", "{}")],
    ),
}


@pytest.mark.parametrize(("sent", "pieces", "whole"), CASES.values(), ids=CASES)
def test_calls_are_told_in_pieces_and_put_together(
    sent: list[Any], pieces: list[tuple[Any, ...]], whole: list[tuple[str, ...]]
) -> None:
    """In one form, whatever form a host has: id and name once, numbered from 0, arguments as they come."""
    calls = ToolCalls()

    told = [piece for each in sent for piece in calls.add(each)]

    assert [piece._replace(id=named(piece.id)) for piece in told] == [ToolCallPiece(*piece) for piece in pieces]
    assert [each._replace(id=named(each.id)) for each in calls] == [ToolCall(*each) for each in whole]


@pytest.mark.parametrize("value", [{}, "calls", 5, [None, "x"]])
def test_what_is_no_list_of_calls_brings_nothing(value: object) -> None:
    calls = ToolCalls()

    assert calls.add(value) == []
    assert list(calls) == []


def test_there_may_be_128_calls_in_an_answer() -> None:
    calls = ToolCalls()
    calls.add([call(index=number, id=f"c{number}") for number in range(128)])

    with pytest.raises(AnswerTooLarge):
        calls.add([call(index=128, id="c128")])


def test_an_observer_is_told_of_each_message_once() -> None:
    told: list[list[ToolCallPiece]] = []
    answer = Answer(on_tool_calls=lambda pieces: told.append(list(pieces)))

    answer.add(b'{"choices": [{"delta": {"tool_calls": [{"id": "c1", "function": {"name": "f"}}]}}]}')
    answer.add(b'{"choices": [{"delta": {"content": "x", "tool_calls": []}}]}')

    assert told == [[ToolCallPiece(0, "c1", "f", "")]]
