"""Reviewed artifacts through `make run`: a flaw is found and mended, and no step that fails costs what was built."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local.standin.artifact import Artifact
from local.standin.flaws import Flaw, flaw_of, flaws
from local.standin.plans import plan_of
from tests.local.bundle import at, running_bundle
from tests.local.emulator import Emulator
from tests.local.reviewed_requests import ROCKET, SETTINGS, TODO, made, prompt_for
from tests.local.streams import read_stream
from tests.support.standin import StandIn

ALL_PURPOSES = ["plan", "build", "review", "plan", "rebuild"]
BAD = [flaw for flaw in flaws() if flaw.severity != "minor"]
GOOD_ADVICE = ["json-fenced", "chatter", "think", "tokens", "crlf", "parts", "no-done", "no-usage", "u2028"]
BAD_ADVICE = [
    *("prose", "empty", "truncated", "length", "reasoning-only", "refusal", "filtered", "context", "policy", "cut"),
    *("json-shape", "json-shape form=names", "json-shape form=values", "json-endless", "json-code"),
]


@pytest.fixture(scope="module")
def running(host: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with running_bundle(tmp_path_factory.mktemp("run"), **at(host), **SETTINGS) as bundle:
        yield bundle


# A flawed build is found and mended.


@pytest.mark.parametrize("flaw", BAD, ids=lambda flaw: flaw.example.title)
def test_a_flawed_build_is_found_and_mended(running: Emulator, host: StandIn, flaw: Flaw) -> None:
    it = made(running, host, prompt_for(flaw.example), artifactType=flaw.example.kind)

    assert (it.status, it.body["warnings"], it.body["repaired"]) == (200, [], False)
    assert (it.code, it.body["artifact"]["title"]) == (flaw.example.code, flaw.example.title)
    assert it.body["plan"] == plan_of(flaw.example)
    assert it.review == {
        "verdict": "changes_requested",
        "findings": [{"what": flaw.what, "where": flaw.where, "severity": flaw.severity}],
        "changes": [flaw.change],
        "rebuild": "kept",
    }
    assert [line["purpose"] for line in it.attempts] == ALL_PURPOSES
    assert [line["model"] for line in it.attempts] == [
        *("moonshotai/kimi-k2.6", "moonshotai/kimi-k2-thinking", "moonshotai/kimi-k2.7-code"),
        *("moonshotai/kimi-k2.6", "moonshotai/kimi-k2-thinking"),
    ]
    assert (it.cost["retries"], it.cost["cost_source"], it.cost["model"]) == (0, "reported", it.body["model"])
    assert it.body["model"].startswith("moonshotai/kimi-k2-thinking")


def test_a_minor_flaw_is_told_of_and_left(running: Emulator, host: StandIn) -> None:
    (first, *_) = [flaw for flaw in flaws() if flaw.severity == "minor"]
    it = made(running, host, prompt_for(first.example), artifactType=first.example.kind)

    assert it.code == first.flawed.code
    assert (it.steps, it.body["warnings"]) == (["plan", "build", "review"], [])
    assert [each["severity"] for each in it.review["findings"]] == ["minor"]
    assert "rebuild" not in it.review


@pytest.mark.parametrize(("threshold", "rebuilt"), [("minor", 14), ("blocking", 1)])
def test_the_threshold_says_what_is_mended(host: StandIn, tmp_path: Path, threshold: str, rebuilt: int) -> None:
    with running_bundle(tmp_path, **at(host), **SETTINGS, REVIEW_THRESHOLD=threshold) as other:
        found = [made(other, host, prompt_for(flaw.example), artifactType=flaw.example.kind) for flaw in flaws()]

    assert sum(it.review.get("rebuild") == "kept" for it in found) == rebuilt
    assert sum(it.code == flaw.example.code for it, flaw in zip(found, flaws(), strict=True)) == rebuilt


def test_a_change_is_reviewed_without_a_plan(running: Emulator, host: StandIn) -> None:
    it = made(running, host, "Make it blue", content=TODO.code, artifactType="react")

    assert (it.steps, it.body["warnings"], it.body["applied"]) == (["build", "review"], [], "edits")
    assert it.review == {"verdict": "approved", "findings": []}
    assert "plan" not in it.body


def test_a_flaw_that_a_change_leaves_is_mended(running: Emulator, host: StandIn) -> None:
    """What was changed stays; without a plan there is no telling what to change."""
    flaw = flaw_of(TODO)
    it = made(running, host, "Make it blue", content=flaw.flawed.code, artifactType="react")

    assert (it.steps, it.review["rebuild"], it.body["applied"]) == (["build", "review", "rebuild"], "kept", "edits")
    assert not flaw.is_in(it.code)
    assert "#2563eb" in it.code


def test_a_stream_tells_of_plan_and_review(running: Emulator) -> None:
    stream = read_stream(running, {"prompt": prompt_for(TODO), "artifactType": "react", "workflow": "reviewed"})
    final = stream.came[-1][1]

    assert stream.all("plan") == [final["plan"]] == [plan_of(TODO)]
    (told,) = stream.all("review")
    assert told == {name: final["review"][name] for name in ("verdict", "findings")}
    assert [phase for phase in stream.phases if phase in {"planning", "writing", "reviewing", "changing"}] == [
        *("planning", "writing", "reviewing", "planning", "changing")
    ]
    assert stream.code.strip() == flaw_of(TODO).flawed.code
    assert final["artifact"]["code"] == TODO.code


# A fault in one step.


@pytest.mark.parametrize("fault", BAD_ADVICE)
def test_a_plan_that_cannot_be_used_is_left_out(running: Emulator, host: StandIn, fault: str) -> None:
    """And with it the flaw: what is built without a plan has none."""
    it = made(running, host, prompt_for(ROCKET, f"{fault} step=plan"), artifactType="svg")

    assert (it.status, it.code, it.body["warnings"]) == (200, ROCKET.code, ["plan_skipped"])
    assert it.steps == ["plan", "build", "review"]
    assert (it.review, it.body.get("plan")) == ({"verdict": "approved", "findings": []}, None)


@pytest.mark.parametrize("fault", [*BAD_ADVICE, "review-severity"])
def test_a_review_that_cannot_be_used_is_left_out(running: Emulator, host: StandIn, fault: str) -> None:
    it = made(running, host, prompt_for(ROCKET, f"{fault} step=review"), artifactType="svg")

    assert (it.status, it.code, it.body["warnings"]) == (200, flaw_of(ROCKET).flawed.code, ["review_skipped"])
    assert it.steps == ["plan", "build", "review"]
    assert (it.body["plan"], it.body.get("review")) == (plan_of(ROCKET), None)


@pytest.mark.parametrize("fault", BAD_ADVICE)
def test_the_rebuild_can_do_without_the_changes(running: Emulator, host: StandIn, fault: str) -> None:
    it = made(running, host, prompt_for(ROCKET, f"{fault} step=changes"), artifactType="svg")

    assert (it.status, it.code, it.body["warnings"]) == (200, ROCKET.code, ["plan_skipped"])
    assert it.steps == ALL_PURPOSES
    assert (it.review["rebuild"], it.review.get("changes")) == ("kept", None)
    assert it.body["plan"] == plan_of(ROCKET)


@pytest.mark.parametrize("fault", GOOD_ADVICE)
def test_advice_that_can_be_read_is_taken(running: Emulator, host: StandIn, fault: str) -> None:
    it = made(running, host, prompt_for(ROCKET, f"{fault} step=plan+review+changes"), artifactType="svg")

    assert (it.status, it.code, it.body["warnings"]) == (200, ROCKET.code, [])
    assert it.steps == ALL_PURPOSES


@pytest.mark.parametrize(
    ("fault", "artifact"),
    [
        *((fault, ROCKET) for fault in ("rebuild-guts", "rebuild-same", "invalid", "prose", "truncated", "credit")),
        *((fault, TODO) for fault in ("rebuild-guts", "rebuild-same", "invalid", "prose", "refusal")),
        *((fault, TODO) for fault in ("edit-breaks step=rebuild", "elided", "context")),
    ],
)
def test_a_rebuild_that_is_no_better_is_discarded(
    running: Emulator, host: StandIn, fault: str, artifact: Artifact
) -> None:
    where = "" if "step=" in fault else " step=rebuild"
    it = made(running, host, prompt_for(artifact, fault + where), artifactType=artifact.kind)

    kept = fault.startswith("edit-")  # then the whole is asked for, and that is good
    assert (it.status, it.body["warnings"]) == (200, [] if kept else ["rebuild_skipped"])
    assert (it.code == artifact.code, it.code == flaw_of(artifact).flawed.code) == (kept, not kept)
    assert it.review["rebuild"] == ("kept" if kept else "discarded")
    assert it.steps[:5] == ALL_PURPOSES


@pytest.mark.parametrize("fault", ["rebuild-guts", "rebuild-same", "invalid", "edit-not-found", "prose"])
def test_a_rebuild_is_repaired_once(running: Emulator, host: StandIn, fault: str) -> None:
    it = made(running, host, prompt_for(TODO, f"{fault} step=rebuild times=1"), artifactType="react")

    assert (it.code, it.review["rebuild"], it.body["repaired"]) == (TODO.code, "kept", True)
    assert it.steps == [*ALL_PURPOSES, "repair"]


def test_a_build_is_repaired_before_it_is_reviewed(running: Emulator, host: StandIn) -> None:
    it = made(running, host, prompt_for(TODO, "invalid step=build times=1"), artifactType="react")

    assert (it.code, it.body["repaired"], it.body["warnings"]) == (TODO.code, True, [])
    assert it.steps == ["plan", "build", "repair", "review", "plan", "rebuild"]


@pytest.mark.parametrize(
    ("fault", "code"), [("invalid", "artifact_invalid"), ("truncated", "artifact_truncated"), ("credit", None)]
)
def test_without_a_build_there_is_nothing_to_review(
    running: Emulator, host: StandIn, fault: str, code: str | None
) -> None:
    it = made(running, host, prompt_for(TODO, f"{fault} step=build"), artifactType="react")

    assert (it.body["success"], it.cost["findings"], it.cost["rebuild"]) == (False, None, None)
    assert "review" not in it.steps
    assert it.body["code"] == code or code is None


def test_reviews_that_make_no_sense(running: Emulator, host: StandIn) -> None:
    """A finding counts whatever the verdict is; what is not there cannot be mended; no finding, no rebuild."""
    approves = made(running, host, prompt_for(ROCKET, "review-approves"), artifactType="svg")
    invents = made(running, host, prompt_for(ROCKET, "prose step=plan", "review-invents"), artifactType="svg")
    misses = made(running, host, prompt_for(ROCKET, "review-misses"), artifactType="svg")

    assert (approves.review["verdict"], approves.review["rebuild"], approves.code) == ("approved", "kept", ROCKET.code)
    assert (invents.review["rebuild"], invents.code) == ("discarded", ROCKET.code)
    assert invents.body["warnings"] == ["plan_skipped", "rebuild_skipped"]
    assert (misses.review, misses.code) == (
        {"verdict": "changes_requested", "findings": []},
        flaw_of(ROCKET).flawed.code,
    )


@pytest.mark.parametrize(
    ("step", "succeeds", "warnings"),
    [
        ("plan", False, None),
        ("review", True, ["review_skipped"]),
        ("changes", True, ["plan_skipped", "rebuild_skipped"]),
    ],
)
def test_a_host_that_cannot_be_paid_is_asked_no_more(
    running: Emulator, host: StandIn, step: str, succeeds: bool, warnings: list[str] | None
) -> None:
    """There is no other one; what was built before is given all the same."""
    it = made(running, host, prompt_for(ROCKET, f"credit step={step}"), artifactType="svg")

    assert (it.body["success"], it.body.get("warnings")) == (succeeds, warnings)
    assert it.attempts[-1]["status"] == 402
    assert not succeeds or it.code == flaw_of(ROCKET).flawed.code
