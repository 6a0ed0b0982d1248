"""What a model is told of a block that does not apply."""

import pytest

from shared.artifacts.edits import Edit, EditFailure, Reason, apply_edits
from tests.unit.artifacts.edits.cases import COUNTER, FIVE, LESS, LIST


def failure(code: str, *edits: tuple[str, str]) -> EditFailure:
    with pytest.raises(EditFailure) as caught:
        apply_edits(code, [Edit(*edit) for edit in edits])
    return caught.value


def test_lines_that_are_not_there_are_answered_with_the_nearest() -> None:
    caught = failure(COUNTER, (LESS.replace("count - 1", "count-1"), "x"))

    assert LESS in caught.nearest.split("\n")
    assert COUNTER.split("\n")[caught.first_line - 1 :][: caught.nearest.count("\n") + 1] == caught.nearest.split("\n")
    assert caught.explanation == (
        "Block 1 does not apply: the lines of its SEARCH part do not stand in the code; these come nearest.\n"
        f"Lines 8 to 12 of the code:\n```\n{caught.nearest}\n```\n"
        "Copy the SEARCH part from the code: whole lines, character for character, none left out."
    )


@pytest.mark.parametrize(
    ("search", "nearest"),
    [
        pytest.param("say(“hi”) # once", 'say("hi") # once', id="smart quotes"),
        pytest.param("12 | total = total + number", "total = total + number", id="a line number"),
        pytest.param("total + number", "total = total + number", id="a part of a line"),
        pytest.param("TOTAL: total, number", "total = total + number", id="words in common"),
        pytest.param("  })\n  another", "})", id="a line without words"),
        pytest.param("call(number, zebra)", "zebra()", id="one rare word against two common ones"),
    ],
)
def test_the_nearest_lines_are_those_with_the_rarest_words_in_common(search: str, nearest: str) -> None:
    filler = [f"total_{index} = call(number)" for index in range(50)]
    code = "\n".join(
        [*filler, 'say("hi") # once', *filler, "total = total + number", *filler, "})", *filler, "zebra()", *filler]
    )

    caught = failure(code, (search, "x"))

    assert nearest in caught.nearest.split("\n")
    assert caught.nearest.count("\n") < 8


def test_nothing_is_shown_where_nothing_comes_near() -> None:
    caught = failure(FIVE, ("six", "x"))

    assert (caught.reason, caught.nearest, caught.first_line, caught.lines) == (Reason.NOT_FOUND, "", 0, ())
    assert "nothing comes near them" in caught.explanation


def test_lines_found_twice_are_answered_with_the_places() -> None:
    caught = failure(LIST, ("    total = 0", "    total = 1"))

    assert caught.lines == (2, 8)
    assert [excerpt.first_line for excerpt in caught.excerpts] == [1, 6]
    assert "more than once, at the lines 2, 8." in caught.explanation
    assert "def first():" in caught.explanation
    assert "def second():" in caught.explanation


def test_a_replacement_that_is_there_is_answered_with_its_place() -> None:
    caught = failure(FIVE, ("2", "two"))

    assert (caught.reason, caught.lines) == (Reason.ALREADY_THERE, (2,))
    assert "are there already, at line 2," in caught.explanation


def test_overlapping_blocks_are_told_apart_from_lines_that_never_were_there() -> None:
    caught = failure(FIVE, ("two\nthree", "2\n3"), ("three\nfour", "3\n4"))

    assert (caught.number, caught.reason, caught.overlaps, caught.lines) == (2, Reason.NOT_FOUND, True, (3,))
    assert "stand in the code, at line 3, but a block before it changes them." in caught.explanation
    assert caught.nearest == FIVE


def test_the_nearest_lines_are_those_of_the_code_as_it_was_given() -> None:
    """The model knows no other, and is to write all blocks anew."""
    caught = failure("one = 1\ntwo = 2", ("one = 1", "zero = 0\none = 1"), ("two = 3", "x"))

    assert (caught.number, caught.first_line, caught.nearest) == (2, 1, "one = 1\ntwo = 2")


def test_no_search_is_answered_with_what_to_name() -> None:
    assert "its SEARCH part names no lines" in failure(FIVE, ("", "x")).explanation


def test_the_lines_are_shown_in_a_fence_that_they_do_not_close() -> None:
    caught = failure("a\n````\nb c\n````", ("b d", "x"))

    assert f"`````\n{caught.nearest}\n`````\n" in caught.explanation


@pytest.mark.parametrize(
    ("code", "search"),
    [
        pytest.param("\n".join(f"line {index}" for index in range(5_000)), "line", id="many lines"),
        pytest.param("a " + "x" * 50_000, "a", id="one long line"),
        pytest.param("\n".join("a " + "x" * 3_000 for _ in range(16)), "a", id="long lines"),
        pytest.param(
            "\n".join(f"w{n}" for n in range(9_000)), "\n".join(f"w{n} x" for n in range(9_000)), id="a long search"
        ),
        pytest.param("\n".join(["x" * 30] * 1_600), "x" * 30, id="very many places"),
    ],
)
def test_what_a_model_is_told_is_bounded(code: str, search: str) -> None:
    caught = failure(code, (search, "y"))

    assert caught.nearest
    assert len(caught.explanation) < 13_000
    assert len(caught.lines) <= 10


def test_lines_that_are_too_long_are_shown_in_part() -> None:
    caught = failure("before\na " + "x" * 50_000, ("a y", "z"))

    assert (caught.first_line, caught.excerpts[0].whole) == (2, False)
    assert "Line 2 of the code, in part:" in caught.explanation
