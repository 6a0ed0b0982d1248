"""What is around a comment decides with what it says; the table of `test_elision.py` has one comment in each place."""

import pytest

from shared.artifacts.problem import Rule, Source
from shared.artifacts.syntax.code.check import problems
from shared.artifacts.syntax.parsers import without_parsers


def elided(code: str, language: str) -> list[tuple[int, int]]:
    """The places of what is refused in the code, in which nothing else is wrong."""
    found = problems(Source(code), language)
    assert {each.rule for each in found} <= {Rule.ELIDED}
    return [(each.line, each.column) for each in found]


@pytest.mark.parametrize(
    ("code", "language", "places"),
    [
        pytest.param("a();\n// ...\n// ...\nb();", "js", [(2, 1), (3, 1)], id="dots-on-dots"),
        pytest.param("a(); // b\n// ...\nb();", "js", [(2, 1)], id="dots-below-a-comment-behind-code"),
        pytest.param("a();\n\n// b\n\n// ...\n\nb();", "js", [(5, 1)], id="dots-below-a-blank-line"),
        pytest.param("<p>\n  {/* Header */}\n  {/* ... */}\n</p>;", "jsx", [(3, 4)], id="dots-below-a-heading-in-jsx"),
        pytest.param("let a = [/* ... */];", "js", [(1, 10)], id="all-of-a-list"),
        pytest.param("function a() { /* ... */ }", "js", [(1, 16)], id="all-of-a-body"),
        pytest.param(".a { /* existing styles */ }\n.b { c: d }", "css", [(1, 6)], id="all-of-a-rule"),
        pytest.param("f(a /* same as before */);", "js", [], id="behind-an-argument"),
        pytest.param("/*\n * a\n *\n * ... existing code ...\n */\na();", "js", [(4, 2)], id="its-line-in-a-block"),
        pytest.param("ä();\n/* ö */ b();\n// ...\nc();", "ts", [(3, 1)], id="behind-other-letters"),
        pytest.param("if (a) {\n  b();\n  // same as above\n} else {\n  c();\n}", "js", [(3, 3)], id="above-an-end"),
        pytest.param(
            "if a:\n    b()\n    # same as above\nelse:\n    c()", "python", [(3, 5)], id="above-less-indentation"
        ),
        pytest.param("a();\n// same as above\n// (mirrored)\nb();", "js", [], id="above-a-comment-above-code"),
        pytest.param("a();\n// same as above\n\n// b\nb();", "js", [(2, 1)], id="above-a-blank-line-and-a-comment"),
        pytest.param("a();\n// same as above", "js", [(2, 1)], id="at-the-end"),
    ],
)
def test_a_comment_is_judged_by_what_is_around_it(code: str, language: str, places: list[tuple[int, int]]) -> None:
    assert elided(code, language) == places


def test_a_line_that_ends_a_sentence_is_read_with_it() -> None:
    """Comments are wrapped at some width, and what stands at the start of a line may be the end of a sentence."""
    wrapped = "// Only the handler of this button is replaced here, and the\n// rest of the code unchanged\na();"

    assert elided(wrapped, "js") == []
    assert elided(wrapped.replace("Only", "only").replace(", and the", "."), "js") == [(2, 1)]


@pytest.mark.parametrize(
    "comment", ["// ...\n", "/* ... */", "//same\n", "// the rest of the\n", "/*\n...\n*/", "// a \n\n"]
)
@pytest.mark.parametrize("language", ["js", "css", "python", "go", "html", "mermaid", "markdown"])
def test_many_comments_are_read_to_their_end(comment: str, language: str) -> None:
    """By the rules alone: so many take a parser of scripts beyond its time, and a check then goes on without it."""
    with without_parsers():
        problems(Source(comment * (200_000 // len(comment))), language)
