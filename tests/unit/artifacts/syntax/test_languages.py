"""What labels of languages have in common."""

import pytest

from shared.artifacts.syntax.languages import check_rejects_prose, same_language


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
    assert same_language(one, other) is same_language(other, one) is alike


def test_a_sentence_is_told_from_code_where_there_is_a_parser() -> None:
    assert check_rejects_prose("Python 3")
    assert not check_rejects_prose("rust")
    assert not check_rejects_prose("mermaid")
    assert not check_rejects_prose(None)
