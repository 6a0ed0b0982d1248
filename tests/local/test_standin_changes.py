"""The changes that the stand-in knows: all can be made one after another, and leave what can be rendered."""

from collections.abc import Sequence

import pytest

from local.standin.changes import Change, change_for, changes
from local.standin.examples import Example, examples
from local.standin.general_changes import recoloured, with_note
from local.standin.kinds import Kind
from shared.artifacts.allowed_imports import AllowedImports
from shared.artifacts.kinds import Kind as KindOfTheBundle
from shared.artifacts.syntax import find_problems

IMPORTS = AllowedImports.default()
EVERY_EXAMPLE = pytest.mark.parametrize("example", examples(), ids=lambda example: example.artifact.title)
CODES = [
    ("a { color: red }", "css"),
    ("const a = 1;", "typescript"),
    ('{"a": 1}', "json"),
    ("{}", "json"),
    ("[1]", "json"),
    ("[ ]", "json"),
    ('"text"', "json"),
    ("7", "json"),
    ("def f():\n    return 1", "python"),
    ("# only a comment\nprint(1)", "python"),
]


def of(example: Example) -> list[Change]:
    return [change for change in changes() if change.example == example.artifact]


def problems(code: str, kind: Kind, language: str | None) -> Sequence[object]:
    return find_problems(code, KindOfTheBundle(kind), language, IMPORTS)


@EVERY_EXAMPLE
@pytest.mark.parametrize("step", [1, -1], ids=["in-order", "backwards"])
def test_all_changes_of_an_example_can_be_made_one_after_another(example: Example, step: int) -> None:
    """Each is chosen by its own words, whichever were made before."""
    artifact = example.artifact
    known = of(example)[::step]
    assert len(known) >= 4
    if artifact.title == "Todo list":
        assert len(known) >= 10

    for change in known:
        assert change_for(artifact.kind, artifact.code, " ".join(change.words)) is change
        changed = change.apply(artifact.code)
        assert changed.code != artifact.code
        assert problems(changed.code, changed.kind, changed.language) == ()
        assert not change.is_for(changed.code), "it could be made twice"
        artifact = changed


@pytest.mark.parametrize(
    ("kind", "wish", "words"),
    [
        (Kind.REACT, "Make it blue!", "blue"),
        (Kind.REACT, "Add a column for when it is due", "due"),
        (Kind.REACT, "larger title", "larger"),
        (Kind.REACT, "Please rename the title", "rename"),
        (Kind.REACT, "dark mode", "dark"),
        (Kind.HTML, "larger title", "larger"),
        (Kind.SVG, "more stars", "star"),
    ],
)
def test_the_words_of_the_prompt_choose_the_change(kind: Kind, wish: str, words: str) -> None:
    first = next(example.artifact for example in examples() if example.artifact.kind is kind)

    chosen = change_for(kind, first.code, wish)

    assert chosen is not None
    assert words in chosen.words
    assert chosen.example == first


def test_no_change_is_made_without_its_words_or_in_other_code() -> None:
    (todo,) = [example.artifact for example in examples() if example.artifact.title == "Todo list"]

    assert change_for(Kind.REACT, todo.code, "Make it sing") is None
    assert change_for(Kind.REACT, "export default () => null", "Make it blue") is None
    assert change_for(Kind.HTML, todo.code, "Make it blue") is None


@EVERY_EXAMPLE
def test_any_code_of_a_kind_can_be_changed_again_and_again(example: Example) -> None:
    kind, language = example.artifact.kind, example.artifact.language
    codes = [example.artifact.code]
    for _ in range(3):
        codes.append(with_note(codes[-1], kind))
        codes.append(recoloured(codes[-1], kind, "") or with_note(codes[-1], kind))

    assert len(set(codes)) == len(codes)
    assert [problems(code, kind, language) for code in codes] == [()] * len(codes)


@pytest.mark.parametrize(("code", "language"), CODES)
def test_code_gets_a_note_in_its_own_language(code: str, language: str) -> None:
    once = with_note(code, Kind.CODE)
    twice = with_note(once, Kind.CODE)

    assert len({code, once, twice}) == 3
    assert (problems(once, Kind.CODE, language), problems(twice, Kind.CODE, language)) == ((), ())


@pytest.mark.parametrize(
    ("code", "wish", "expected"),
    [
        pytest.param("#eeeeee #ff0000 #dddddd", "make it blue", "#eeeeee #2563eb #dddddd", id="the-brightest"),
        pytest.param("fill: #FF0000 #2563eb", "make it blue", "fill: #2563eb #2563eb", id="one-that-is-another"),
        pytest.param("fill: #2563eb", "make it blue", None, id="already-so"),
        pytest.param("fill: #ff0000 #ff0000", "change it", "fill: #dc2626 #dc2626", id="wherever-it-stands"),
        pytest.param("fill: #dc2626", "change it", "fill: #ea580c", id="the-next"),
        pytest.param('<a href="#facade">', "blue", None, id="an-address"),
        pytest.param("&#123456; a#123456 #123456a #fff", "blue", None, id="no-colours"),
    ],
)
def test_a_colour_is_replaced(code: str, wish: str, expected: str | None) -> None:
    assert recoloured(code, Kind.HTML, wish) == expected
    assert recoloured(code, Kind.MARKDOWN, wish) is None
