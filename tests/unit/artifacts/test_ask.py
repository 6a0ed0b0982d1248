"""What is done where the model's answer was cut."""

from typing import Any

import httpx
import pytest

from shared.artifacts.ask import ask
from shared.artifacts.errors import ArtifactMissing, ArtifactTruncated
from shared.artifacts.extract import Extraction, extract
from shared.costs.ledger import Ledger
from shared.deadline import Deadline
from shared.errors import ServiceMisconfigured
from shared.openrouter import Completion, OpenRouter, Question
from shared.settings import Settings

WHOLE = '<artifact type="code">let a = 1;</artifact>'
HALF = WHOLE[:-12]


def said(content: str | None, reason: str = "stop", **message: Any) -> httpx.Response:
    choice = {"message": {"content": content, **message}, "finish_reason": reason}
    return httpx.Response(200, json={"choices": [choice], "usage": {"completion_tokens": 32_000, "cost": 0.01}})


def asked(*answers: httpx.Response, max_calls: int = 6) -> tuple[Extraction, Ledger]:
    script = list(answers)
    http = httpx.Client(transport=httpx.MockTransport(lambda _: script.pop(0)))
    settings = Settings.model_validate({"openrouter_k2t_key": "k", "models": ("a/b",), "max_calls": max_calls})
    host = OpenRouter(settings, http=http, sleep=lambda _seconds: None)
    ledger = Ledger("generate_artifact", "r-1", lambda *_: None)

    def read(completion: Completion) -> Extraction:
        return extract(completion.content, cut=completion.cut)

    return ask(host, Question([]), read, deadline=Deadline(60), ledger=ledger), ledger


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


@pytest.mark.parametrize(
    ("second", "failure"),
    [(said(HALF, "length"), ArtifactTruncated), (said("Sorry"), ArtifactMissing)],
    ids=["cut-again", "prose"],
)
def test_the_second_answer_is_the_last(second: httpx.Response, failure: type[Exception]) -> None:
    with pytest.raises(failure):
        asked(said(HALF, "length"), second)


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
