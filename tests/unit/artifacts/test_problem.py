"""What a problem shows: short, and with nothing in it that steers a terminal or hides."""

import pytest

from shared.artifacts.problem import Rule, Source


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param("a" * 60, "a" * 60, id="short"),
        pytest.param("a" * 61, "a" * 60 + "…", id="long"),
        pytest.param("a" * 5000, "a" * 60 + "…", id="very-long"),
        pytest.param("\x1b[31ma", "\\u001b[31ma", id="colour"),
        pytest.param("a\u202eb", "a\\u202eb", id="direction"),
        pytest.param("a\u200bb", "a\\u200bb", id="nothing-to-be-seen"),
        pytest.param("\ud800", "\\ud800", id="half-a-surrogate-pair"),
        pytest.param("ä👩\u200d🔬", "ä👩\u200d🔬", id="letters-and-emoji"),
    ],
)
def test_a_name_is_shown_short_and_visibly(name: str, shown: str) -> None:
    found = Source("a").problem(Rule.NAME, f"`{name}` is not at hand.", 1, 1)

    assert found.message == f"`{shown}` is not at hand."


def test_a_sentence_has_an_end() -> None:
    assert len(Source("a").problem(Rule.NAME, "a " * 5000, 1, 1).message) == 500


def test_the_line_is_shown_visibly_too() -> None:
    assert Source("\ta\x1b[0m\u202e = 1\r\n").problem(Rule.NAME, "", 1, 1).snippet == "\ta\\u001b[0m\\u202e = 1"
