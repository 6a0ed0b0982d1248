"""What is read from a host's stream or body."""

import json
import tracemalloc
from decimal import Decimal
from typing import Any

import pytest

from shared.costs.usage import Usage
from shared.model_host.answer import TEXT_LIMIT, Answer
from shared.model_host.errors import AnswerTooLarge
from shared.model_host.json_object import UnreadableChunkError, error_of
from shared.model_host.stream import DOCUMENT_LIMIT, AnswerReader


def chunk(delta: dict[str, Any] | None = None, **more: Any) -> bytes:
    choice = {"index": 0, "delta": delta or {}, "finish_reason": more.pop("finish_reason", None)}
    return json.dumps({"id": "gen-1", "model": "k2-1", "provider": "P", "choices": [choice], **more}).encode()


def event(payload: bytes) -> bytes:
    return b"data: " + payload + b"\n\n"


STREAM = b"".join(
    [
        b": OPENROUTER PROCESSING\n\n: \n\n",
        event(
            chunk({"content": "", "reasoning": "Hm", "reasoning_details": [{"type": "reasoning.text", "text": "Hm"}]})
        ),
        event(chunk({"content": " <artifact>\u2028\u0085é"})),
        event(chunk({"content": "end"}, finish_reason="stop")),
        event(chunk(finish_reason="stop", usage={"prompt_tokens": 3, "completion_tokens": 4, "cost": 0.00023492})),
        event(b"[DONE]"),
    ]
)


def read(pieces: list[bytes]) -> Answer:
    answer = Answer()
    reader = AnswerReader(answer)
    for piece in pieces:
        reader.feed(piece)
    reader.close()
    return answer


def facts(answer: Answer) -> tuple[Any, ...]:
    return (answer.content, answer.reasoning, answer.finish_reason, answer.usage, answer.generation_id,
            answer.model, answer.provider, answer.error, answer.complete)  # fmt: skip


def test_a_stream() -> None:
    answer = read([STREAM])

    assert facts(answer) == (
        " <artifact>\u2028\u0085éend", "Hm", "stop", Usage(3, 4, None, None, Decimal("0.00023492")), "gen-1",
        "k2-1", "P", None, True,
    )  # fmt: skip


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"], ids=["lf", "crlf", "cr"])
def test_the_same_however_it_is_cut(end: bytes) -> None:
    stream = STREAM.replace(b"\n", end)

    assert facts(read([stream])) == facts(read([STREAM]))
    assert facts(read([bytes([byte]) for byte in stream])) == facts(read([STREAM]))


@pytest.mark.parametrize("at", range(0, len(STREAM), 7))
def test_a_stream_that_ends_early_is_not_whole_before_its_finish_reason(at: int) -> None:
    said = b"".join(line for line in STREAM[:at].splitlines(keepends=True) if line.endswith(b"}\n"))

    assert read([STREAM[:at]]).complete is (b'"stop"' in said or STREAM[:at].endswith(b'"stop"}]}'))


def test_raw_separators_inside_strings_split_nothing() -> None:
    """U+2028 and U+0085 as bytes, not escaped: httpx's own line splitting breaks here."""
    raw = json.dumps({"choices": [{"delta": {"content": "a\u2028b\u0085c"}}]}, ensure_ascii=False)

    assert read([event(raw.encode())]).content == "a\u2028b\u0085c"


@pytest.mark.parametrize(
    ("payload", "error"),
    [
        (b'{"error": {"code": 502}, "choices": []}', {"code": 502}),
        (b'{"choices": null, "error": {"code": 429}}', {"code": 429}),
        (b'{"choices": [{"error": {"code": "x"}, "delta": {"content": "part"}}]}', {"code": "x"}),
        (b'{"choices": [{"delta": {}, "finish_reason": "error"}]}', {}),
        (b'{"error": "overloaded"}', {"message": "overloaded"}),
        (b'{"error": null, "choices": []}', None),
        (b'{"error": false, "choices": []}', None),
        (b'{"error": "", "choices": []}', None),
        (b'{"error": {}, "choices": []}', None),
    ],
)
def test_an_error_inside_the_stream(payload: bytes, error: dict[str, Any] | None) -> None:
    assert read([event(payload)]).error == error


@pytest.mark.parametrize("message", [{"refusal": "I can't"}, {"content": "no"}], ids=["refusal", "content-filter"])
def test_a_refusal(message: dict[str, str]) -> None:
    reason = "stop" if "refusal" in message else "content_filter"

    assert read([event(chunk(message, finish_reason=reason))]).refused


@pytest.mark.parametrize(
    ("delta", "content", "reasoning"),
    [
        ({"content": [{"type": "text", "text": "a"}, {"type": "image"}, "b"]}, "ab", ""),
        ({"reasoning_content": "thinks"}, "", "thinks"),
        ({"reasoning": "thinks", "reasoning_content": "thinks"}, "", "thinks"),
        ({"reasoning_details": [{"text": "a"}, {"summary": "b"}, {"data": "gAAA"}]}, "", "ab"),
        ({"reasoning": "a", "reasoning_details": [{"text": "a"}]}, "", "a"),
        ({"content": None, "reasoning": None}, "", ""),
        ({"content": 5, "reasoning": {"a": 1}}, "", ""),
    ],
)
def test_dialects(delta: dict[str, Any], content: str, reasoning: str) -> None:
    answer = read([event(chunk(delta))])

    assert (answer.content, answer.reasoning) == (content, reasoning)


def test_halves_of_a_character_are_joined_over_chunks() -> None:
    halves = [event(b'{"choices":[{"delta":{"content":"%s"}}]}' % half) for half in (b"\\ud83d", b"\\ude00 \\ud83d")]

    assert read(halves).content == "😀 \ufffd"


def test_encrypted_reasoning_shows_that_the_model_goes_on() -> None:
    answer = Answer()

    assert AnswerReader(answer).feed(event(chunk({"reasoning_details": [{"data": "gAAA"}]})))
    assert answer.began


@pytest.mark.parametrize("payload", [b"not json", b"[1]", b'"text"', b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_json_object_is_said(payload: bytes) -> None:
    with pytest.raises(UnreadableChunkError):
        read([event(payload)])


def test_a_padded_body_is_read_as_one_answer() -> None:
    answer = Answer()
    reader = AnswerReader(answer)
    body = {"id": "gen-2", "choices": [{"message": {"content": "hi", "reasoning": "hm"}, "finish_reason": "length"}]}

    for piece in [b"\n         \n"] * 3 + [json.dumps(body).encode()]:
        assert reader.feed(piece) is False
    reader.close()

    assert (answer.content, answer.reasoning, answer.finish_reason, answer.complete) == ("hi", "hm", "length", True)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b'{"error": {"code": 429}}', {"code": 429}),
        (b'{"error": "no"}', {"message": "no"}),
        (b"<html>", {}),
        (b'\xef\xbb\xbf{"error": {"code": 429, "message": "\xff"}}', {"code": 429, "message": "\ufffd"}),
        (b'data: {"error": {"code": 429}}\n\n', {"code": 429}),
        (b"", {}),
        (b"[]", {}),
    ],
)
def test_the_error_of_a_failed_call(body: bytes, error: dict[str, Any]) -> None:
    assert error_of(body) == error


def test_progress_is_content_or_reasoning_and_nothing_else() -> None:
    reader = AnswerReader(Answer())

    assert not reader.feed(b": OPENROUTER PROCESSING\n\n")
    assert not reader.feed(event(chunk({"content": "", "role": "assistant"})))
    assert reader.feed(event(chunk({"reasoning": "a"})))
    assert reader.feed(event(chunk({"content": "a"})) + event(chunk({"content": ""})))


@pytest.mark.parametrize("start", [b"<html>", b"\x00\x01", b"[1]", b"Bad gateway", b"[" * 100_000, b"5"])
def test_what_is_neither_a_stream_nor_an_object_is_said_at_once(start: bytes) -> None:
    with pytest.raises(UnreadableChunkError):
        AnswerReader(Answer()).feed(start)


@pytest.mark.parametrize("body", [b"{}", b'{"data": []}', b'{"choices": []}', b'{"choices": null, "usage": {}}'])
def test_a_body_without_a_choice_is_no_answer(body: bytes) -> None:
    assert not read([body]).complete


def test_a_stream_that_says_done_and_nothing_else_is_no_answer() -> None:
    assert not read([event(b"[DONE]")]).complete


def test_what_comes_behind_done_is_not_read() -> None:
    assert read([STREAM, event(chunk({"content": "more"})), event(b"junk")]).content == read([STREAM]).content


@pytest.mark.parametrize("blank", [b"\n         \n", b"\xef\xbb\xbf", b"\r\n"])
def test_a_stream_may_begin_with_blanks(blank: bytes) -> None:
    assert facts(read([blank, blank + STREAM])) == facts(read([STREAM]))


def test_the_first_generation_id_counts() -> None:
    """Some hosts change it in mid-stream (recorded 2026)."""
    both = [event(b'{"id": "%s", "choices": []}' % name) for name in (b"gen-1", b"gen-2")]

    assert read(both).generation_id == "gen-1"


@pytest.mark.parametrize(
    "endless",
    [
        pytest.param(b"data: " + b"x" * 65_536, id="a-line"),
        pytest.param(b'{"a":"' + b"x" * 65_536, id="a-body"),
        pytest.param(event(chunk({"content": "x" * 65_536})), id="content"),
        pytest.param(event(chunk({"reasoning": "x" * 65_536})), id="reasoning"),
        pytest.param(event(chunk({"content": ["xy"] * 10_000})), id="parts"),
    ],
)
def test_an_answer_without_end_is_given_up(endless: bytes) -> None:
    with pytest.raises(AnswerTooLarge):
        read([endless] * (DOCUMENT_LIMIT // 10_000))


def test_the_largest_answer_that_is_kept() -> None:
    parts = [event(chunk({"content": "x" * (TEXT_LIMIT // 8)}))] * 8

    assert len(read(parts).content) == TEXT_LIMIT
    with pytest.raises(AnswerTooLarge):
        read([*parts, event(chunk({"content": "x"}))])


def test_blanks_without_end_are_not_kept() -> None:
    answer = Answer()
    reader, blanks = AnswerReader(answer), b" " * 65_536
    tracemalloc.start()
    for _ in range(1000):
        reader.feed(blanks)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    reader.feed(STREAM)

    assert most < 1_000_000, "of 65 million"
    assert facts(answer) == facts(read([STREAM]))


def test_an_event_without_data_is_passed_over() -> None:
    assert facts(read([event(b""), STREAM.replace(b"\n\n", b"\n\ndata:\n\n")])) == facts(read([STREAM]))


def test_an_error_behind_the_finish_takes_nothing_back() -> None:
    finished = event(chunk({"content": "a"}, finish_reason="stop", usage={"cost": 0.01}))
    answer = read([finished, event(b'{"error": {"code": 502}, "choices": []}')])

    assert (answer.content, answer.error, answer.complete) == ("a", None, True)


@pytest.mark.parametrize("later", [b'{"usage": {}}', b'{"usage": {"prompt_tokens": 1}}', b'{"usage": null}'])
def test_a_reported_cost_is_not_lost_to_a_later_usage_without_one(later: bytes) -> None:
    answer = read([event(chunk(usage={"cost": 0.01, "prompt_tokens": 3})), event(later)])

    assert answer.usage == Usage(3, reported_usd=Decimal("0.01"))


def test_a_number_that_nothing_can_hold_costs_only_itself() -> None:
    usage = b'{"choices":[{"delta":{"content":"a"}}],"usage":{"cost":1e99999999999999999999,"prompt_tokens":3}}'
    answer = read([event(usage)])

    assert (answer.content, answer.usage) == ("a", Usage(3))


@pytest.mark.parametrize("later", [{}, {"cost": 0}, {"cost": None, "prompt_tokens": 0}, {"cost": 0.1}])
@pytest.mark.parametrize("place", ["top", "choice"])
def test_of_several_usages_the_larger_cost_stands(later: dict[str, Any], place: str) -> None:
    """Hosts say it twice, and some of them say nothing, or 0, the second time."""
    second = chunk(usage=later) if place == "top" else json.dumps({"choices": [{"usage": later}]}).encode()

    answer = read([event(chunk({"content": "a"}, finish_reason="stop", usage={"cost": 0.5})), event(second)])

    assert answer.usage == Usage(input_tokens=later.get("prompt_tokens"), reported_usd=Decimal("0.5"))
