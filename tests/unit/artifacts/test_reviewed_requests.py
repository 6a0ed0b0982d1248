"""Requests for reviewed artifacts: changes of one that is there, answers for later, callers that go away."""

import io
import json
from collections.abc import Mapping
from hashlib import sha256
from threading import Event
from typing import Any

import pytest

from shared.artifacts.contract import GENERATED, ArtifactContract, GenerateRequest
from shared.errors import InvalidRequest
from shared.progress import Silent, StepResult
from tests.support.logged import logged_to
from tests.support.reviewed import (
    BETTER,
    BUILT,
    CHANGES,
    GOOD,
    LATE,
    PLAN,
    Said,
    Studio,
    component,
    edit,
    review,
    tagged,
)
from tests.support.service import ASYNC, EVENTS, KEY, Guard

CONTRACT = ArtifactContract(GenerateRequest, GENERATED)
GIVEN = component("Given")
PAGE = "<!DOCTYPE html>\n<html><head><title>a</title></head><body><p>Row</p></body></html>"
EDITS = {"EDITS_FROM_LINES": "1"}


def head(code: str) -> str:
    return code.split("\n")[2]


def version(code: str) -> str:
    return sha256(code.encode()).hexdigest()


BUILT_BY_EDIT, REBUILT_BY_EDIT = Said(edit(head(GIVEN), head(BUILT))), Said(edit(head(BUILT), head(BETTER)))
TWO_EDITS = Said(f"{edit(head(BUILT), head(BETTER))}\n{edit('      <li>Row 3</li>', '      <li>Row three</li>')}")


@pytest.mark.parametrize(
    ("build", "rebuild", "applied", "edits"),
    [
        (BUILT_BY_EDIT, REBUILT_BY_EDIT, "edits", 2),
        (BUILT_BY_EDIT, TWO_EDITS, "edits", 3),
        (BUILT_BY_EDIT, Said(tagged(BETTER)), "rewrite", None),
        (Said(tagged(BUILT)), REBUILT_BY_EDIT, "rewrite", None),
        (Said(tagged(BUILT)), Said(tagged(BETTER)), "rewrite", None),
        (BUILT_BY_EDIT, Said(tagged(BUILT[:-1])), "edits", 1),
    ],
    ids=["edits-edits", "edits-two", "edits-whole", "whole-edits", "whole-whole", "discarded"],
)
def test_a_change_is_based_on_what_was_sent_whatever_came_between(
    build: Said, rebuild: Said, applied: str, edits: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is no plan: the artifact that is there is what there is to go by. Edits of a rewrite are none of it."""
    ours = Studio({**GOOD, "build": build, "rebuild": rebuild}, monkeypatch, EDITS)

    answer = ours.ask(content=tagged(GIVEN), prompt="Change the title")

    body = answer.json
    assert answer.purposes[:3] == ["build", "review", "rebuild"]
    assert "plan" not in body
    assert (body["applied"], body.get("edits"), body["baseVersion"]) == (applied, edits, version(GIVEN))
    assert body["version"] == version(body["artifact"]["code"])
    assert answer.cost["applied"] == applied
    assert {"plan_skipped"}.isdisjoint(body["warnings"]), "it was not to be planned"
    assert "changes" not in body["review"]


@pytest.mark.parametrize("blanks", ["", "  ", "\n\n"], ids=["as-sent", "trailing", "lines"])
def test_a_change_that_a_rebuild_takes_back_is_kept(blanks: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first build is given, for it is what was asked for; the code as it was sent is no change of it."""
    ours = Studio({**GOOD, "rebuild": Said(tagged(GIVEN))}, monkeypatch)

    answer = ours.ask(content=tagged(GIVEN.replace("\n", f"{blanks}\n", 1)), prompt="Change the title")

    assert (answer.json["artifact"]["code"], answer.json["warnings"]) == (BUILT, ["rebuild_skipped"])
    assert answer.json["review"]["rebuild"] == answer.cost["rebuild"] == "discarded"
    built = ours.calls[0]
    assert answer.cost["first_token_ms"] == built.seconds * 1000
    assert answer.json["version"] != answer.json["baseVersion"]


def test_a_conversion_is_reviewed_as_what_it_became(monkeypatch: pytest.MonkeyPatch) -> None:
    longer = PAGE.replace("<p>Row</p>", "<p>Row</p><p>Row</p>")
    script = {**GOOD, "build": Said(tagged(PAGE, "html")), "rebuild": Said(tagged(longer, "html"))}
    ours = Studio(script, monkeypatch)

    answer = ours.ask(content=tagged(GIVEN), prompt="Make a page of it", artifactType="html")

    assert answer.purposes == ["build", "review", "rebuild"]
    assert (answer.json["artifact"]["type"], answer.json["artifact"]["code"]) == ("html", longer)
    assert (answer.json["applied"], answer.json["baseVersion"], answer.json["warnings"]) == (
        "rewrite",
        version(GIVEN),
        [],
    )
    assert "text/html" in ours.sent("review")[0]["messages"][1]["content"]
    assert '<artifact type="text/html"' in ours.sent("rebuild")[0]["messages"][1]["content"]


def test_the_reviewer_and_the_builder_see_what_they_need_and_the_caller_all_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ours = Studio(GOOD, monkeypatch)

    body = ours.ask(prompt="A very special list").json

    (plan, build), (reviewed, changes), (rebuild,) = (
        [ours.sent(step)[0]["messages"] for step in steps]
        for steps in (("plan", "build"), ("review", "changes"), ("rebuild",))
    )
    assert "A very special list" in plan[1]["content"]
    assert all(each in build[1]["content"] for each in ("A very special list", "- Rows", "- Click a row", "- No rows"))
    assert all(each in reviewed[1]["content"] for each in ("A very special list", "- Click a row", BUILT))
    assert changes[:2] == plan
    assert changes[2] == {"role": "assistant", "content": json.dumps(PLAN)}
    assert "- major: Wrong 0 (App)" in changes[3]["content"]
    assert all(
        each in rebuild[1]["content"] for each in (BUILT, "A very special list", "- major: Wrong 0 (App)", *CHANGES)
    )
    assert (body["plan"], body["review"]["changes"], body["review"]["rebuild"]) == (PLAN, CHANGES, "kept")
    assert body["review"]["findings"] == [{"what": "Wrong 0", "where": "App", "severity": "major"}]


@pytest.mark.parametrize(
    ("threshold", "told"),
    [("minor", ["minor", "major", "blocking"]), ("major", ["major", "blocking"]), ("blocking", ["blocking"])],
)
def test_what_is_below_the_threshold_is_not_told_to_the_builder(
    threshold: str, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    script = {**GOOD, "review": Said(review("minor", "blocking", "major"))}
    ours = Studio(script, monkeypatch, {"REVIEW_THRESHOLD": threshold})

    answer = ours.ask()

    for step in ("changes", "rebuild"):
        said = ours.sent(step)[0]["messages"][-1]["content"]
        assert [each for each in ("minor", "major", "blocking") if f"- {each}: " in said] == told
    assert len(answer.json["review"]["findings"]) == answer.cost["findings"] == 3


@pytest.mark.parametrize(
    "text", ["\\ud800", "\\u0000", "\\ud83d", "a\\u0007b"], ids=["surrogate", "nul", "half", "bell"]
)
def test_no_text_of_an_adviser_keeps_the_artifact_from_being_made(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """JSON can write what no host is sent: half a character, and what no text has."""
    script = {
        **GOOD,
        "plan": Said(json.dumps(PLAN).replace("Rows", f"Rows {text}")),
        "review": Said(review("major").replace("Wrong", f"Wrong {text}").replace("App", f"App {text}")),
        "changes": Said(json.dumps({"changes": CHANGES}).replace("Add", f"Add {text}")),
    }
    ours = Studio(script, monkeypatch)

    answer = ours.ask()

    assert (answer.status, answer.json["artifact"]["code"]) == (200, BETTER)
    said = json.dumps([answer.json["plan"], answer.json["review"]])
    assert "\\ud8" not in said
    assert "\\u0000" not in said
    assert not any("\x00" in message["content"] for call in ours.calls for message in call.body["messages"])


@pytest.mark.parametrize("workflow", ["Reviewed", "", "both", 1, ["reviewed"], True])
def test_an_unknown_workflow_is_refused_and_named(workflow: object, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = Studio(GOOD, monkeypatch)

    answer = ours.ask(workflow=workflow)

    assert (answer.status, answer.json["code"], answer.json["field"]) == (400, "invalid_request", "workflow")
    assert (answer.json["error"], ours.calls) == ("`workflow` must be 'direct' or 'reviewed'.", [])
    assert answer.cost["workflow"] is None


@pytest.mark.parametrize(("default", "purposes"), [("direct", ["first"]), ("reviewed", ["plan", "build", "review"])])
def test_without_a_word_of_the_caller_the_setting_counts(
    default: str, purposes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = Studio({**GOOD, "review": Said(review())}, monkeypatch, {"WORKFLOW": default})

    answer = ours.ask(workflow=None)

    assert (answer.purposes, answer.cost["workflow"]) == (purposes, default)
    assert ("plan" in answer.json, "review" in answer.json) == (default == "reviewed",) * 2


def test_a_direct_request_is_the_same_whatever_is_set_for_reviewed_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = Studio(GOOD, monkeypatch, {"WORKFLOW": "reviewed"})

    answer = ours.ask(workflow="direct")

    assert answer.purposes == ["first"]
    assert {"plan", "review"}.isdisjoint(answer.json)


def identity(**fields: object) -> bytes:
    return CONTRACT.identity(CONTRACT.read(("POST", "/"), {"prompt": "A dot", **fields}))


def test_the_workflow_is_a_part_of_what_is_asked_for() -> None:
    """And a request that does not name one has the bytes that it had before there were any."""
    assert identity() == identity(workflow=None) == b'{"prompt":"A dot"}'
    assert len({identity(), identity(workflow="direct"), identity(workflow="reviewed")}) == 3
    with pytest.raises(InvalidRequest):
        identity(workflow="other")


@pytest.mark.parametrize("headers", [KEY, ASYNC | KEY, EVENTS | KEY], ids=["plain", "async", "events"])
def test_a_replay_has_the_plan_and_the_review(headers: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """They are a part of the answer; nothing is asked again."""
    ours = Studio(GOOD, monkeypatch, guard=Guard())

    first = ours.ask(headers, streams=True)
    again = ours.ask(KEY)

    assert len(ours.calls) == 5
    body = again.json
    assert (body["plan"], body["review"]["rebuild"], body["review"]["changes"]) == (PLAN, "kept", CHANGES)
    assert (again.headers["idempotent-replayed"], again.cost["replayed"], again.cost["attempts"]) == ("true", True, 0)
    if headers == KEY:
        assert {**body, "requestId": ""} == {**first.json, "requestId": ""}
    assert first.cost["attempts"] == 5


def test_with_the_same_key_another_workflow_is_another_request(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = Studio(GOOD, monkeypatch, guard=Guard())
    ours.ask(KEY)

    answer = ours.ask(KEY, workflow="direct")

    assert (answer.status, answer.json["code"], len(ours.calls)) == (422, "idempotency_mismatch", 5)


def test_the_events_tell_of_each_step_and_hold_no_text_but_that_of_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = Studio(GOOD, monkeypatch)

    answer = ours.ask(EVENTS, streams=True)

    events = answer.events
    phases = [event.value["phase"] for event in events if event.name == "status"]
    assert [phase for at, phase in enumerate(phases) if phase not in phases[:at]] == [
        "thinking",
        "planning",
        "writing",
        "checking",
        "reviewing",
        "changing",
    ]
    told = {event.name: event.value for event in events if event.name in {"plan", "review"}}
    final = events[-1].value
    assert told["plan"] == final["plan"] == PLAN
    assert told["review"] == {name: final["review"][name] for name in ("verdict", "findings")}
    code = "".join(event.value["code"] for event in events if event.name == "delta")
    assert code.strip() == BUILT
    assert "reset" not in {event.name for event in events}, "what was built stays to be seen until it is replaced"
    assert final["artifact"]["code"] == BETTER


class Keeper(Silent):
    """Keeps what it is told, as it is, and copies nothing."""

    def __init__(self) -> None:
        self.told: dict[str, Mapping[str, Any]] = {}

    def step_result(self, step: StepResult, body: Mapping[str, Any]) -> None:
        self.told[step] = body


def test_what_was_told_of_a_review_stays_as_it_was_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """What becomes of the rebuild is not known by then, whoever looks at it later."""
    keeper = Keeper()

    def watched() -> Said:
        ours.runs[-1].progress = keeper
        return Said(tagged(BUILT))

    ours = Studio({**GOOD, "build": watched}, monkeypatch)

    answer = ours.ask()

    assert answer.json["review"]["rebuild"] == "kept"
    assert list(keeper.told["review"]) == ["verdict", "findings"]


STEPS = ["plan", "build", "review", "changes", "rebuild"]


@pytest.mark.parametrize("step", STEPS)
def test_a_request_that_is_given_up_ends_at_any_step(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No other model is asked; what was built by then is given, with what was left out."""

    def give_up() -> object:
        ours.runs[-1].deadline.end()
        return LATE

    ours = Studio({**GOOD, step: give_up}, monkeypatch)

    answer = ours.ask()

    assert [call.step for call in ours.calls] == STEPS[: STEPS.index(step) + 1]
    if step in {"plan", "build"}:
        assert answer.json["code"] == "deadline_exceeded"
        return
    skipped = {
        "review": ["review_skipped"],
        "changes": ["plan_skipped", "rebuild_skipped"],
        "rebuild": ["rebuild_skipped"],
    }
    assert (answer.json["artifact"]["code"], answer.json["warnings"]) == (BUILT, skipped[step])


@pytest.mark.parametrize("step", STEPS)
def test_a_caller_of_events_that_goes_away_is_on_the_line(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """And no other model is asked: nobody waits for what it would say."""
    reached = Event()

    def wait_until_nobody_waits() -> object:
        reached.set()
        ours.runs[-1].deadline.sleep(10)
        return LATE

    ours = Studio({**GOOD, step: wait_until_nobody_waits}, monkeypatch)

    with logged_to(ours.endpoint._logs, io.StringIO()) as log:
        body = ours.open(EVENTS, streams=True)["body"]
        next(iter(body))
        assert reached.wait(10)
        body.close()

    (cost,) = [line for line in map(json.loads, log.getvalue().splitlines()) if line["message"] == "cost"]
    assert (cost["outcome"], cost["status"], cost["workflow"]) == ("client_gone", 499, "reviewed")
    assert cost["attempts"] == len(ours.calls) == STEPS.index(step) + 1
