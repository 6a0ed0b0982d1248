"""What is IPython's own in a piece of Python is set aside, and all else stays where it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.artifacts.problem import Rule, Source
from shared.artifacts.syntax.code.check import problems
from shared.artifacts.syntax.code.ipython import without_magic


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("%matplotlib inline\nimport numpy as np", id="line-magic"),
        pytest.param("!pip install -q numpy\nimport numpy", id="shell"),
        pytest.param('!echo "it\'s" (1\nx = 1', id="shell-quotes"),
        pytest.param("!pip install \\\n  numpy\nx = 1", id="shell-over-two-lines"),
        pytest.param("if a:\n    !ls\nelse:\n    %cd b", id="in-a-block"),
        pytest.param("files = !ls *.py\nt = %timeit -o f()\nout, err = !ls", id="assigned"),
        pytest.param("len?\n?len\nnp.sum??\n??np.sum", id="help"),
        pytest.param("%%time\nx = 1", id="cell-of-python"),
        pytest.param("%%bash\nfor f in *; do\n  echo 'it'\"'\"'s\n", id="cell-of-bash"),
        pytest.param("x = 1\n\n%%bash\nls |\n\n# %%\ny = 1\n%%html\n<p>\n", id="cells"),
        pytest.param('!ls\ns = """\n%s and """ % a\n', id="a-line-that-ends-a-string"),
        pytest.param("!ls\na = (1\n%b)\nc = 1 \\\n%d\n", id="remainders"),
    ],
)
def test_python_with_magic_is_accepted(code: str) -> None:
    assert problems(Source(code), "python") == []


@pytest.mark.parametrize(
    ("code", "rule", "line", "column"),
    [
        pytest.param("!ls\nä = 1\nb = = 2", Rule.SYNTAX, 3, 5, id="an-error-behind-a-magic"),
        pytest.param("%%time\nb = = 2", Rule.SYNTAX, 2, 5, id="an-error-in-a-cell-of-python"),
        pytest.param("%%bash\nls |\n# %%\nb = = 2", Rule.SYNTAX, 4, 5, id="an-error-in-the-next-cell"),
        pytest.param("if a:\n    %%time\nb = = 2", Rule.SYNTAX, 3, 5, id="an-error-below-a-cell-magic"),
        pytest.param("if a:\n    %%bash\nb = = 2", Rule.SYNTAX, 3, 5, id="a-cell-begins-at-the-margin"),
        pytest.param("a = 1 !\n", Rule.SYNTAX, 1, 7, id="a-mark-behind-code"),
        pytest.param("f(\n!ls\n)", Rule.SYNTAX, 2, 1, id="in-brackets"),
        pytest.param("!echo '''\n\n# ... existing code ...\n\nx = 1", Rule.ELIDED, 3, 1, id="elided"),
        pytest.param("Is this it? Yes!", Rule.SYNTAX, 1, 4, id="prose"),
    ],
)
def test_what_else_is_wrong_is_told_with_its_place(code: str, rule: Rule, line: int, column: int) -> None:
    found = problems(Source(code), "python")

    assert [(each.rule, each.line, each.column) for each in found] == [(rule, line, column)]


@given(st.text("%!?'\"\\()#\n abt=") | st.text())
def test_every_place_is_kept(code: str) -> None:
    left = without_magic(code)

    assert [len(line) for line in left.split("\n")] == [len(line) for line in code.split("\n")]


@pytest.mark.parametrize(
    "part", ["%a\n", "!\n", "a?\n", "%%a\n", "'''", "a = ", "a,", "\\", "(", "a.a", " ", "%%a\\\n"]
)
def test_hostile_lengths_are_read_to_their_end(part: str) -> None:
    without_magic(part * 60_000)
