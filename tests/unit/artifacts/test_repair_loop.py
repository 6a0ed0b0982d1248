"""What is done where the model's answer was cut, or is of no use."""

import json
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from shared.artifacts.allowed_imports import AllowedImports
from shared.artifacts.artifact import Extraction
from shared.artifacts.errors import ArtifactInvalid, ArtifactMissing, ArtifactTruncated
from shared.artifacts.extraction import extract, find_usable
from shared.artifacts.problem import Rule, Source
from shared.artifacts.repair_loop import Made, complete_with_repair
from shared.artifacts.validation import Checker, validate
from shared.costs.ledger import Ledger
from shared.deadline import Clock, Deadline
from shared.errors import ServiceMisconfigured
from shared.model_host import Client, Completion, Question
from shared.progress import SILENT, Progress
from shared.settings import Settings
from tests.support.runs import Recorder, a_run

WHOLE = '<artifact type="code" language="javascript">let a = 1;</artifact>'
BROKEN = WHOLE.replace("1;", "(1;")
WORSE = WHOLE.replace("1;", "(1;\nlet b = [2;\nlet c = {3;")
HALF = WHOLE[:-12]


def said(content: str | None, reason: str = "stop", **message: Any) -> httpx.Response:
    choice = {"message": {"content": content, **message}, "finish_reason": reason}
    return httpx.Response(200, json={"choices": [choice], "usage": {"completion_tokens": 32_000, "cost": 0.01}})


def asked(
    *answers: httpx.Response | Callable[[], httpx.Response],
    max_calls: int = 6,
    sent: list[Any] | None = None,
    lines: list[Any] | None = None,
    clock: Clock = time.monotonic,
    progress: Progress = SILENT,
) -> tuple[Made, Ledger]:
    script = list(answers)

    def answer(request: httpx.Request) -> httpx.Response:
        (sent if sent is not None else []).append(json.loads(request.content))
        said = script.pop(0)
        return said if isinstance(said, httpx.Response) else said()

    http = httpx.Client(transport=httpx.MockTransport(answer))
    settings = Settings.model_validate({"openrouter_k2t_key": "k", "models": ("a/b",), "max_calls": max_calls})
    host = Client.of(settings, http=http, sleep=lambda _seconds: None, clock=clock)
    ledger = Ledger("generate_artifact", "r-1", lambda *line: (lines if lines is not None else []).append(line))

    def read(completion: Completion) -> Extraction:
        def accept(found: Extraction) -> Extraction:
            return validate(found, Checker(AllowedImports([]), Deadline(60)), truncated=completion.truncated)

        return find_usable(completion.content, None, accept, truncated=completion.truncated)

    question = Question([{"role": "system", "content": "Do."}, {"role": "user", "content": "A thing."}])
    run = a_run(ledger=ledger, clock=clock, progress=progress)
    return complete_with_repair(host, question, read, run), ledger


def test_a_whole_answer_is_asked_for_once() -> None:
    found, ledger = asked(said(WHOLE))

    assert found.artifact.code == "let a = 1;"
    assert len(ledger.attempts) == 1


@pytest.mark.parametrize(
    "cut",
    [said(HALF, "length"), said(None, "length", reasoning="Hm"), said(HALF)],
    ids=["in-the-artifact", "in-the-reasoning", "unclosed-and-said-to-be-whole"],
)
def test_a_cut_answer_is_asked_for_once_more(cut: httpx.Response) -> None:
    found, ledger = asked(cut, said(WHOLE))

    assert found.artifact.code == "let a = 1;"
    assert len(ledger.attempts) == 2
    assert ledger.cost.usd is not None
    assert str(ledger.cost.usd) == "0.02"


def test_the_answer_is_whole_where_only_what_follows_it_is_cut() -> None:
    found, ledger = asked(said(f"{WHOLE} And then", "length"))

    assert found.warnings == ("cut_after_artifact",)
    assert len(ledger.attempts) == 1


def test_an_answer_is_asked_for_longer_only_once() -> None:
    with pytest.raises(ArtifactTruncated):
        asked(said(HALF, "length"), said(HALF, "length"))


def test_an_artifact_that_is_cut_and_closed_and_broken_is_a_cut_one() -> None:
    found, _ = asked(said(BROKEN, "length"), said(WHOLE))

    assert found.artifact.code == "let a = 1;"
    assert not found.repaired


@pytest.mark.parametrize(
    ("bad", "complaint"),
    [(said(BROKEN), "Line 1, column"), (said("Sorry, what is it for?"), "no artifact"), (said(""), "no artifact")],
    ids=["broken", "prose", "nothing"],
)
def test_an_answer_of_no_use_is_sent_back_once_with_what_is_wrong(bad: httpx.Response, complaint: str) -> None:
    """Behind what was asked before, so that the host's prompt cache serves that."""
    sent: list[Any] = []
    lines: list[Any] = []

    found, _ = asked(bad, said(WHOLE), sent=sent, lines=lines)

    first, second = (each["messages"] for each in sent)
    assert found.artifact.code == "let a = 1;"
    assert found.repaired
    assert [line["purpose"] for name, line in lines if name == "attempt"] == ["first", "repair"]
    assert second[: len(first)] == first
    assert second[-1]["role"] == "user"
    assert complaint in second[-1]["content"]
    assert all(each["content"] for each in second)


def test_a_longer_answer_that_is_broken_is_repaired_with_as_much_room() -> None:
    sent: list[Any] = []

    found, ledger = asked(said(HALF, "length"), said(BROKEN), said(WHOLE), sent=sent)

    assert found.artifact.code == "let a = 1;"
    assert len(ledger.attempts) == 3
    assert [each["max_tokens"] for each in sent] == [32_000, 64_000, 64_000]


@pytest.mark.parametrize(("seconds", "calls"), [(39, 2), (41, 1)])
def test_a_repair_that_would_not_be_done_in_time_is_not_begun(seconds: float, calls: int) -> None:
    """It takes half the time of the first answer at least; there are 60 seconds."""
    now = [0.0]
    sent: list[Any] = []

    def answer() -> httpx.Response:
        now[0] += seconds if not sent[1:] else 1
        return said(WHOLE if sent[1:] else BROKEN)

    if calls == 1:
        with pytest.raises(ArtifactInvalid):
            asked(answer, answer, sent=sent, clock=lambda: now[0])
    else:
        asked(answer, answer, sent=sent, clock=lambda: now[0])
    assert len(sent) == calls


@pytest.mark.parametrize(
    "text",
    [
        f'<artifact type="svg" title="A">\nAs follows:\n{WHOLE}',
        f'<artifact type="svg" title="A">\nAs follows:\n{WHOLE}\n</artifact>',
    ],
    ids=["begun-twice", "one-in-the-other"],
)
def test_an_artifact_inside_one_that_cannot_be_rendered_is_taken(text: str) -> None:
    found, ledger = asked(said(text))

    assert found.artifact.code == "let a = 1;"
    assert len(ledger.attempts) == 1


@pytest.mark.parametrize(
    ("first", "second", "failure"),
    [
        (said("Sorry"), said("Sorry"), ArtifactMissing),
        (said(BROKEN), said(BROKEN), ArtifactInvalid),
        (said(BROKEN), said("Sorry"), ArtifactInvalid),
        (said("Sorry"), said(BROKEN), ArtifactInvalid),
        (said(BROKEN), said(HALF, "length"), ArtifactInvalid),
        (said(BROKEN), httpx.Response(400), ArtifactInvalid),
    ],
    ids=["prose", "broken", "broken-then-prose", "prose-then-broken", "broken-then-cut", "broken-then-refused"],
)
def test_a_repair_that_fails_leaves_the_better_of_the_two(
    first: httpx.Response, second: httpx.Response, failure: type[Exception]
) -> None:
    lines: list[Any] = []

    with pytest.raises(failure):
        asked(first, second, lines=lines)

    assert not [line for _, line in lines if line.get("repaired")]


@pytest.mark.parametrize("order", [(BROKEN, WORSE), (WORSE, BROKEN)])
def test_the_failure_names_the_place_in_the_better_of_the_two(order: tuple[str, str]) -> None:
    with pytest.raises(ArtifactInvalid, match=r"line 1, column \d+: ") as caught:
        asked(*map(said, order))

    assert len(caught.value.problems) == 1


@pytest.mark.parametrize("second", [httpx.Response(400), said(WHOLE, "error")])
def test_a_second_call_that_fails_leaves_a_cut_artifact(second: httpx.Response) -> None:
    with pytest.raises(ArtifactTruncated):
        asked(said(HALF, "length"), second, max_calls=2)


def test_without_a_call_left_the_artifact_stays_cut() -> None:
    with pytest.raises(ArtifactTruncated):
        asked(said(HALF, "length"), max_calls=1)


def test_what_the_operator_has_to_mend_is_not_hidden() -> None:
    with pytest.raises(ServiceMisconfigured):
        asked(said(HALF, "length"), httpx.Response(402))


def test_what_could_not_be_checked_is_not_sent_back() -> None:
    """Nothing that the model writes makes up for time, and another answer would be paid for."""
    sent: list[Any] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return said(WHOLE)

    def read(completion: Completion) -> Extraction:
        found = extract(completion.content)
        problem = Source(found.artifact.code).problem(Rule.UNCHECKED, "There was no time.", 1, 1)
        raise ArtifactInvalid((problem,), found.artifact)

    settings = Settings.model_validate({"openrouter_k2t_key": "k", "models": ("a/b",), "guard_table": "t"})
    host = Client.of(settings, http=httpx.Client(transport=httpx.MockTransport(answer)))

    with pytest.raises(ArtifactInvalid, match="could not be checked"):
        complete_with_repair(host, Question([{"role": "user", "content": "A"}]), read, a_run())

    assert len(sent) == 1


def streamed(*contents: str, reason: str | None = "stop", reasoning: str = "") -> httpx.Response:
    """An answer that comes in these pieces, behind a thought where there is one."""
    deltas = [{"reasoning": reasoning}] if reasoning else []
    choices: list[dict[str, Any]] = [{"delta": each} for each in [*deltas, *({"content": each} for each in contents)]]
    if reason:
        choices.append({"delta": {}, "finish_reason": reason})
    events = [f"data: {json.dumps({'choices': [choice]})}\n\n" for choice in choices]
    return httpx.Response(200, content="".join([*events, "data: [DONE]\n\n"] if reason else events))


def test_all_that_happens_is_observed_in_order() -> None:
    """A retry after a stream that breaks off, an answer that is extended, and one that is repaired."""
    recorder = Recorder()

    found, _ = asked(
        httpx.Response(503),
        streamed("<arti", reason=None, reasoning="Hm"),
        streamed(HALF, reason="length"),
        streamed(BROKEN[:9], BROKEN[9:], reasoning="Oh"),
        streamed(WHOLE),
        progress=recorder,
    )

    assert found.repaired
    assert recorder.events == [
        "thinking",
        *("retrying", "thinking", "writing", "+<arti", "reset"),
        *("retrying", "writing", f"+{HALF}", "checking", "reset"),
        *("retrying", "thinking", "writing", f"+{BROKEN[:9]}", f"+{BROKEN[9:]}", "checking", "reset"),
        *("repairing", "writing", f"+{WHOLE}", "checking"),
    ]


def test_nothing_is_withdrawn_that_was_not_shown() -> None:
    """An attempt that only thought, and one that failed at once, have no text to take back."""
    recorder = Recorder()

    asked(said(None, "length", reasoning="Hm"), httpx.Response(502), said(WHOLE), progress=recorder)

    assert recorder.events == ["thinking", "checking", "retrying", "retrying", "writing", f"+{WHOLE}", "checking"]
