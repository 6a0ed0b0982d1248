"""What a caller is told of a reviewed artifact while it is made: each step, its result, and of all code the build's."""

import json
from typing import Any

import httpx
import pytest

from tests.support.events import Event, code_in, phases_in
from tests.support.reviewed import (
    CHANGES,
    LATE,
    PLAN,
    Answered,
    Reply,
    Said,
    Status,
    Studio,
    component,
    review,
    tagged,
)

BUILT, REPAIRED, BETTER = (component(name) for name in ("Built", "Repaired", "Better"))
BROKEN = BUILT[:-1]
PIECE = 11
"""Characters in a piece of an answer."""
EVENTS = {"accept": "text/event-stream"}
SCRIPT: dict[str, Reply | list[Reply]] = {
    "plan": Said(json.dumps(PLAN)),
    "build": Said(tagged(BUILT)),
    "review": Said(review("minor", "major")),
    "changes": Said(json.dumps({"changes": CHANGES})),
    "rebuild": Said(tagged(BETTER)),
}


class StreamingStudio(Studio):
    """Its models think first, and then write their answers in pieces."""

    def _reply(self, reply: Any, number: int, model: str, cost: float | None) -> httpx.Response:
        answer = super()._reply(reply, number, model, cost)
        if answer.status_code != httpx.codes.OK:
            return answer
        body = answer.json()
        (choice,) = body.pop("choices")
        content = choice["message"]["content"]
        deltas = [
            {"reasoning": "Hmm"},
            *({"content": content[at : at + PIECE]} for at in range(0, len(content), PIECE)),
        ]
        chunks = [{"id": body["id"], "model": model, "choices": [{"delta": delta}]} for delta in deltas]
        chunks.append(body | {"choices": [{"delta": {}, "finish_reason": choice["finish_reason"]}]})
        text = "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks) + "data: [DONE]\n\n"
        return httpx.Response(200, text=text, headers={"content-type": "text/event-stream"})


def told(monkeypatch: pytest.MonkeyPatch, script: dict[str, Reply | list[Reply]], **body: Any) -> Answered:
    """The answer to a request for events, where the models differ so from `SCRIPT`."""
    return StreamingStudio(SCRIPT | script, monkeypatch).ask(EVENTS, streams=True, **body)


def names(events: list[Event]) -> list[str]:
    """What is told but statuses, in order, each only once in a row."""
    found = [event.name for event in events if event.name != "status"]
    return [name for at, name in enumerate(found) if not at or name != found[at - 1]]


def of(events: list[Event], name: str) -> list[Any]:
    return [event.value for event in events if event.name == name]


def test_each_step_is_told_of_with_what_it_brings_and_of_the_code_only_the_first_build(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    events = told(monkeypatch, {}).events

    assert phases_in(events) == [
        "thinking", "planning", "thinking", "writing", "checking", "reviewing", "planning", "changing",
    ]  # fmt: skip
    assert names(events) == ["plan", "delta", "review", "artifact"]
    answer = events[-1].value
    assert of(events, "plan") == [PLAN] == [answer["plan"]]
    (told_review,) = of(events, "review")
    assert answer["review"] == told_review | {"changes": CHANGES, "rebuild": "kept"}
    assert (code_in(events), answer["artifact"]["code"]) == (BUILT, BETTER)


def test_results_are_told_between_the_phases_that_they_are_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """The plan before anything is built, the review before anything is changed; and each call has its number."""
    events = told(monkeypatch, {}).events

    steps: list[object] = []
    for event in events:
        is_status = event.name == "status"
        step = (event.value["phase"], event.value["attempt"]) if is_status else event.name
        if step not in steps[-1:]:
            steps.append(step)
    assert steps == [
        ("thinking", 1), ("planning", 1), "plan",
        ("thinking", 2), ("writing", 2), "delta", ("checking", 2),
        ("reviewing", 3), "review",
        ("planning", 4), ("changing", 5), "artifact",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("script", "phases"),
    [
        ({"plan": [Status(500), Said(json.dumps(PLAN))]}, ["planning", "planning"]),
        ({"review": [Status(500), Said(review("major"))]}, ["reviewing", "reviewing"]),
        ({"changes": [Status(500), Said(json.dumps({"changes": CHANGES}))]}, ["planning", "planning"]),
        ({"rebuild": [Said(tagged(BROKEN)), Said(tagged(BETTER))]}, ["changing", "changing"]),
        ({"rebuild": [Said(tagged(BETTER)[:-30], "length"), Said(tagged(BETTER))]}, ["changing", "changing"]),
    ],
    ids=["plan", "review", "changes", "repair of the rebuild", "extended rebuild"],
)
def test_another_attempt_at_a_step_withdraws_nothing(
    monkeypatch: pytest.MonkeyPatch, script: dict[str, Reply | list[Reply]], phases: list[str]
) -> None:
    """The code that is shown is the builder's, and stays until the end; the attempt is told of by its number."""
    events = told(monkeypatch, script).events

    assert names(events) == ["plan", "delta", "review", "artifact"]
    assert (code_in(events), events[-1].value["artifact"]["code"]) == (BUILT, BETTER)
    statuses = [event.value for event in events if event.name == "status"]
    found = [(each["phase"], each["attempt"]) for each in statuses if each["phase"] in phases]
    attempts = [attempt for phase, attempt in found if phase == phases[0]]
    assert len(attempts) == len(set(attempts)) >= len(phases)
    assert events[-1].value["attempts"] == 6


def test_a_repair_of_the_build_withdraws_its_code_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    events = told(monkeypatch, {"build": [Said(tagged(BROKEN)), Said(tagged(REPAIRED))]}).events

    assert names(events) == ["plan", "delta", "reset", "delta", "review", "artifact"]
    assert code_in(events) == REPAIRED
    assert phases_in(events)[5:8] == ["repairing", "thinking", "writing"]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ({"plan": Said(tagged(BETTER))}, ["delta", "review", "artifact"]),
        ({"review": Said(tagged(BETTER))}, ["plan", "delta", "artifact"]),
        ({"plan": LATE, "review": Status(500)}, ["delta", "artifact"]),
        ({"build": Said("I cannot.")}, ["plan", "error"]),
    ],
    ids=["no plan", "no review", "neither", "nothing is built"],
)
def test_of_a_step_that_came_to_nothing_there_is_no_event(
    monkeypatch: pytest.MonkeyPatch, script: dict[str, Reply | list[Reply]], expected: list[str]
) -> None:
    """What it wrote in its place is no code either, not even if it looks like some."""
    events = told(monkeypatch, script).events

    assert [name for name in names(events) if name != "reset"] == expected
    assert code_in(events) == (BUILT if "delta" in expected else "")


def test_a_change_has_no_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    events = told(monkeypatch, {"build": Said(tagged(BETTER)), "review": Said(review())}, content=BUILT).events

    assert names(events) == ["delta", "review", "artifact"]
    assert phases_in(events) == ["thinking", "writing", "checking", "reviewing"]


def test_a_direct_artifact_has_none_of_these_events(monkeypatch: pytest.MonkeyPatch) -> None:
    events = told(monkeypatch, {}, workflow="direct").events

    assert names(events) == ["delta", "artifact"]
    assert phases_in(events) == ["thinking", "writing", "checking"]
