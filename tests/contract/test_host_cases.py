"""Recorded answers of model hosts, from the folder that ARTIFACT_CASES names: each is read as its case expects.

Each is asked at its own host, in that host's dialect: see `tests/support/host_cases.py`.

As a whole, byte by byte, and cut at any byte: a cut is never a success, unless the host had already said that the
answer was over. Then only the usage can be missing, and the answer is not asked for and paid for again.
"""

import copy
import os
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from shared.artifacts.errors import ArtifactMissing
from shared.artifacts.extraction import extract
from shared.costs.usage import Usage
from shared.errors import Failure
from shared.model_host import Client, Completion, Question
from shared.model_host.answer import Answer
from shared.model_host.errors import (
    CreditExhausted,
    HostFailed,
    KeyRejected,
    ModelGone,
    Overloaded,
    RateLimited,
    RequestRejected,
)
from shared.model_host.json_object import UnreadableChunkError
from shared.model_host.stream import AnswerReader
from shared.settings import Settings
from tests.support.host_cases import (
    CASES,
    Case,
    body_of,
    cost_of,
    headers_of,
    host_of,
    model_of,
    parametrized,
    usd_reported,
)
from tests.support.runs import Lines, a_run

if not os.environ.get("ARTIFACT_CASES"):
    pytest.skip("ARTIFACT_CASES names no folder with cases", allow_module_level=True)

# The names of the source, and ours.
FAILURES: dict[str, tuple[type[Failure], ...]] = {
    "rate_limited": (RateLimited,),
    "auth": (KeyRejected,),
    "model_not_found": (ModelGone,),
    "invalid_request": (RequestRejected,),
    "quota_exhausted": (CreditExhausted,),
    "insufficient_credits": (CreditExhausted,),
    "stream_error": (HostFailed,),
    "upstream_error": (HostFailed, Overloaded),
}


class Pieces(httpx.SyncByteStream):
    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        yield from self._pieces


def ask(case: Case, pieces: list[bytes]) -> tuple[Completion | Failure, dict[str, Any]]:
    """What the client makes of this answer, and its log line of the one attempt."""

    def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(case["http_status"], headers=headers_of(case), stream=Pieces(pieces))

    lines = Lines()
    keys = {"OPENROUTER_K2T_KEY": "k", "MOONSHOT_KEY": "k", "CUSTOM_HOST_KEY": "k"}
    environment = {"CUSTOM_HOST_URL": "https://own.example", "ENABLE_GUARD": "false", "MAX_ATTEMPTS": "1"}
    settings = Settings.from_environment(keys | environment | {"MODELS": model_of(case)})
    client = Client.of(settings, http=httpx.Client(transport=httpx.MockTransport(answer)))
    try:
        result: Completion | Failure = client.complete(Question([]), a_run(lines=lines))
    except Failure as failure:
        result = failure
    (line,) = lines.named("attempt")
    return result, line


def read(pieces: list[bytes]) -> Answer:
    answer = Answer()
    reader = AnswerReader(answer)
    for piece in pieces:
        reader.feed(piece)
    reader.close()
    return answer


def facts(answer: Answer) -> dict[str, Any]:
    return {
        "id": answer.generation_id,
        "model": answer.model,
        "provider": answer.provider,
        "content": answer.content,
        "reasoning": answer.reasoning,
        "finish_reason": answer.finish_reason,
        "usage": answer.usage,
        "error": answer.error,
    }


def expected(case: Case) -> dict[str, Any]:
    names = ("id", "model", "provider", "content", "reasoning", "finish_reason", "usage", "error")
    facts = {name: case["expect"].get(name) for name in names}
    usage = facts["usage"]
    facts["usage"] = usage and Usage(
        input_tokens=usage["prompt_tokens"],
        output_tokens=usage["completion_tokens"],
        reasoning_tokens=usage["reasoning_tokens"],
        cached_tokens=usage["cached_tokens"],
        reported_usd=usd_reported(usage),
        cache_write_tokens=usage["cache_write_tokens"],
    )
    return facts | {"content": facts["content"] or "", "reasoning": facts["reasoning"] or ""}


ANSWERS = [case for case in CASES if case["http_status"] == 200 and case["kind"] in {"sse", "json"}]
STREAMS = [case for case in ANSWERS if case["kind"] == "sse"]
BODIES = [case for case in ANSWERS if case["kind"] == "json"]


def test_there_are_cases_of_each_kind() -> None:
    assert STREAMS
    assert BODIES
    assert [case for case in CASES if case["kind"] == "error"]
    assert {host_of(case) for case in CASES} == {"openrouter", "moonshot", "custom"}
    assert {cost_of(case)[1] for case in ANSWERS} == {"reported", "estimated", "unknown", "none"}


@pytest.mark.parametrize("case", parametrized(ANSWERS))
@pytest.mark.parametrize("size", [None, 1, 7], ids=["whole", "byte-by-byte", "in-sevens"])
def test_an_answer_is_read_as_the_case_expects(case: Case, size: int | None) -> None:
    body = body_of(case)
    pieces = [body[at : at + size] for at in range(0, len(body), size)] if size else [body]

    assert facts(read(pieces)) == expected(case)


@pytest.mark.parametrize("case", parametrized([case for case in CASES if case["kind"] != "models"]))
@pytest.mark.parametrize("size", [None, 1], ids=["whole", "byte-by-byte"])
def test_an_answer_ends_as_the_case_expects(case: Case, size: int | None) -> None:
    expect, body = case["expect"], body_of(case)
    pieces = [body[at : at + size] for at in range(0, len(body), size)] if size else [body]
    result, line = ask(case, pieces)

    if expect.get("error_class") == "empty_output":
        assert isinstance(result, Completion)
        with pytest.raises(ArtifactMissing) as missing:
            extract(result.content)
        result = missing.value
    elif expect.get("error_class"):
        assert isinstance(result, FAILURES[expect["error_class"]])
    if isinstance(result, Failure):
        assert result.retryable == expect["retryable"]
    else:
        assert (result.content, result.reasoning) == (expect["content"] or "", expect["reasoning"] or "")
        assert (result.finish_reason, result.usage) == (expect["finish_reason"], expected(case)["usage"] or Usage())
    assert (line["cost_usd"], line["cost_source"]) == cost_of(case)
    assert (line["host"], line["model"]) == (host_of(case), model_of(case))
    assert line["generation_id"] == (expect["id"] if case["http_status"] == 200 else None)


@pytest.mark.parametrize("case", parametrized([case for case in CASES if host_of(case) == "moonshot"]))
def test_moonshots_hint_is_in_its_words(case: Case) -> None:
    result, _ = ask(case, [body_of(case)])
    words = re.search(r"try again after ([0-9]+) seconds", str(case["expect"].get("error")))

    hint = result.retry_after_seconds if isinstance(result, Failure) else None
    assert hint == (float(words[1]) if words else None)


@pytest.mark.parametrize("case", parametrized([case for case in CASES if case["kind"] == "models"]))
def test_what_is_no_answer_is_no_success(case: Case) -> None:
    result, _ = ask(case, [body_of(case)])

    assert isinstance(result, HostFailed)


@pytest.mark.parametrize("case", parametrized(STREAMS))
def test_a_stream_that_is_cut_at_any_byte_is_no_success(case: Case) -> None:
    body, whole = body_of(case), expected(case)
    reader = AnswerReader(Answer())

    for byte in body:
        reader.feed(bytes([byte]))
        ended = copy.deepcopy(reader)
        ended.close()
        answer = ended._answer
        if not answer.complete or answer.error is not None:
            continue
        found = facts(answer)
        assert found["usage"] in {None, whole["usage"]}
        assert found | {"usage": None} == whole | {"usage": None}
    assert reader._answer.complete or case["expect"].get("error_class")


@pytest.mark.parametrize("case", parametrized(BODIES))
def test_a_body_that_is_cut_at_any_byte_is_no_success(case: Case) -> None:
    body = body_of(case).rstrip()

    for end in range(len(body)):
        answer = Answer()
        reader = AnswerReader(answer)
        reader.feed(body[:end])
        try:
            reader.close()
        except UnreadableChunkError:
            continue
        assert not answer.complete, end
