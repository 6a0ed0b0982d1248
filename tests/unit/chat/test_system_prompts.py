"""System prompts by name: what a request puts into them, and what is wrong with a request or with their file."""

import shutil
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared.chat import system_prompts
from shared.chat.system_prompts import SystemPrompts, TemplatesBroken, render
from shared.errors import InvalidRequest

SHIPPED = {
    "translate": {"TARGET_LANGUAGE": "Portuguese"},
    "summarize": {"AUDIENCE": "a judge", "LENGTH": "two sentences"},
    "extract_json": {"FIELDS": "name: a string"},
}
LETTER = SystemPrompts("letter = 'Dear {{NAME}}, {{TEXT_2}} {{NAME}}!'\nplain = 'Say {NAME} {\"a\": {}}}'")
VALUES = {"NAME": "Ann", "TEXT_2": "hello"}


@pytest.mark.parametrize("name", SHIPPED)
def test_every_template_that_is_shipped_takes_its_variables(name: str) -> None:
    rendered = render(name, SHIPPED[name])

    assert all(value in rendered for value in SHIPPED[name].values())
    assert "{{" not in rendered
    assert rendered == rendered.strip()


def test_no_other_template_is_shipped() -> None:
    with pytest.raises(InvalidRequest, match=f"^`template` must be one of {', '.join(SHIPPED)}[.]$") as raised:
        render("poem", {})

    assert raised.value.field == "template"


def test_a_variable_may_stand_more_than_once_or_there_may_be_none() -> None:
    assert LETTER.render("letter", VALUES) == "Dear Ann, hello Ann!"
    assert LETTER.render("plain", {}) == 'Say {NAME} {"a": {}}}'
    assert SystemPrompts("a = '{{{A}}{'").render("a", {"A": "x"}) == "{x{"


TEXTS = st.text(max_size=60) | st.sampled_from(["{{NAME}}", "{{TEXT_2}}", "{{OTHER}}", r"\1 \g<1> %s {0}", "}}", "{{"])


@given(TEXTS, TEXTS)
def test_values_are_put_in_as_they_are(name: str, text: str) -> None:
    """Whatever they hold: `{{OTHER}}` in one is not expanded, and no letter of it means anything."""
    assert LETTER.render("letter", {"NAME": name, "TEXT_2": text}) == "Dear " + name + ", " + text + " " + name + "!"


NAMES = st.from_regex(r"[A-Z][A-Z0-9_]{0,8}", fullmatch=True)
PIECES = st.lists(
    st.text("ab {}\n'\"", max_size=6).filter(lambda text: "{{" not in text) | NAMES.map("{{{{{}}}}}".format)
)


@given(PIECES, st.dictionaries(NAMES, TEXTS, max_size=6))
def test_a_template_takes_exactly_its_variables(pieces: list[str], more: dict[str, str]) -> None:
    """Each that it has and no other, whatever stands around them."""
    text = " ".join(pieces)
    assume(text.strip())
    variables = {piece[2:-2] for piece in pieces if piece.startswith("{{")}
    written = "".join(f"\\u{ord(character):04x}" for character in text)
    prompts = SystemPrompts(f'it = "{written}"')
    values = {name: f"<{name}>" for name in variables}

    found = " ".join(values[piece[2:-2]] if piece.startswith("{{") else piece for piece in pieces)
    assert prompts.render("it", values) == found.strip()
    for name in variables:
        with pytest.raises(InvalidRequest, match="is missing") as raised:
            prompts.render("it", {other: value for other, value in values.items() if other != name})
        assert raised.value.field == f"variables.{name}"
    if more.keys() - variables:
        with pytest.raises(InvalidRequest, match="is no variable of this template") as raised:
            prompts.render("it", values | more)
        assert str(raised.value.field).removeprefix("variables.") in more.keys() - variables


@pytest.mark.parametrize(
    ("changed", "field", "problem"),
    [
        ({"TEXT_2": 3}, "TEXT_2", "must be a string"),
        ({"TEXT_2": None}, "TEXT_2", "must be a string"),
        ({"NAME": ["Ann"]}, "NAME", "must be a string"),
        ({"NAME": "x" * 10_001}, "NAME", "must have at most 10,000 characters"),
        ({"name": "Ann"}, "name", "is no variable of this template, which has NAME, TEXT_2"),
        ({"X" * 100: "a secret"}, "X" * 64, "is no variable of this template, which has NAME, TEXT_2"),
    ],
)
def test_a_wrong_variable_is_named_without_its_value(changed: dict[str, Any], field: str, problem: str) -> None:
    with pytest.raises(InvalidRequest) as raised:
        LETTER.render("letter", VALUES | changed)

    assert raised.value.field == f"variables.{field}"
    assert raised.value.message == f"`variables.{field}` {problem}."


def test_a_value_may_be_long_and_may_be_empty() -> None:
    long = "x" * 10_000

    assert LETTER.render("letter", {"NAME": long, "TEXT_2": ""}) == f"Dear {long},  {long}!"


def test_a_template_without_variables_takes_none() -> None:
    with pytest.raises(InvalidRequest, match="is no variable of this template, which has none") as raised:
        LETTER.render("plain", {"NAME": "Ann"})

    assert raised.value.field == "variables.NAME"


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ("hello = 'a {{name}}'", "in hello there is a {{ that begins no variable: {{NAME}}, of capital letters"),
        ("hello = 'a {{ NAME }}'", "in hello there is a {{"),
        ("hello = 'a {{NAME}'", "in hello there is a {{"),
        ("hello = 'a {{1A}}'", "in hello there is a {{"),
        ("hello = 'a {{}}'", "in hello there is a {{"),
        ("ok = 'a'\nhello = '{{A}} {{A-B}}'", "in hello there is a {{"),
        ("hello = 3", "hello must be a text"),
        ("hello = ' '", "hello must be a text"),
        ("[hello]\ntext = 'a'", "hello must be a text"),
        ("Hello = 'a'", "'Hello' is no name of a template"),
        ("'a b' = 'a'", "'a b' is no name of a template"),
        ("hello = 'a'\nhello = 'b'", "Cannot overwrite a value"),
        ("hello = ", "Invalid value (at end of document)"),
    ],
)
def test_a_malformed_file_is_the_operators_business(document: str, problem: str) -> None:
    with pytest.raises(TemplatesBroken) as raised:
        SystemPrompts(document)

    assert raised.value.problem.startswith(f"system_prompts.toml: {problem}")
    assert (raised.value.code, raised.value.status) == ("service_misconfigured", 503)
    assert "hello" not in raised.value.message


@pytest.fixture
def elsewhere(tmp_path: Path) -> ModuleType:
    """The module in a folder of its own, with a malformed file beside it."""
    copy = Path(shutil.copy(Path(system_prompts.__file__), tmp_path))
    copy.with_name("system_prompts.toml").write_text("good = 'a'\nbroken = '{{a}}'")
    spec = spec_from_file_location("elsewhere", copy)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_file_is_read_with_the_first_use(elsewhere: ModuleType, tmp_path: Path) -> None:
    """A malformed one is an error of each use until it is mended; then it is not read again."""
    for _ in range(2):
        with pytest.raises(elsewhere.TemplatesBroken) as raised:
            elsewhere.render("good", {})
        assert "in broken there is a {{" in raised.value.problem
    file = tmp_path / "system_prompts.toml"
    file.write_text("good = 'a'")
    assert elsewhere.render("good", {}) == "a"
    file.unlink()
    assert elsewhere.render("good", {}) == "a"
