"""What a client reads of a streamed completion, chunk by chunk."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.chat.events import CompletionEvents
from shared.progress import ToolCallPiece
from tests.support.runs import a_run

USAGE = {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7, "cost": 0.5}
CALL = {"id": "call-1", "type": "function", "function": {"name": "look", "arguments": '{"at": 1}'}}
FIRST, SECOND = ToolCallPiece(0, "call-1", "look", ""), ToolCallPiece(1, "call-2", "go", "")
SMILE = "\ud83d\ude00"
HIGH, LOW = "\ud83d", "\ude00"


def a_body(content: str | None = "Hello", reason: str = "stop", **message: Any) -> str:
    choice = {"index": 0, "message": {"role": "assistant", "content": content, **message}, "finish_reason": reason}
    return json.dumps({"model": "a/whole", "choices": [choice], "usage": USAGE})


class Stream:
    """The events of one request, and what they have sent."""

    def __init__(self, *, include_usage: bool = False) -> None:
        self.run = a_run()
        self.sent: list[str] = []
        self.events = CompletionEvents(self._send, self.run, include_usage=include_usage)

    def _send(self, name: str, data: str) -> None:
        assert not name
        assert data.isascii()
        assert "\n" not in data
        self.sent.append(data)

    @property
    def chunks(self) -> list[dict[str, Any]]:
        return [json.loads(data) for data in self.sent if data != "[DONE]"]

    @property
    def deltas(self) -> list[dict[str, Any]]:
        """What came piece by piece; the last of a stream that ended is empty."""
        return [chunk["choices"][0]["delta"] for chunk in self.chunks if chunk["choices"]]

    def joined(self, name: str) -> str:
        return "".join(delta.get(name) or "" for delta in self.deltas)


def test_the_role_is_in_the_first_delta_only() -> None:
    """LangChain joins the roles of all chunks."""
    stream = Stream()

    stream.events.text("Hel")
    stream.events.text("lo")
    stream.events.end(a_body(), success=True)

    assert stream.deltas == [{"role": "assistant", "content": "Hel"}, {"content": "lo"}, {}]


@pytest.mark.parametrize("reason", ["stop", "length", "tool_calls"])
def test_there_is_one_finish_reason_and_null_until_then(reason: str) -> None:
    """In a chunk of its own, before the end."""
    stream = Stream()

    stream.events.text("Hello")
    stream.events.end(a_body(reason=reason), success=True)

    reasons = [chunk["choices"][0]["finish_reason"] for chunk in stream.chunks]
    assert reasons == [None, reason]
    assert stream.sent[-1] == "[DONE]"
    assert stream.sent.count("[DONE]") == 1


def test_the_usage_is_in_a_chunk_without_choices_between_finish_and_end() -> None:
    """LiteLLM drops it where there is a choice beside it."""
    stream = Stream(include_usage=True)

    stream.events.text("Hello")
    stream.events.end(a_body(), success=True)

    assert [(chunk["choices"] == [], chunk.get("usage")) for chunk in stream.chunks] == [
        (False, None),
        (False, None),
        (True, USAGE),
    ]
    assert stream.sent[-1] == "[DONE]"


def test_who_does_not_ask_for_the_usage_gets_none() -> None:
    """Some clients fail at a chunk without choices."""
    stream = Stream()

    stream.events.text("Hello")
    stream.events.end(a_body(), success=True)

    assert all(chunk["choices"] and "usage" not in chunk for chunk in stream.chunks)


def test_all_chunks_are_of_one_completion() -> None:
    """By our id, and the model that was asked, not the name that the host has for it."""
    stream = Stream(include_usage=True)
    stream.run.asked_model = "a/asked"

    stream.events.reasoning("Hm")
    stream.events.text("Hello")
    stream.events.end(a_body(), success=True)

    heads = [(each["id"], each["object"], each["model"], each["created"]) for each in stream.chunks]
    assert set(heads) == {("chatcmpl-r-1", "chat.completion.chunk", "a/asked", heads[0][3])}
    assert isinstance(heads[0][3], int)


def test_reasoning_has_a_field_of_its_own() -> None:
    stream = Stream()

    stream.events.reasoning("Hm")
    stream.events.reasoning("m")
    stream.events.text("Hello")

    assert stream.deltas == [
        {"role": "assistant", "content": None, "reasoning_content": "Hm"},
        {"reasoning_content": "m"},
        {"content": "Hello"},
    ]


def test_a_call_of_a_tool_is_named_once_and_its_arguments_come_in_pieces() -> None:
    stream = Stream()

    stream.events.tool_calls([FIRST, SECOND._replace(arguments="{")])
    stream.events.tool_calls([ToolCallPiece(0, "", "", '{"at"')])
    stream.events.tool_calls([ToolCallPiece(1, "", "", "}")])

    assert stream.deltas == [
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [
                {"index": 0, "id": "call-1", "type": "function", "function": {"name": "look", "arguments": ""}},
                {"index": 1, "id": "call-2", "type": "function", "function": {"name": "go", "arguments": "{"}},
            ],
        },
        {"tool_calls": [{"index": 0, "function": {"arguments": '{"at"'}}]},
        {"tool_calls": [{"index": 1, "function": {"arguments": "}"}}]},
    ]


def test_what_brings_nothing_is_not_passed_on() -> None:
    """So another attempt may still be made."""
    stream = Stream()

    stream.events.begin()
    stream.events.phase("thinking")
    stream.events.text("")
    stream.events.reasoning("")
    stream.events.tool_calls([])

    assert not stream.sent
    assert not stream.events.is_final


@pytest.mark.parametrize(
    "pass_on",
    [
        lambda events: events.text("a"),
        lambda events: events.reasoning("a"),
        lambda events: events.tool_calls([FIRST]),
    ],
    ids=["text", "reasoning", "call"],
)
def test_what_was_passed_on_cannot_be_taken_back(pass_on: Any) -> None:
    stream = Stream()

    pass_on(stream.events)

    assert len(stream.sent) == 1
    assert stream.events.is_final


@pytest.mark.parametrize("what", ["text", "reasoning"])
def test_a_character_that_a_host_has_split_is_passed_on_whole(what: str) -> None:
    """Half a character is no text, and the other half may be long in coming: then it was not passed on."""
    stream = Stream()
    pass_on, name = getattr(stream.events, what), {"text": "content"}.get(what, "reasoning_content")

    pass_on(HIGH)
    assert not stream.events.is_final
    pass_on(f"{LOW}a{HIGH}")
    pass_on(f"{LOW}b")

    assert [delta[name] for delta in stream.deltas] == ["\U0001f600a", "\U0001f600b"]


def test_halves_of_different_texts_are_not_joined() -> None:
    """Content, reasoning and the arguments of each call are texts of their own."""
    stream = Stream()

    stream.events.reasoning(f"a{HIGH}")
    stream.events.text(f"b{HIGH}")
    stream.events.tool_calls([FIRST._replace(arguments=f"c{HIGH}"), SECOND._replace(arguments=f"d{HIGH}")])
    stream.events.tool_calls([ToolCallPiece(1, "", "", f"{LOW}!"), ToolCallPiece(0, "", "", f"{LOW}?")])
    stream.events.text(LOW)
    stream.events.reasoning(LOW)

    calls = [call for delta in stream.deltas for call in delta.get("tool_calls", ())]
    arguments = ["".join(each["function"]["arguments"] for each in calls if each["index"] == at) for at in (0, 1)]
    assert arguments == ["c\U0001f600?", "d\U0001f600!"]
    assert (stream.joined("content"), stream.joined("reasoning_content")) == ("b\U0001f600", "a\U0001f600")


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        ((LOW, "a"), "\ufffda"),
        ((HIGH, "a"), "\ufffda"),
        ((f"a{HIGH}b",), "a\ufffdb"),
        ((HIGH, HIGH, LOW), "\ufffd\U0001f600"),
    ],
)
def test_half_a_character_that_stays_alone_is_replaced(pieces: tuple[str, ...], text: str) -> None:
    """No client can read it otherwise."""
    stream = Stream()

    for piece in pieces:
        stream.events.text(piece)

    assert stream.joined("content") == text


@given(st.text(), st.lists(st.integers(1, 4)))
def test_however_a_host_splits_a_text_it_arrives_whole(text: str, sizes: list[int]) -> None:
    stream = Stream()
    units = text.encode("utf-16-be")
    halves = [units[at : at + 2].decode("utf-16-be", "surrogatepass") for at in range(0, len(units), 2)]

    for size in [*sizes, len(halves)]:
        stream.events.text("".join(halves[:size]))
        del halves[:size]

    assert stream.joined("content") == text


def test_half_a_character_of_an_attempt_that_failed_is_forgotten() -> None:
    stream = Stream()

    stream.events.text(HIGH)
    stream.events.reset()
    stream.events.text("Hello")

    assert stream.joined("content") == "Hello"


@pytest.mark.parametrize(
    ("body", "deltas"),
    [
        (a_body(), [{"content": "Hello"}]),
        (a_body(""), [{"content": ""}]),
        (a_body(SMILE), [{"content": "\U0001f600"}]),
        (a_body(reasoning_content="Hm"), [{"content": None, "reasoning_content": "Hm"}, {"content": "Hello"}]),
        (a_body(None, tool_calls=[CALL]), [{"content": None, "tool_calls": [{"index": 0, **CALL}]}]),
        (
            a_body(tool_calls=[CALL, CALL | {"id": "call-2"}]),
            [
                {"content": "Hello"},
                {"tool_calls": [{"index": 0, **CALL}, {"index": 1, **CALL, "id": "call-2"}]},
            ],
        ),
    ],
    ids=["content", "nothing", "unicode", "reasoning", "calls", "content-and-calls"],
)
def test_what_was_not_told_piece_by_piece_is_sent_as_a_whole(body: str, deltas: list[dict[str, Any]]) -> None:
    """A replay, or all of it where answers arrive at once: as every client reads a stream."""
    stream = Stream(include_usage=True)

    stream.events.end(body, success=True)

    assert stream.deltas == [{"role": "assistant"} | deltas[0], *deltas[1:], {}]
    assert {chunk["model"] for chunk in stream.chunks} == {"a/whole"}
    assert stream.chunks[-1]["usage"] == USAGE
    assert stream.sent[-1] == "[DONE]"


@pytest.mark.parametrize("begun", [True, False], ids=["in-mid-stream", "before-it"])
def test_an_error_is_an_event_and_nothing_comes_after_it(begun: bool) -> None:
    """Neither a finish reason nor `[DONE]`: most clients would take either for a success."""
    stream = Stream(include_usage=True)
    error = json.dumps({"error": {"message": "Gone.", "type": "server_error", "param": None, "code": "upstream_error"}})

    if begun:
        stream.events.text("Hel")
    stream.events.end(error, success=False)

    assert stream.sent[-1] == error
    assert len(stream.sent) == 1 + begun
    assert all(choice["finish_reason"] is None for chunk in stream.chunks for choice in chunk.get("choices", ()))
