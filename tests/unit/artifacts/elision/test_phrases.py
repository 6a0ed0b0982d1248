"""Which comments stand in place of code, and which only speak of the code around them; the table is `comments.toml`."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from shared.artifacts.allowed_imports import AllowedImports
from shared.artifacts.elision.phrases import is_elision
from shared.artifacts.kinds import Kind
from shared.artifacts.problem import Problem, Rule
from shared.artifacts.syntax import find_problems

PLACES = tomllib.loads(Path(__file__).with_name("comments.toml").read_text("utf-8"))["places"]
CASES = [
    pytest.param(place, said, verdict == "left_out", id=f"{place['name']}: {said}")
    for place in PLACES
    for verdict in ("left_out", "harmless")
    for said in place[verdict]
]


def elisions(code: str, place: dict[str, Any]) -> list[Problem]:
    """What is refused in the code; that something else is wrong with it would be the table's fault."""
    found = find_problems(code, Kind(place.get("kind", "code")), place.get("language"), AllowedImports(["react"]))
    assert {each.rule for each in found} <= {Rule.ELIDED}
    return list(found)


@pytest.mark.parametrize(("place", "said", "left_out"), CASES)
def test_a_comment_is_refused_where_it_stands_for_code(place: dict[str, Any], said: str, left_out: bool) -> None:
    code = place["code"].replace("@", said, 1)

    found = elisions(code, place)

    assert [each.line for each in found] == ([code[: code.index(said)].count("\n") + 1] if left_out else [])


def test_the_table_is_one() -> None:
    """Each phrase once in a place, and enough of both."""
    assert len({(case.values[0]["name"], case.values[1]) for case in CASES}) == len(CASES)  # type: ignore[index]
    assert min(sum(len(place[verdict]) for place in PLACES) for verdict in ("left_out", "harmless")) > 150


def test_a_very_long_line_that_begins_like_one_is_none() -> None:
    """Who leaves code out says so briefly; and what follows is not looked at, so that it cannot take long."""
    assert is_elision("// ...existing code " + "and more " * 15)
    assert not is_elision("// ...existing code " + "and more " * 17)
    assert not is_elision("// ...existing code " + "and more " * 100_000)
