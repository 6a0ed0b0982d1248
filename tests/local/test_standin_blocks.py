"""The edits that the stand-in writes: each finds its lines once, and together they make the one text the other."""

import random

import pytest

from local.standin.blocks import Block, Hunk, as_text, blocks_between, same_block
from tests.local.code_requests import applied, blocks_in, places

LINES = ["a", "b", "c", "", "  a", "b  ", "d", "e", "f"]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param("a\nb\nc", "a\nx\nc", [Block("b", "x")], id="a-line"),
        pytest.param("a\nb\nb\nc", "a\nx\nb\nc", [Block("a\nb", "a\nx")], id="a-line-that-stands-twice"),
        pytest.param("a\n  b\nb\nc", "a\n  x\nb\nc", [Block("a\n  b", "a\n  x")], id="twice-but-for-indentation"),
        pytest.param("a\nb", "a\nx\nb", [Block("a", "a\nx")], id="one-more-line"),
        pytest.param("a", "x\na", [Block("a", "x\na")], id="one-more-at-the-top"),
        pytest.param("a\nb", "a\nb\nx", [Block("b", "b\nx")], id="one-more-at-the-end"),
        pytest.param("a\nb\nc", "a\nc", [Block("b", "")], id="one-less"),
        pytest.param("a\n\nb", "a\nb", [Block("a\n\nb", "a\nb")], id="a-blank-line-less"),
        pytest.param("a\nb\nc", "a\n\nc", [Block("a\nb\nc", "a\n\nc")], id="a-blank-line-instead"),
        pytest.param("a\nb\nc\nd", "x\nb\nc\ny", [Block("a", "x"), Block("d", "y")], id="two-places"),
        pytest.param("a\nb\na", "x\nb\ny", [Block("a\nb\na", "x\nb\ny")], id="two-places-that-need-each-other"),
        pytest.param(
            "a\nb\nc\nb\n\nd\ne",
            "a\nb\nc\nb\nx\n\ny\ne",
            [Block("b\n\nd", "b\nx\n\ny")],
            id="two-with-a-blank-line-between",
        ),
        pytest.param("a\nb\nc", "c\nb\nx", [Block("a", "c"), Block("b\nc", "b\nx")], id="twice-by-another-edit"),
        pytest.param("\na\nb\n", "a\nb\n\n\n", [Block("\na\nb\n", "a\nb\n\n\n")], id="blank-at-both-ends"),
        pytest.param("a\nb\na\nc", "a\nb\na\nc", [Block("a\nb", "a\nb")], id="nothing"),
    ],
)
def test_blocks_have_as_much_context_as_they_need(before: str, after: str, expected: list[Block]) -> None:
    assert blocks_between(before, after) == expected


@pytest.mark.parametrize("seed", range(20))
def test_blocks_make_the_one_text_the_other(seed: int) -> None:
    """And survive being written down; code that has the same few lines again and again is the hardest."""
    chance = random.Random(seed)  # noqa: S311 - the same texts in every run
    for _ in range(100):
        old = [*chance.choices(LINES, k=chance.randint(1, 15)), "end"]
        new = list(old)
        for _ in range(chance.randint(1, 4)):
            start = chance.randint(0, len(new))
            new[start : start + chance.randint(0, 2)] = chance.choices(["x", "y", "", *LINES], k=chance.randint(0, 2))
        before, after = "\n".join(old), "\n".join([*new, "END"])

        blocks = blocks_between(before, after)

        assert blocks_in(as_text(blocks)) == blocks
        assert applied(before, blocks) == after
        assert all(len(places(before, block.search)) == 1 for block in blocks)


def test_a_block_gets_more_lines_until_it_fits() -> None:
    assert blocks_between("a\nb\nc\nd", "a\nx\nc\nd", lambda block: "d" in block.search) == [
        Block("a\nb\nc\nd", "a\nx\nc\nd")
    ]


def test_a_block_is_of_the_lines_that_are_said_to_change() -> None:
    """A diff leaves out those that are alike by chance."""
    before, after = "a\nb\nc\nd", "a\nx\nb\nd"

    assert blocks_between(before, after, hunks=[Hunk(1, 3, 1, 3)]) == [Block("b\nc", "x\nb")]
    assert blocks_between(before, after) != [Block("b\nc", "x\nb")]


def test_a_block_that_changes_nothing_is_of_a_line_that_is_not_blank() -> None:
    assert same_block("\n a\nb") == Block(" a", " a")


@pytest.mark.parametrize("line", ["x", ""])
def test_code_that_repeats_itself_is_no_trouble(line: str) -> None:
    """One line of context more at a time would take minutes."""
    before = "\n".join(["top", *[line] * 20_000, "end"])
    after = "\n".join(["top", *[line] * 9_000, "y", *[line] * 11_000, "end"])

    assert applied(before, blocks_between(before, after)) == after
