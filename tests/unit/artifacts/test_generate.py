"""An artifact of the kind that was asked for, and what becomes of one that is of another."""

import json
from typing import Any

import httpx
import pytest

from shared.artifacts.allowed_imports import AllowedImports
from shared.artifacts.brief import Brief
from shared.artifacts.errors import ArtifactInvalid
from shared.artifacts.generate import generate
from shared.artifacts.kinds import Kind
from shared.artifacts.repair_loop import Dependencies, Made
from shared.deadline import Deadline
from shared.model_host import Client
from shared.settings import Settings
from tests.support.runs import a_run

PAGE = '<artifact type="text/html" title="A">\n<!DOCTYPE html>\n<html><body><p>a</p></body></html>\n</artifact>'
BROKEN_PAGE = PAGE.replace("</body></html>", "<script>let a = (1;</script></body></html>")
DRAWING = '<artifact type="svg" title="A">\n<svg xmlns="http://www.w3.org/2000/svg"><circle r="3"/></svg>\n</artifact>'


def made(*answers: str, kind: Kind | None, sent: list[Any], max_calls: int = 6) -> Made:
    script = list(answers)

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(json.loads(request.content))
        body = {"choices": [{"message": {"content": script.pop(0)}, "finish_reason": "stop"}]}
        return httpx.Response(200, json=body)

    http = httpx.Client(transport=httpx.MockTransport(answer))
    settings = Settings.model_validate({"openrouter_k2t_key": "k", "guard_table": "t", "max_calls": max_calls})
    dependencies = Dependencies(Client.of(settings, http=http), AllowedImports(["react"]))
    return generate(dependencies, a_run(5), Brief("A dot", kind))


def test_another_kind_is_sent_back_once_and_mended() -> None:
    sent: list[Any] = []

    found = made(PAGE, DRAWING, kind=Kind.SVG, sent=sent)

    assert (found.artifact.kind, found.warnings, found.repaired) == (Kind.SVG, (), True)
    assert sent[1]["messages"][-1]["content"].startswith(
        "That artifact is of the type text/html, and the type image/svg+xml was asked for."
    )


@pytest.mark.parametrize("second", [PAGE, "Sorry", BROKEN_PAGE], ids=["the-same", "prose", "broken"])
def test_another_kind_that_stays_is_a_success_that_says_so(second: str) -> None:
    sent: list[Any] = []

    found = made(PAGE, second, kind=Kind.SVG, sent=sent)

    assert (found.artifact.kind, found.warnings) == (Kind.HTML, ("kind_changed",))
    assert (found.repaired, len(sent)) == (False, 2)


def test_another_kind_that_comes_for_what_could_not_be_rendered_is_one_too() -> None:
    sent: list[Any] = []

    found = made(DRAWING.replace("<circle", "<circle <"), PAGE, kind=Kind.SVG, sent=sent)

    assert (found.artifact.kind, found.warnings) == (Kind.HTML, ("kind_changed",))


def test_where_no_call_is_left_it_is_given_at_once() -> None:
    sent: list[Any] = []

    found = made(PAGE, kind=Kind.SVG, sent=sent, max_calls=1)

    assert (found.artifact.kind, found.warnings, len(sent)) == (Kind.HTML, ("kind_changed",), 1)


def test_another_kind_that_cannot_be_rendered_either_is_no_success() -> None:
    with pytest.raises(ArtifactInvalid) as raised:
        made(BROKEN_PAGE, BROKEN_PAGE, kind=Kind.SVG, sent=[])

    assert raised.value.draft.kind is Kind.HTML


def test_the_model_may_choose_any_kind() -> None:
    found = made(PAGE, kind=None, sent=[])

    assert (found.artifact.kind, found.warnings) == (Kind.HTML, ())


@pytest.mark.parametrize("late", [4.0, 7.0])
def test_an_answer_at_the_last_moment_is_checked(late: float) -> None:
    """The deadline is at 5 seconds, the platform's time-out at 15; half of what is between is for the check."""
    assert answered_at(late).artifact.kind is Kind.HTML


def test_an_answer_that_cannot_be_checked_in_time_is_an_honest_error() -> None:
    with pytest.raises(ArtifactInvalid, match="could not be checked: There was no time left") as raised:
        answered_at(10.1)

    assert raised.value.draft.kind is Kind.HTML


def answered_at(seconds: float) -> Made:
    now = [0.0]

    def answer(_request: httpx.Request) -> httpx.Response:
        now[0] = seconds
        return httpx.Response(200, json={"choices": [{"message": {"content": PAGE}, "finish_reason": "stop"}]})

    http = httpx.Client(transport=httpx.MockTransport(answer))
    settings = Settings.model_validate({"openrouter_k2t_key": "k", "guard_table": "t"})
    dependencies = Dependencies(Client.of(settings, http=http), AllowedImports([]))
    run = a_run()
    run.deadline = Deadline(5, lambda: now[0], reserve=10)
    return generate(dependencies, run, Brief("A page"))
