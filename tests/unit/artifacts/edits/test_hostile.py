"""Answers of 400,000 characters over code of 50,000: they are read and applied, or refused, in full."""

import pytest

from shared.artifacts.edits import EditFailure, Reason, apply_edits, read_edits
from tests.unit.artifacts.edits.cases import block

MANY = [f"l{index}" for index in range(7_000)]


@pytest.mark.parametrize("before", ["", "  "], ids=["exact", "shifted"])
@pytest.mark.parametrize("behind", ["", " "], ids=["plain", "trailing blanks"])
def test_thousands_of_blocks_apply(before: str, behind: str) -> None:
    code = "\n".join(before + line + behind for line in MANY)
    answer = read_edits("".join(block(line, line + "x") for line in reversed(MANY)))

    assert len(answer.edits) == len(MANY)
    assert apply_edits(code, answer.edits) == "\n".join(f"{before}{line}x" for line in MANY)


@pytest.mark.parametrize(
    ("code", "search", "reason"),
    [
        pytest.param("a\n" * 25_000, "\n".join("a" * 15_000), Reason.FOUND_TWICE, id="equal lines"),
        pytest.param(
            "a\n" * 25_000, "\n".join("a" * 15_000) + "\nb", Reason.NOT_FOUND, id="equal lines but for the last"
        ),
        pytest.param(
            "\n".join("ab" * 12_000), "\n".join("ab" * 9_000) + "\na\na", Reason.NOT_FOUND, id="two lines in turn"
        ),
        pytest.param("\ta\n" * 12_000 + "  b", " a", Reason.NOT_FOUND, id="other indentation everywhere"),
        pytest.param("\n" * 50_000, "\n" * 90_000 + "a", Reason.NOT_FOUND, id="blank lines"),
        pytest.param("&" * 50_000, "&amp;" * 70_000, Reason.NOT_FOUND, id="entities"),
        pytest.param("a", "```\n" * 90_000 + "```", Reason.NOT_FOUND, id="fences"),
        pytest.param(" " * 49_000 + "a", "\t" + " " * 200_000 + "a", Reason.NOT_FOUND, id="long indentation"),
        pytest.param("x" * 50_000, "x" * 49_999, Reason.NOT_FOUND, id="one long line"),
    ],
)
def test_lines_that_are_made_to_be_slow_are_refused(code: str, search: str, reason: Reason) -> None:
    answer = read_edits(block(search, "y"))

    with pytest.raises(EditFailure) as caught:
        apply_edits(code, answer.edits)

    assert caught.value.reason is reason


@pytest.mark.parametrize(
    "answer",
    ["<<<<<<< SEARCH\n" * 26_000, "<think>" * 57_000, "<<<<<<< SEARCH\n" + "=======\n" * 49_000],
    ids=["beginnings", "reasoning", "dividers"],
)
def test_marks_without_an_end_give_no_block(answer: str) -> None:
    read = read_edits(answer)

    assert (read.edits, read.unfinished) == ((), True)


def test_reasoning_over_and_over_leaves_the_block_behind_it() -> None:
    answer = read_edits("<think></think>" * 26_000 + block("a", "x"))

    assert apply_edits("a", answer.edits) == "x"
