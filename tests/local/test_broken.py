"""The stand-in's broken artifacts: each is repaired by a request that names its error, and by no other."""

import difflib
import tomllib
from pathlib import Path

import httpx
import pytest

from local.standin.cases import Case, cases
from local.standin.kinds import Kind
from tests.local.bundle import generate
from tests.local.emulator import Emulator
from tests.local.test_standin import ONE_ARTIFACT, ask, content_of, last_row
from tests.support.processes import ROOT
from tests.support.standin import StandIn

FOLDER = ROOT / "local" / "standin" / "broken"
EVERY_CASE = pytest.mark.parametrize("case", cases().values(), ids=list(cases()))
NAMED = [case for case in cases().values() if case.words]


@EVERY_CASE
def test_each_class_of_error_is_found_named_and_repaired(bundle: Emulator, case: Case) -> None:
    """The stand-in corrects only what the repair request names, so a success shows that it did."""
    corrected = case.corrected

    answer = generate(bundle, f"Make it [[fault broken case={case.name}]]", artifactType=corrected.kind)

    body = answer.json()
    assert answer.status_code == 200, body
    assert body["artifact"]["code"] == corrected.code, f"line {case.line} and {case.words} were not named"
    assert (body["artifact"]["type"], body["artifact"].get("language")) == (corrected.kind, corrected.language)
    assert (body["repaired"], body["attempts"]) == (True, 2)


def complain(host: StandIn, case: Case, complaint: str) -> str:
    """The answer to a conversation of a request, the broken artifact and this complaint."""
    messages = [
        ONE_ARTIFACT,
        {"role": "user", "content": f"Make it [[fault broken case={case.name}]]"},
        {"role": "assistant", "content": case.broken.text()},
        {"role": "user", "content": complaint},
    ]
    return content_of(ask(host, "", messages=messages))


def complaint_of(case: Case, *, line: int | None = None, words: tuple[str, ...] | None = None) -> str:
    """A complaint as it should be, or with another line or other words, above the line that it is about."""
    said = " ".join(f"`{word}`" for word in (case.words if words is None else words))
    shown = case.broken.code.split("\n")[case.line - 1]
    return f"That cannot be rendered:\n\n- Line {line or case.line}, column 3: {said} is wrong.\n  {shown}\n\nMend it."


@EVERY_CASE
def test_the_corrected_artifact_comes_when_line_and_words_are_named(host: StandIn, case: Case) -> None:
    content = complain(host, case, complaint_of(case))

    assert content == f" {case.corrected.text()}"
    assert last_row(host)["fault"] == "broken"


@EVERY_CASE
def test_the_broken_artifact_comes_first_and_again_when_the_line_is_another(host: StandIn, case: Case) -> None:
    """Line 1 is not named by line 10 or 11."""
    first = content_of(ask(host, f"Make it [[fault broken case={case.name}]]"))
    others = [complain(host, case, complaint_of(case, line=line)) for line in (case.line + 1, 10 * case.line)]

    assert {first, *others} == {f" {case.broken.text()}"}


@pytest.mark.parametrize("case", NAMED, ids=[case.name for case in NAMED])
def test_the_broken_artifact_comes_again_when_a_word_is_missing(host: StandIn, case: Case) -> None:
    """Nor does it help that the word stands in the code that is shown, or is a part of a longer one."""
    less = complaint_of(case, words=case.words[1:])
    part = complaint_of(case, words=(*(f"x{word}x" for word in case.words[:1] if word.isalpha()), *case.words[1:]))
    below = complaint_of(case, words=()) + "\n" + " ".join(case.words)

    assert {complain(host, case, said) for said in (less, part, below)} == {f" {case.broken.text()}"}


def fix(running: Emulator, case: Case, error: str) -> httpx.Response:
    body = {"content": case.broken.text(), "type": case.broken.kind, "errorMessage": error}
    return running.call(body, "generate-artifact-fix")


@pytest.mark.parametrize("directive", ["", " [[fault broken case={}]]"], ids=["by its code", "by a directive"])
@pytest.mark.parametrize("name", ["wrong-closing-tag", "missing-reference", "python-syntax"])
def test_a_fix_follows_the_same_rule(bundle: Emulator, name: str, directive: str) -> None:
    """The caller's own error message has to name the error, whether or not a directive says which case it is."""
    case = cases()[name]
    ending = directive.format(name)

    fixed = fix(bundle, case, f"Line {case.line}: {', '.join(case.words)}{ending}").json()
    vague = fix(bundle, case, f"Something is wrong{ending}").json()

    assert fixed["success"], fixed
    assert (fixed["fixedCode"], fixed["attempts"]) == (case.corrected.code, 1)
    assert (vague["success"], vague["code"]) == (False, "fix_unusable")


@pytest.mark.parametrize("kind", Kind)
def test_without_a_case_the_first_one_of_the_kind_is_sent(host: StandIn, kind: Kind) -> None:
    words = {Kind.REACT: "component", Kind.HTML: "website", Kind.MERMAID: "diagram", Kind.MARKDOWN: "document"}
    first = next(case for case in cases().values() if case.broken.kind is kind)

    content = content_of(
        ask(host, f"Make one {words.get(kind, 'icon' if kind is Kind.SVG else 'script')} [[fault broken]]")
    )

    assert content == f" {first.broken.text()}"


def test_a_case_that_is_not_there_is_refused_by_its_name(host: StandIn) -> None:
    answer = ask(host, "Make it [[fault broken case=nope]]")

    assert answer.status_code == 400
    assert "case=nope is none of missing-comma|" in answer.json()["error"]["message"]


def test_the_data_says_each_thing_once() -> None:
    """A name that stood twice would hide a case, and a file without a case would never be sent."""
    data = tomllib.loads((FOLDER / "cases.toml").read_text())
    files = [FOLDER / artifact["file"] for artifact in data["artifact"]]
    there = {path for path in FOLDER.rglob("*") if path.is_file() and path.parent != FOLDER}

    assert sorted(files) == sorted(there)
    assert sum(len(artifact["case"]) for artifact in data["artifact"]) == len(cases())
    assert {Kind(Path(path).parent.name) for path in files} == set(Kind)


@EVERY_CASE
def test_a_case_is_one_error_in_a_line_that_is_there(case: Case) -> None:
    right, wrong = case.corrected.code.split("\n"), case.broken.code.split("\n")
    kept = sum(
        block.size for block in difflib.SequenceMatcher(None, right, wrong, autojunk=False).get_matching_blocks()
    )

    assert right != wrong
    assert max(len(right), len(wrong)) - kept <= 7
    assert 1 <= case.line <= len(wrong)
    assert "</artifact>" not in case.broken.code
