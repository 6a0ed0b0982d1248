"""What holds for code of every kind: how long it may be, and that no nesting ends the process."""

import subprocess
import sys

import pytest

from shared.artifacts.kinds import Kind
from shared.artifacts.syntax import check, grammar
from shared.artifacts.syntax.grammar import Grammar, parse
from shared.artifacts.syntax.imports import Imports
from shared.artifacts.syntax.problem import Problem, Source

LONGEST = 250_000
NOTHING = Imports([])


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
def test_deep_brackets_are_too_tangled_in_every_language_of_the_grammar(part: str) -> None:
    deep = part * 2500
    page = f"<!DOCTYPE html><html><body><script>{deep}</script></body></html>"

    for found in (
        checked(deep),
        checked(deep, Kind.CODE, "ts"),
        checked(deep, Kind.CODE, "js"),
        checked(page, Kind.HTML),
    ):
        assert ["too tangled" in each.message for each in found] == [True]


def test_brackets_may_be_nested_as_deep_as_anybody_writes() -> None:
    assert checked("[" * 1500 + "]" * 1500, Kind.CODE, "js") == ()
    assert checked("f([{a: 1}]);\n" * 5000, Kind.CODE, "js") == ()


@pytest.mark.parametrize(
    "part",
    ["{a:", "{a:/*}*/", "if(a)", "if(a);else ", "a?", "a=>", "!", "- ", "typeof ", "new ", "<a>", "<a b=<", "a:", "a!"],
)
def test_no_code_ends_the_process(part: str) -> None:
    """In a process of its own, as none survives a parser that calls itself too often."""
    command = (
        "import sys; from shared.artifacts.syntax import check; from shared.artifacts.kinds import Kind;"
        "from shared.artifacts.syntax.imports import Imports;"
        f"code = {part!r} * ({LONGEST} // {len(part)});"
        "sys.exit(0 if check(code, Kind.REACT, None, Imports([])) else 1)"
    )

    assert subprocess.run([sys.executable, "-c", command], check=False, timeout=60).returncode == 0


def test_what_takes_the_parser_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grammar, "_SECONDS", 0.01)

    assert parse(Source("a()" * 80_000), Grammar.TSX) is None
