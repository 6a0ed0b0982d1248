"""What holds for code of every kind: how long it may be, and that no nesting ends the process."""

import subprocess
import sys

import pytest

from shared.artifacts.allowed_imports import AllowedImports
from shared.artifacts.kinds import Kind
from shared.artifacts.problem import Problem, Source
from shared.artifacts.syntax import Verdict, check, examine
from shared.artifacts.syntax.script import tree_sitter as grammar
from shared.artifacts.syntax.script.tree_sitter import Grammar, parse

LONGEST = 250_000
NOTHING = AllowedImports([])


def checked(code: str, kind: Kind = Kind.REACT, language: str | None = None) -> tuple[Problem, ...]:
    return check(code, kind, language, NOTHING)


@pytest.mark.parametrize("kind", [Kind.CODE, Kind.MARKDOWN])
def test_code_may_be_as_long_as_a_model_can_write_and_no_longer(kind: Kind) -> None:
    assert checked("a" * LONGEST, kind) == ()
    assert [each.message for each in checked("a" * (LONGEST + 1), kind)] == [
        "The code is longer than 250,000 characters; that is more than can be checked."
    ]


NESTED = ["{a:", "(", "[", "{", "f(", "a[", "({a:", "`${", "if(a){", "a=>{", "<a>{", "<a>{b(", "let a:[", "type A={a:"]


@pytest.mark.parametrize("part", NESTED)
def test_deep_brackets_that_are_left_open_are_refused(part: str) -> None:
    """By the parser where it gets so far, by the grammar's rules where it does not."""
    assert checked(part * 2500)


def test_deep_brackets_are_refused_in_every_language_of_the_parser() -> None:
    deep = "(" * 2500

    assert checked(deep, Kind.CODE, "ts")
    assert checked(deep, Kind.CODE, "js")
    assert checked(f"<!DOCTYPE html><html><body><script>{deep}</script></body></html>", Kind.HTML)


def test_what_is_too_deep_for_the_parser_is_answered_by_the_grammar_and_says_so() -> None:
    found = examine("()=>{" * 1900 + "}" * 1900, Kind.CODE, "js", NOTHING)
    nested = examine("[" * 2500 + "]" * 2500, Kind.CODE, "js", NOTHING)

    assert found == ((), ("not_fully_checked",))
    assert ["too complex" in each.message for each in nested.problems] == [True]


def test_brackets_may_be_nested_as_deep_as_anybody_writes() -> None:
    deep = "[" * 400 + "]" * 400

    assert examine(deep, Kind.CODE, "js", NOTHING) == ((), ())
    assert examine(f"export default () => {{ {deep}; return <p/> }}", Kind.REACT, None, NOTHING) == ((), ())
    assert checked("f([{a: 1}]);\n" * 5000, Kind.CODE, "js") == ()


@pytest.mark.parametrize(
    "part",
    ["{a:", "{a:/*}*/", "if(a)", "if(a);else ", "a?", "a=>", "!", "- ", "typeof ", "new ", "<a>", "<a b=<", "a:", "a!"],
)
def test_no_code_ends_the_process(part: str) -> None:
    """In a process of its own, as none survives a parser that calls itself too often."""
    command = (
        "import sys; from shared.artifacts.syntax import examine; from shared.artifacts.kinds import Kind;"
        "from shared.artifacts.allowed_imports import AllowedImports;"
        f"code = {part!r} * ({LONGEST} // {len(part)});"
        "found = examine(code, Kind.REACT, None, AllowedImports([]));"
        "sys.exit(0 if found.problems or found.warnings else 1)"
    )

    assert subprocess.run([sys.executable, "-c", command], check=False, timeout=60).returncode == 0


def test_what_takes_the_parser_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grammar, "_SECONDS", 0.01)

    assert parse(Source("a()" * 80_000), Grammar.TSX) is None


def test_a_page_of_many_scripts_is_checked_in_full() -> None:
    """Each is parsed on a stack of its own, of which a check has room for one at a time."""
    scripts = "".join(f"<script>let a{number} = {number};</script>" for number in range(20))

    verdicts = {
        examine(f"<!DOCTYPE html><html><body>a{scripts}</body></html>", Kind.HTML, None, NOTHING) for _ in range(10)
    }

    assert verdicts == {Verdict(())}
