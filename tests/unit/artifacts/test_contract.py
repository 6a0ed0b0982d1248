"""What the endpoint asks of the artifact functions' contract."""

import json

import pytest

from shared.artifacts.artifact import Artifact
from shared.artifacts.contract import (
    ArtifactContract,
    FixRequest,
    FixResponse,
    GenerateRequest,
    GenerateResponse,
)
from shared.artifacts.kinds import Kind
from shared.artifacts.repair_loop import Made
from shared.costs.cost_line import WorkFacts
from shared.costs.ledger import AttemptRecord
from shared.costs.usage import NOTHING, Usage
from shared.errors import InvalidRequest
from shared.guard.errors import Allowance, RateLimited
from shared.run import Run
from tests.support.runs import a_run

GENERATE = ArtifactContract(GenerateRequest, GenerateResponse)
FIX = ArtifactContract(FixRequest, FixResponse)
ROUTE = ("POST", "/")
MADE = Made(Artifact(Kind.SVG, "A dot", None, "<svg/>"), ("untagged",), repaired=True)


def paid_run() -> Run:
    run = a_run()
    run.ledger.attempts.append(AttemptRecord("a/b", "a/b-1", "ok", False, NOTHING, Usage(1, 2), 1.0))  # noqa: FBT003
    return run


def test_a_warning_is_added_to_those_of_the_artifact() -> None:
    body = GENERATE.success(MADE, paid_run())

    assert GENERATE.with_warning(body, "not_stored") == body | {"warnings": ["untagged", "not_stored"]}
    assert body["warnings"] == ["untagged"]


def test_a_replay_is_the_stored_body_under_its_own_id() -> None:
    body = FIX.success(MADE, paid_run())

    again = FIX.replay(json.dumps(body).encode(), a_run(request_id="r-2"))

    assert again == body | {"requestId": "r-2"}
    assert (again["fixedCode"], again["type"], again["repaired"]) == ("<svg/>", "svg", True)


def test_equal_requests_have_equal_bytes() -> None:
    """However they are written: a kind by either of its names, a default said or left out."""
    said = GENERATE.read(ROUTE, {"prompt": " A dot ", "artifactType": "image/svg+xml", "sessionId": None})
    short = GENERATE.read(ROUTE, {"artifactType": "svg", "prompt": "A dot", "unknown": 1})

    assert GENERATE.identity(said) == GENERATE.identity(short)
    assert GENERATE.identity(short) != GENERATE.identity(GENERATE.read(ROUTE, {"prompt": "A dot"}))


def test_the_cost_line_says_what_was_asked_for_and_then_what_was_made() -> None:
    request = GENERATE.read(ROUTE, {"prompt": "A page", "artifactType": "html", "sessionId": "s-1"})
    fix = FIX.read(ROUTE, {"content": "<svg>", "type": "svg", "errorMessage": "Bad"})

    assert GENERATE.facts(request, None) == WorkFacts("html", "s-1", 6)
    assert GENERATE.facts(request, MADE) == WorkFacts("svg", "s-1", 6, repaired=True)
    assert FIX.facts(fix, None) == WorkFacts("svg", None, 8)


def test_a_fix_of_code_of_another_kind_counts_as_what_it_is() -> None:
    """Also where it fails: `type` is what the caller takes it for."""
    page = "<!DOCTYPE html><html><body>a</body></html>"
    request = FIX.read(ROUTE, {"content": page, "type": "react", "errorMessage": "Bad"})

    assert FIX.facts(request, None).artifact_type == "html"


def test_a_failure_says_when_to_come_back_and_what_it_cost() -> None:
    failure = RateLimited(Allowance(limit=5, remaining=0, reset=99), 0.2)

    free, paid = GENERATE.failure(failure, a_run()), GENERATE.failure(failure, paid_run())

    assert (free["retryAfterSeconds"], "attempts" in free) == (1, False)
    assert (paid["attempts"], paid["usage"]["inputTokens"], paid["costUsd"]) == (1, 1, 0)


@pytest.mark.parametrize("kind", [3, None, ["svg"], {}])
def test_a_kind_that_is_no_text_is_named(kind: object) -> None:
    with pytest.raises(InvalidRequest, match="`type` must be a string") as raised:
        FIX.read(ROUTE, {"content": "a", "type": kind, "errorMessage": "Bad"})

    assert raised.value.field == "type"
