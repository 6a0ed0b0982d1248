"""One step of a request: its own deadline, and nothing to see of it but its phase."""

from collections.abc import Sequence

import pytest

from shared.errors import InvalidRequest
from shared.progress import OnePhase, ToolCallPiece
from tests.support.runs import Recorder, a_run


class Observed(Recorder):
    """Notes what a model thinks and calls as well."""

    def reasoning(self, piece: str) -> None:
        self.events.append(f"?{piece}")

    def tool_calls(self, pieces: Sequence[ToolCallPiece]) -> None:
        self.events.append(f"{len(pieces)} calls")

    def step_result(self, step: object, body: object) -> None:
        self.events.append(f"{step}: {body}")


def test_of_one_phase_nothing_else_is_told() -> None:
    """Whatever an attempt does in it: that is not the artifact."""
    told = Observed()
    step = OnePhase(told, "reviewing")

    step.phase("thinking")
    step.reasoning("Hmm")
    step.phase("writing")
    step.text('{"verdict": ')
    step.reset()
    step.tool_calls([ToolCallPiece(0, "a", "b", "c")])
    step.phase("retrying")
    step.step_result("review", {})
    step.phase("repairing")
    step.phase("checking")

    assert told.events == ["reviewing"] * 4
    assert not step.is_final


def test_what_is_told_of_one_phase_can_be_withdrawn() -> None:
    """An observer whose text is final, such as a chat's, does not keep a step from being tried again."""

    class Final(Recorder):
        is_final = True

    assert not OnePhase(Final(), "planning").is_final


def test_a_step_has_its_own_deadline_and_the_rest_has_that_of_the_request() -> None:
    now = [0.0]
    told = Observed()
    run = a_run(100, clock=lambda: now[0], progress=told)
    whole = run.deadline

    with run.step("planning", whole.share(0.1)):
        run.progress.phase("thinking")
        run.progress.text("a plan")
        now[0] = 4.0
        left = run.deadline.remaining()
    run.progress.phase("writing")
    run.progress.text("code")

    assert left == pytest.approx(6)
    assert run.deadline is whole
    assert run.deadline.remaining() == pytest.approx(96), "what a step leaves is not lost"
    assert told.events == ["planning", "writing", "+code"]


def test_a_step_that_fails_leaves_nothing_of_itself() -> None:
    told = Observed()
    run = a_run(100, progress=told)
    whole = run.deadline

    with pytest.raises(InvalidRequest), run.step("changing", whole.share(0.5)):
        raise InvalidRequest("No.")
    run.progress.text("code")

    assert run.deadline is whole
    assert told.events == ["+code"]
