"""The edits that a diff gives."""

import pytest

from tests.support.edits import derive_edits


@pytest.mark.parametrize(
    ("original", "modified", "edits"),
    [
        pytest.param("a\nb\nc", "a\nx\nc", [("b", "x")], id="a change"),
        pytest.param("a\nb\nc", "a\nc", [("b", "")], id="a deletion"),
        pytest.param("a\nb\nc", "a\nx\nb\nc", [("a\nb", "a\nx\nb")], id="an insertion has lines around it"),
        pytest.param("a\nb", "a\nb\nx", [("b", "b\nx")], id="an insertion at the end"),
        pytest.param("a\na\nb", "a\nx\nb", [("a\na\nb", "a\nx\nb")], id="a line that is there twice"),
        pytest.param("a\nb\nc", "a\n\nc", [("a\nb\nc", "a\n\nc")], id="a blank line alone says nothing"),
        pytest.param("a\nb\nc\nd", "x\nb\nc\ny", [("a", "x"), ("d", "y")], id="two changes"),
        pytest.param("a\nb\na", "x\nb\ny", [("a\nb\na", "x\nb\ny")], id="two changes that cannot be told apart"),
        pytest.param("\n\n\na\n", "a\n\n\n\n", [("\n\n\na", "a\n\n\n")], id="a change and a deletion beside it"),
        pytest.param("a", "a", [], id="no change"),
    ],
)
def test_an_edit_has_as_many_lines_around_it_as_it_needs(
    original: str, modified: str, edits: list[tuple[str, str]]
) -> None:
    assert derive_edits(original, modified) == edits


def test_a_blank_text_cannot_be_edited() -> None:
    with pytest.raises(ValueError, match="blank"):
        derive_edits("\n\n", "a")
