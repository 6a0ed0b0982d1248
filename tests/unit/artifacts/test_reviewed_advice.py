"""What is read in the advice of models, and what of it goes on into further prompts."""

import json

import pytest

from shared.artifacts.reviewed.json_answer import UnreadableAnswerError, read_object
from tests.support.reviewed import GOOD, PLAN, Said, Studio, review

ALL_STEPS = ["plan", "build", "review", "plan", "rebuild"]


def finding(**fields: object) -> str:
    return json.dumps({"verdict": "changes_requested", "findings": [{"what": "a", "severity": "major", **fields}]})


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("plan", json.dumps(PLAN | {"states": None, "edgeCases": None})),
        ("review", finding(where=None)),
        ("review", finding(what="a\nb").replace("\\n", "\n")),
        ("review", f"<think>Perhaps {review()}? No.</think>\n{finding()}"),
        ("review", f"I think so.</think>{finding()}"),
        ("review", finding(what="The text </think> is shown")),
        ("changes", '<think>{"changes": []}</think>{"changes": ["a"]}'),
    ],
    ids=["null", "no place", "a line break", "a thought", "the end of a thought", "a tag in a text", "changes"],
)
def test_advice_is_read_as_models_write_it(step: str, answer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slip in it does not throw all of it away, which is paid for."""
    made = Studio(GOOD | {step: Said(answer)}, monkeypatch).ask()

    assert (made.status, made.purposes, made.json["warnings"]) == (200, ALL_STEPS, [])


@pytest.mark.parametrize(
    "text",
    ["", "{", "none", "[1]", '{"a": 1}', '{"a": ' * 1_000_000, '{"a": ' * 60 + "[" + "1, " * 1_000_000],
    ids=["nothing", "a brace", "prose", "a list", "another object", "depth", "no end"],
)
def test_an_answer_without_the_object_is_none(text: str) -> None:
    with pytest.raises(UnreadableAnswerError):
        read_object(text, "verdict")


def test_an_answer_that_is_far_too_long_is_not_read() -> None:
    """What never ends would be read once more from each of its braces, and keep the caller waiting."""
    text = json.dumps({"verdict": "approved", "more": "a" * 250_000})

    with pytest.raises(UnreadableAnswerError):
        read_object(text, "verdict")
    assert read_object(text.replace("a" * 100, ""), "verdict")
