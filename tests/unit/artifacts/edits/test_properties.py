"""Promises that hold for any code and any edit."""

from itertools import pairwise

from hypothesis import assume, example, given
from hypothesis import strategies as st

from local.standin.blocks import as_text, blocks_between
from shared.artifacts.edits import Edit, EditFailure, apply_edits, holds_markers, read_edits
from shared.artifacts.edits.document import Document

# Few different lines, so that many are there more than once; blanks at both ends, and what any Unicode has.
WORDS = st.sampled_from(["a", "b", "}", "<p>", "&lt;p>", "```", "é", "x\u2028y", ""])
ENDS = st.sampled_from(["", " ", "  ", "\t"])
LINE = st.builds(lambda before, word, behind: before + word + behind, ENDS, WORDS, ENDS)
ANY_LINE = LINE | st.text(max_size=8).map(lambda text: text.replace("\n", " ").replace("\r", " "))
LINES = st.lists(ANY_LINE, min_size=1, max_size=24)


@given(LINES, st.data())
def test_edits_of_any_lines_give_the_edited_code(lines: list[str], data: st.DataObject) -> None:
    """As blocks with enough lines around them, in an answer."""
    edited = list(lines)
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(edited)))
        edited[start : start + data.draw(st.integers(0, 3))] = data.draw(st.lists(ANY_LINE, max_size=3))
    code, changed = "\n".join(lines), "\n".join(edited)
    assume(code.strip() and code != changed and not holds_markers(code) and not holds_markers(changed))

    blocks = blocks_between(code, changed)
    answer = read_edits(f"Here:\n```\n{as_text(blocks)}\n```")

    assert answer.edits == tuple(Edit(block.search, block.replace) for block in blocks)
    assert (answer.unfinished, answer.problem) == (False, None)
    assert apply_edits(code, answer.edits) == changed


@given(LINES, LINES, LINES)
@example(["a", "a"], ["a"], ["b"])
def test_an_edit_changes_one_place_or_none(lines: list[str], search: list[str], replacement: list[str]) -> None:
    """What is before and behind that place stays, byte for byte."""
    code = "\n".join(lines)
    try:
        changed = apply_edits(code, [Edit("\n".join(search), "\n".join(replacement))]).split("\n")
    except EditFailure:
        return

    assert any(
        changed[:start] == lines[:start] and (end == len(lines) or changed[end - len(lines) :] == lines[end:])
        for start in range(len(lines))
        for end in range(start + 1, min(len(lines), start + len(search)) + 1)
    )


@given(LINES, st.lists(st.tuples(st.integers(0, 23), st.integers(0, 4), st.lists(LINE, max_size=4)), max_size=5), LINES)
@example(["a", "", "", " b", "  c"], [(0, 1, [])], ["b", " c"])
@example(["", "a", "b"], [(1, 1, [""])], ["  b"])
def test_changed_lines_are_found_like_those_of_a_new_code(
    lines: list[str], changes: list[tuple[int, int, list[str]]], search: list[str]
) -> None:
    """The index of the lines is kept when they change, not made anew."""
    document = Document("\n".join(lines))
    document.find(["not there"])  # on all levels
    for place, count, changed in changes:
        start = min(place, len(document.lines))
        document.replace(start, min(start + count, len(document.lines)), changed)

    if document.lines:
        fresh = Document(document.code)
        for wanted in (search, *([line.strip()] for line in document.lines), *map(list, pairwise(document.lines))):
            assert document.find([" " + line for line in wanted]) == fresh.find([" " + line for line in wanted])
            assert document.find(wanted) == fresh.find(wanted)


@given(
    st.text(),
    st.lists(st.sampled_from(["<<<<<<< SEARCH", "=======", ">>>>>>> REPLACE", "<think>", "</think>", "a", "```"])),
)
def test_any_answer_is_read(prose: str, lines: list[str]) -> None:
    """No text fails, and no part of a block holds a mark."""
    answer = read_edits(prose + "\n" + "\n".join(lines))

    assert not any(holds_markers(part) for edit in answer.edits for part in edit)
    assert len(answer.edits) <= lines.count(">>>>>>> REPLACE") + prose.count("REPLACE")
