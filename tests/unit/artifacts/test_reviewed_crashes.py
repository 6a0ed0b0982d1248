"""An error that nobody expected leaves out its step, like any other failure, and is logged."""

import json

import pytest

from tests.support.reviewed import BETTER, BUILT, GOOD, Studio


class UnexpectedError(Exception):
    """No failure that a client of a host knows."""


def crash() -> None:
    raise UnexpectedError("what a prompt says")


@pytest.mark.parametrize(
    ("step", "code", "warnings"),
    [
        ("plan", BETTER, ["plan_skipped"]),
        ("review", BUILT, ["review_skipped"]),
        ("changes", BETTER, ["plan_skipped"]),
        ("rebuild", BUILT, ["rebuild_skipped"]),
    ],
)
def test_a_step_that_crashes_is_left_out(
    step: str, code: str, warnings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its attempt is on the books, and the error is logged without its text."""
    answer = Studio(GOOD | {step: crash}, monkeypatch).ask()

    assert (answer.status, answer.json["artifact"]["code"], answer.json["warnings"]) == (200, code, warnings)
    (crashed,) = answer.named("internal_error")
    assert (crashed["exception_name"], crashed["request_id"]) == ("UnexpectedError", "request-1")
    assert "what a prompt says" not in json.dumps(answer.lines)
    assert answer.cost["attempts"] == len(answer.named("attempt")) == len(answer.named("attempt_started"))
    assert (answer.cost["outcome"], answer.cost["model"]) == ("ok", answer.json["model"])


def test_a_build_that_crashes_ends_the_request(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = Studio(GOOD | {"build": crash}, monkeypatch).ask()

    assert (answer.status, answer.json["code"], answer.purposes) == (500, "internal_error", ["plan", "build"])
    assert len(answer.named("internal_error")) == 1
