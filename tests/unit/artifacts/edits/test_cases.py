"""Reading and applying by the table of `cases.py`, whole and cut off anywhere."""

from collections import Counter

import pytest

from shared.artifacts.edits import EditFailure, apply_edits, holds_markers, read_edits
from tests.unit.artifacts.edits.cases import CASES, UNREAD, Case, Unread

GOOD = [case for case in CASES if isinstance(case.outcome, str)]
BAD = [case for case in CASES if not isinstance(case.outcome, str)]


def test_no_two_cases_have_one_name() -> None:
    names = Counter([*(case.name for case in CASES), *(case.name for case in UNREAD)])

    assert [name for name, count in names.items() if count > 1] == []
    assert len(names) >= 150


@pytest.mark.parametrize("case", GOOD, ids=lambda case: case.name)
def test_an_answer_gives_the_changed_code(case: Case) -> None:
    answer = read_edits(case.answer)

    assert (answer.unfinished, answer.problem) == (False, None)
    assert apply_edits(case.code, answer.edits) == case.outcome


@pytest.mark.parametrize("case", BAD, ids=lambda case: case.name)
def test_a_block_that_does_not_apply_says_which_and_why(case: Case) -> None:
    answer = read_edits(case.answer)
    assert (answer.unfinished, answer.problem) == (False, None)

    with pytest.raises(EditFailure) as caught:
        apply_edits(case.code, answer.edits)

    assert (caught.value.number, caught.value.reason) == case.outcome
    assert caught.value.edit == answer.edits[caught.value.number - 1]


@pytest.mark.parametrize("case", UNREAD, ids=lambda case: case.name)
def test_a_block_is_never_guessed(case: Unread) -> None:
    answer = read_edits(case.answer)

    assert (len(answer.edits), answer.unfinished) == (case.whole, case.unfinished)
    assert (case.problem is None) == (answer.problem is None)
    assert (case.problem or "") in (answer.problem or "")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_answer_that_is_cut_off_has_whole_blocks_only(case: Case) -> None:
    """Wherever it is cut: it is unfinished, or has the first blocks of the whole answer, each as it is there."""
    whole = read_edits(case.answer).edits

    for place in range(len(case.answer)):
        cut = read_edits(case.answer[:place])
        assert cut.unfinished or cut.edits == whole[: len(cut.edits)], place


@pytest.mark.parametrize("case", UNREAD, ids=lambda case: case.name)
def test_a_malformed_answer_that_is_cut_off_has_whole_blocks_only(case: Unread) -> None:
    """But for a draft: that it was one is said behind it."""
    whole = read_edits(case.answer).edits

    for place in range(len(case.answer)):
        cut = read_edits(case.answer[:place])
        assert cut.unfinished or "draft" in case.name or cut.edits == whole[: len(cut.edits)], place


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_code_that_edits_are_asked_for_holds_no_marks(case: Case) -> None:
    """The table keeps to what callers do: no edits are asked for where the code has lines like marks."""
    assert not holds_markers(case.code)


@pytest.mark.parametrize("case", GOOD, ids=lambda case: case.name)
def test_the_case_does_not_hang_on_the_line_feeds_of_its_texts(case: Case) -> None:
    answer = read_edits(case.answer.replace("\r\n", "\n").replace("\n", "\r\n"))
    code = case.code.replace("\r\n", "\n").replace("\n", "\r\n")

    assert apply_edits(code, answer.edits) == case.outcome
