"""Extraction against cases that nobody of this project wrote, from the folder that ARTIFACT_CASES names.

Where our own rules decide otherwise than a case expects, they hold, and the case stands in DECIDED_OTHERWISE with the
rule. A case that deviates without standing there fails, and one that stands there and does not deviate fails as well.
"""

import json
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from shared.artifacts.allowed_imports import AllowedImports
from shared.artifacts.artifact import Artifact, Extraction
from shared.artifacts.errors import ArtifactFailure
from shared.artifacts.extraction import extract, extract_code, unwrap
from shared.artifacts.extraction.streaming import CodePreview
from shared.artifacts.kinds import Kind
from shared.artifacts.problem import Rule
from shared.artifacts.syntax import Verdict, check, find, find_problems
from shared.artifacts.validation import Checker, uses_storage, validate
from shared.deadline import Deadline

if not os.environ.get("ARTIFACT_CASES"):
    pytest.skip("ARTIFACT_CASES names no folder with cases", allow_module_level=True)

FOLDER = Path(os.environ["ARTIFACT_CASES"])
FILES = ("extract.json", "fix.json", "artifact_texts.json", "syntax.json")
IMPORTS = AllowedImports.default()


def unbounded(code: str, kind: Kind, language: str | None, imports: AllowedImports, *, seconds: float) -> Verdict:
    """Check without a process of its own: there are thousands of checks, all of harmless code."""
    assert seconds > 0
    return find(code, kind, language, imports)


Case = dict[str, Any]
Outcome = Artifact | str  # what comes out, or the code of the failure

# The names of the source, and ours.
FAILURES = {"truncated_output": "artifact_truncated", "empty_output": "artifact_missing"}

# What a problem of the source's is in ours; a warning of the source's is accepted, and so is TypeScript.
RULES = {
    "RESERVED_KEYWORD": Rule.SYNTAX,
    "IMPORT_LOCAL_PATH": Rule.IMPORT,
    "SYNTAX": Rule.SYNTAX,
    "SYNTAX or IMPORT_UNQUOTED": Rule.SYNTAX,
    "STORAGE": None,
    "IMPORT_REACT(warning)": None,
    "TypeScript in JS": None,
    None: None,
}

SET_ASIDE = {Rule.EXPORT, Rule.NAME}

FISH = """\
  <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 600">
    <!-- SVG content for the fish illustration goes here -->
  </svg>"""

DECIDED_OTHERWISE: dict[str, tuple[str, Outcome]] = {
    "b4m-client-25-0": (
        "only an empty or blank body is missing; that a drawing draws nothing is for the syntax check to say",
        Artifact(Kind.SVG, "Tropical Fish Illustration", None, FISH),
    ),
    "b4m-client-28-0": (
        "the first complete artifact wins; that it draws nothing is for the syntax check to say",
        Artifact(Kind.SVG, "Tropical Fish Illustration", None, FISH),
    ),
    "kind-13": (
        "a tag recited in inline code is ignored unless it is the only artifact",
        Artifact(Kind.SVG, "Untitled", None, "x"),
    ),
    "libre-14": ("an empty body is missing", "artifact_missing"),
    "vana-shared-02-0": (
        "blank lines at both ends go, indentation stays",
        Artifact(Kind.CODE, "Untitled", None, "    Some code here"),
    ),
    "vana-shared-04-0": ("an empty body is missing", "artifact_missing"),
}


def cases(name: str) -> list[Any]:
    path = FOLDER / name
    if not path.is_file():
        return []  # the first test says so
    read = json.loads(path.read_text())
    return [pytest.param(case, id=case["id"]) for case in (read["cases"] if isinstance(read, dict) else read)]


def extracted(text: str, requested: Kind | None = None) -> Outcome:
    try:
        return extract(text, requested=requested).artifact
    except ArtifactFailure as failure:
        return failure.code


@pytest.mark.parametrize("name", FILES)
def test_the_folder_has_the_file_and_the_file_has_cases(name: str) -> None:
    assert cases(name), f"there are no cases in {FOLDER / name}"


@pytest.mark.parametrize("case", cases("extract.json"))
def test_an_answer_gives_the_artifact_that_the_case_expects(case: Case) -> None:
    expected, outcome = case["expect"], extracted(case["model_content"], Kind.named(case["requested_type"]))

    if expected["outcome"] == "error":
        assert outcome == FAILURES[expected["error"]]
    else:
        assert isinstance(outcome, Artifact)
        assert (outcome.kind, outcome.code) == (Kind.named(expected["type"]), expected["code"])
        assert expected.get("title_any") or outcome.title == expected["title"]


@pytest.mark.parametrize("case", cases("fix.json"))
def test_an_answer_to_a_fix_gives_the_code_that_the_case_expects(case: Case) -> None:
    kind, expected = Kind.named(case["type"]), case["expect"]
    assert kind

    try:
        outcome = extract_code(case["model_content"], kind).artifact.code
    except ArtifactFailure as failure:
        outcome = failure.code

    assert outcome == (FAILURES[expected["error"]] if expected["outcome"] == "error" else expected["fixed_code"])


@pytest.mark.parametrize("case", cases("artifact_texts.json"))
def test_a_text_gives_what_other_parsers_expect_of_it(case: Case) -> None:
    outcome = extracted("".join(case["input"]))  # a string, or a stream in chunks
    rule, decided = DECIDED_OTHERWISE.get(case["id"], ("", None))

    if decided is None:
        assert deviations(case["artifacts"], outcome) == []
    else:
        assert outcome == decided, rule
        assert deviations(case["artifacts"], outcome), f"the case agrees with the rule by now: {rule}"


def deviations(expected: list[Case], outcome: Outcome) -> list[str]:
    """In what the outcome differs from the first complete artifact that is expected."""
    complete = [each for each in expected if each.get("complete", True)]
    if not complete:
        failures = {"artifact_truncated"} if expected else {"artifact_truncated", "artifact_missing"}
        return [] if outcome in failures else [f"one of {failures} is expected, not {outcome}"]
    if isinstance(outcome, str):
        return [f"an artifact is expected, not {outcome}"]
    wanted = complete[0]
    equal: dict[str, Callable[[Any], bool]] = {
        "type": lambda value: outcome.kind is (Kind.named(value) or Kind.CODE),
        "title": lambda value: outcome.title == ("Untitled" if value in {"", "Untitled Artifact"} else value),
        "language": lambda value: outcome.language == value,
        "content": lambda value: outcome.code == value,
        "content_stripped": lambda value: outcome.code.strip() == value,
        "content_contains": lambda value: all(part in outcome.code for part in value),
        "content_not_contains": lambda value: not any(part in outcome.code for part in value),
    }
    return [name for name, holds in equal.items() if name in wanted and not holds(wanted[name])]


@pytest.mark.parametrize("case", cases("syntax.json"))
def test_the_check_finds_what_the_case_expects(case: Case) -> None:
    """The default-export rule is set aside, and that a snippet declares all its names."""
    code = unwrap(case["code"]).code

    found = [each for each in check(code, Kind(case["type"]), None, IMPORTS) if each.rule not in SET_ASIDE]

    rule = RULES[case["expect"]]
    assert {each.rule for each in found} == ({rule} if rule else set())
    assert uses_storage(code) is (case["expect"] == "STORAGE")


def answers() -> list[Any]:
    """Every answer of a model among the cases, with the kind that was asked for."""
    given = [(case.values[0], case.id) for name in ("extract.json", "artifact_texts.json") for case in cases(name)]
    return [
        pytest.param(case.get("model_content") or "".join(case["input"]), case.get("requested_type"), id=name)
        for case, name in given
    ]


@pytest.mark.parametrize(("text", "requested"), answers())
def test_an_answer_in_two_pieces_shows_what_it_shows_whole(text: str, requested: str | None) -> None:
    """Wherever it is cut."""

    def shown(*pieces: str) -> str:
        preview, code = CodePreview(Kind.named(requested or "")), ""
        for piece in pieces:
            added = preview.feed(piece)
            code = added if preview.withdrawn else code + added
        added = preview.end()
        return added if preview.withdrawn else code + added

    assert {shown(text[:place], text[place:]) for place in range(len(text) + 1)} == {shown(text)}


@pytest.mark.parametrize(("text", "requested"), answers())
def test_an_answer_that_is_cut_off_gives_no_half_artifact(text: str, requested: str | None) -> None:
    """Wherever it is cut off: a failure, or an artifact whose end had come."""
    kind = Kind.named(requested or "")

    for place in range(len(text)):
        given = text[:place].replace("\r\n", "\n")
        assert_ended(given, given_away(partial(extract, given, requested=kind, truncated=True)))


@pytest.mark.parametrize("case", cases("fix.json"))
def test_a_fix_that_is_cut_off_gives_no_half_code(case: Case) -> None:
    kind, text = Kind(case["type"]), case["model_content"]

    for place in range(len(text)):
        given = text[:place].replace("\r\n", "\n")
        assert_ended(given, given_away(partial(extract_code, given, kind, truncated=True)))


def given_away(read: Callable[[], Extraction]) -> Extraction | None:
    try:
        return validate(read(), Checker(IMPORTS, Deadline(60), check=unbounded), truncated=True)
    except ArtifactFailure:
        return None


def assert_ended(text: str, found: Extraction | None) -> None:
    """The end of what was found stands in the text."""
    if found:
        code = found.artifact.code
        ended = any(behind.strip().startswith(("</", "```", "~~~")) for behind in text.split(code)[1:])
        assert ended or code.endswith(("</svg>", "</html>")), len(text)


@pytest.mark.parametrize("case", cases("syntax.json"))
def test_the_check_says_of_cut_code_where_it_is_wrong(case: Case) -> None:
    """Wherever it is cut: it never fails itself, and every place is one in the code."""
    for place in range(len(case["code"])):
        code = case["code"][:place]
        lines = code.split("\n")
        for found in find_problems(code, Kind(case["type"]), None, IMPORTS):
            assert 1 <= found.line <= len(lines)
            assert 1 <= found.column <= len(lines[found.line - 1]) + 1
            assert found.snippet in lines[found.line - 1]
