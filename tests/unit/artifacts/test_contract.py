"""What the endpoint asks of the artifact functions' contract."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import TypeAdapter

from shared.artifacts.advice import FindingBody, PlanBody, ReviewBody
from shared.artifacts.artifact import Artifact
from shared.artifacts.contract import (
    FIXED,
    GENERATED,
    ArtifactContract,
    FixRequest,
    GenerateRequest,
)
from shared.artifacts.errors import ArtifactInvalid
from shared.artifacts.kinds import Kind
from shared.artifacts.problem import Problem, Rule
from shared.artifacts.repair_loop import Made
from shared.artifacts.responses import FailureBody, FixResponse, GenerateResponse, PaidFailureBody
from shared.costs.cost_line import WorkFacts
from shared.costs.ledger import AttemptRecord
from shared.costs.usage import NOTHING, Usage
from shared.errors import InvalidRequest
from shared.guard.errors import Allowance, RateLimited
from shared.run import Run
from tests.support.runs import a_run

GENERATE = ArtifactContract(GenerateRequest, GENERATED)
FIX = ArtifactContract(FixRequest, FIXED)
ROUTE = ("POST", "/")
MADE = Made(Artifact(Kind.SVG, "A dot", None, "<svg/>"), ("untagged",), repaired=True)
FIXED_BY_EDITS = MADE._replace(edits=2, base_version="0" * 64)
REWRITTEN = MADE._replace(base_version="0" * 64)
PLAN: PlanBody = {"shows": ["A dot"], "states": [], "interactions": [], "edgeCases": []}
FINDING: FindingBody = {"what": "No dot", "where": "svg", "severity": "major"}
PLANNED = MADE._replace(plan=PLAN)
APPROVED = PLANNED._replace(review=ReviewBody(verdict="approved", findings=[]))
DISCARDED = MADE._replace(
    review=ReviewBody(verdict="changes_requested", findings=[FINDING, FINDING], rebuild="discarded")
)
REBUILT = FIXED_BY_EDITS._replace(
    plan=PLAN,
    review=ReviewBody(verdict="changes_requested", findings=[FINDING], changes=["Draw a dot"], rebuild="kept"),
)
CODE = Made(Artifact(Kind.CODE, "One", "python", "a = 1"), (), repaired=False)
REFUSED = ArtifactInvalid((Problem(Rule.SYNTAX, "It ends too soon.", 1, 1, "<svg"),), MADE.artifact)


def paid_run() -> Run:
    run = a_run()
    run.ledger.attempts.append(AttemptRecord("a/b", "a/b-1", "ok", False, NOTHING, Usage(1, 2), 1.0))  # noqa: FBT003
    return run


@pytest.mark.parametrize(
    ("body", "described"),
    [
        pytest.param(lambda: GENERATE.success(MADE, paid_run()), GenerateResponse, id="generate"),
        pytest.param(lambda: GENERATE.success(CODE, paid_run()), GenerateResponse, id="code"),
        pytest.param(lambda: FIX.success(FIXED_BY_EDITS, paid_run()), FixResponse, id="fix"),
        pytest.param(lambda: FIX.success(REWRITTEN, paid_run()), FixResponse, id="fix, rewritten"),
        pytest.param(lambda: GENERATE.success(FIXED_BY_EDITS, paid_run()), GenerateResponse, id="change"),
        pytest.param(lambda: GENERATE.success(PLANNED, paid_run()), GenerateResponse, id="planned"),
        pytest.param(lambda: GENERATE.success(APPROVED, paid_run()), GenerateResponse, id="approved"),
        pytest.param(lambda: GENERATE.success(DISCARDED, paid_run()), GenerateResponse, id="rebuild discarded"),
        pytest.param(lambda: GENERATE.success(REBUILT, paid_run()), GenerateResponse, id="rebuilt"),
        pytest.param(lambda: FIX.failure(InvalidRequest("Bad.", field="type"), a_run()), FailureBody, id="failure"),
        pytest.param(lambda: FIX.failure(REFUSED, paid_run()), PaidFailureBody, id="paid failure"),
    ],
)
def test_a_body_is_as_it_is_described(body: Callable[[], dict[str, Any]], described: Any) -> None:
    """Nothing checks it when it is sent; all fields are there, in that order, and no others."""
    made = body()

    assert TypeAdapter(described).validate_python(made, strict=True) == made
    assert json.loads(json.dumps(made)) == made
    assert list(made) == [name for name in described.__annotations__ if name in made]


@pytest.mark.parametrize(
    ("described", "full"),
    [(PlanBody, PLAN), (ReviewBody, REBUILT.review), (FindingBody, FINDING)],
    ids=["plan", "review", "finding"],
)
def test_what_advice_holds_is_as_it_is_described(described: Any, full: dict[str, Any]) -> None:
    """In that order too; and where a step did not come to pass, its fields are left out, and not null."""
    assert list(full) == list(described.__annotations__)
    for made, names in ((MADE, set()), (PLANNED, {"plan"}), (DISCARDED, {"review"}), (REBUILT, {"plan", "review"})):
        body = GENERATE.success(made, paid_run())
        assert body.keys() & {"plan", "review"} == names
        assert next(iter(body)) == "success"


def test_the_cost_line_says_what_a_review_came_to() -> None:
    request = GENERATE.read(ROUTE, {"prompt": "A dot", "workflow": "reviewed"})

    said = [
        (facts.findings, facts.rebuild)
        for facts in (GENERATE.facts(request, made) for made in (None, MADE, PLANNED, APPROVED, DISCARDED, REBUILT))
    ]

    assert said == [(None, None), (None, None), (None, None), (0, None), (2, "discarded"), (1, "kept")]


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
    assert FIX.facts(fix, FIXED_BY_EDITS) == WorkFacts("svg", None, 8, repaired=True, applied="edits")
    assert FIX.facts(fix, REWRITTEN).applied == "rewrite"


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


BODIES: dict[str, tuple[ArtifactContract[Any], dict[str, Any]]] = {
    "generate": (GENERATE, {"prompt": "A dot"}),
    "fix": (FIX, {"content": "<svg>", "type": "svg", "errorMessage": "Bad"}),
}
WRONG: list[object] = [3, "a b", [], True]


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ({"feature": "checkout", "component": "cart.v2-beta_1"}, ("checkout", "cart.v2-beta_1")),
        ({"component": "7" * 64, "team": ["ignored"]}, (None, "7" * 64)),
        ({"feature": None}, (None, None)),
        ({}, (None, None)),
        (None, (None, None)),
    ],
)
def test_feature_and_component_are_on_the_cost_line(name: str, metadata: object, expected: object) -> None:
    """Of whatever becomes of the request; and nothing else of the line changes."""
    contract, body = BODIES[name]
    request = contract.read(ROUTE, body | {"metadata": metadata})
    plain = contract.read(ROUTE, body)

    for result in (None, MADE):
        facts = contract.facts(request, result)
        assert (facts.feature, facts.component) == expected
        assert facts._replace(feature=None, component=None) == contract.facts(plain, result)


@pytest.mark.parametrize("name", BODIES)
def test_metadata_are_no_part_of_what_makes_two_requests_equal(name: str) -> None:
    """They change nothing of the answer: with its key, a request is answered whatever it is now said to be part of."""
    contract, body = BODIES[name]

    metadata = [None, {}, {"feature": "a"}, {"feature": "b", "component": "c"}]
    assert {contract.identity(contract.read(ROUTE, body | {"metadata": each})) for each in metadata} == {
        contract.identity(contract.read(ROUTE, body))
    }


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize(
    ("metadata", "field", "problem"),
    [
        *((wrong, "metadata", "must be an object") for wrong in WRONG),
        *(({"feature": wrong}, "metadata.feature", "must be a string") for wrong in WRONG if wrong != "a b"),
        *[
            ({"component": wrong}, "metadata.component", "must have 1 to 64 letters, digits, dots")
            for wrong in ("", "a b", "a\n", ".a", "-", "_a", "\u00e9", "x" * 65, "a/b", "a{b}", '"')
        ],
    ],
)
def test_metadata_that_are_wrong_are_named(name: str, metadata: object, field: str, problem: str) -> None:
    contract, body = BODIES[name]

    with pytest.raises(InvalidRequest, match=f"^`{field}` {problem}") as raised:
        contract.read(ROUTE, body | {"metadata": metadata})

    assert raised.value.field == field
