"""Extraction against cases that nobody of this project wrote, from the folder that ARTIFACT_CASES names.

Where our own rules decide otherwise than a case expects, they hold, and the case stands in DECIDED_OTHERWISE with the
rule. A case that deviates without standing there fails, and one that stands there and does not deviate fails as well.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shared.artifacts.errors import ArtifactFailure
from shared.artifacts.extract import Artifact, extract, extract_code
from shared.artifacts.kinds import Kind

if not os.environ.get("ARTIFACT_CASES"):
    pytest.skip("ARTIFACT_CASES names no folder with cases", allow_module_level=True)

FOLDER = Path(os.environ["ARTIFACT_CASES"])
FILES = ("extract.json", "fix.json", "artifact_texts.json")

Case = dict[str, Any]
Outcome = Artifact | str  # what comes out, or the code of the failure

# The names of the source, and ours.
FAILURES = {"truncated_output": "artifact_truncated", "empty_output": "artifact_missing"}

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
