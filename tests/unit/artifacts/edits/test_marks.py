"""Code in which edits cannot be told from marks."""

import pytest

from shared.artifacts.edits import holds_markers


@pytest.mark.parametrize(
    "line",
    [
        "=======",
        "=====",
        "=========",
        "  =======  ",
        "=======\r",
        "<<<<<<< HEAD",
        "<<<<<<< SEARCH",
        "<<<<< search",
        "<<<<<<<",
        ">>>>>>> main",
        ">>>>>>> REPLACE",
        ">>>>>>>",
        "\t>>>>>>> 1a2b3c",
        "<<<<<<<<<<<< SEARCH",
        ">>> REPLACE",
    ],
)
def test_code_with_a_line_like_a_mark_holds_marks(line: str) -> None:
    assert holds_markers(f"a\n{line}\nb")
    assert holds_markers(line)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "====",
        "==========",
        "======= text",
        "a =======",
        "===== Heading",
        "=-=-=-=",
        "a <<<<<<< SEARCH",
        "// >>>>>>> REPLACE",
        "<<< SEARCHING",
        "<< SEARCH",
        ">> REPLACE",
        ">>> a",
        "> > > > > > quote",
        "<<EOF",
        "cat <<<<< a",
        "<div>",
        "|||||||",
    ],
)
def test_code_with_other_lines_holds_none(line: str) -> None:
    assert not holds_markers(f"a\n{line}\nb")
