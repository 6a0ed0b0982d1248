"""What labels of languages have in common."""

import pytest

from shared.artifacts.syntax.languages import are_alike, is_told_from_prose


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("py", "Python 3", True),
        ("js", "typescript", True),
        ("jsx", "ts", True),
        ("python", "javascript", False),
        ("python", None, False),
        (None, "", True),
        ("go", "rust", False),
    ],
)
def test_labels_of_one_language_are_alike(one: str | None, other: str | None, alike: bool) -> None:
    assert are_alike(one, other) is are_alike(other, one) is alike


def test_a_sentence_is_told_from_code_where_there_is_a_parser() -> None:
    assert is_told_from_prose("Python 3")
    assert not is_told_from_prose("rust")
    assert not is_told_from_prose("mermaid")
    assert not is_told_from_prose(None)
