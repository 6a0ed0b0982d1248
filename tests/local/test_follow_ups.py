"""Follow-ups through the bundle as `make run` serves it: changes and fixes as edits, and edits that do not fit."""

import hashlib
import time
from typing import Any

import pytest

from local.standin.cases import cases
from local.standin.changes import change_for
from local.standin.examples import example_for, examples
from local.standin.kinds import Kind
from tests.local.bundle import generate, lines_of
from tests.local.emulator import Emulator, wait_for

TODO = example_for(Kind.REACT, "todo")
CHAIN = [
    *("Make it blue", "Add a column for the date when it is due", "A larger title please", "Dark mode!"),
    *("Let me search", "Show a progress bar", "A button that clears what is done", "Stars for what is important"),
    *("Sort it", "Square corners", "Make it wider", "Use a serif font"),
]
RIGHT_AT_ONCE = ["edit-whole", "edit-mixed", "edit-unfenced", "edit-escaped", "edit-shifted"]
SENT_BACK = [
    *("edit-not-found", "edit-found-twice", "edit-overlapping", "edit-elided", "edit-elided part=replacement"),
    *("edit-half", "edit-already-there", "edit-same", "edit-breaks"),
]


def version(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def change(running: Emulator, code: str, prompt: str, kind: Kind = Kind.REACT, **fields: Any) -> dict[str, Any]:
    """The answer to a change, which is a success with one cost line that says how it was applied."""
    answer = generate(running, prompt, content=code, artifactType=kind, **fields)
    body: dict[str, Any] = answer.json()
    assert answer.status_code == 200, body
    (cost,) = [line for line in lines_of(running, body["requestId"]) if line["message"] == "cost"]
    assert (cost["applied"], cost["attempts"]) == (body["applied"], body["attempts"])
    assert (body["baseVersion"], body["version"]) == (version(code), version(body["artifact"]["code"]))
    assert body["version"] != body["baseVersion"]
    return body


def purposes(running: Emulator, body: dict[str, Any]) -> list[str]:
    return [line["purpose"] for line in lines_of(running, body["requestId"]) if line["message"] == "attempt"]


def once(prompt: str, fault: str, times: str = "") -> str:
    """A prompt of its own, so that nothing counts for two tests."""
    return f"{prompt} ({time.time_ns()}) [[fault {fault}{times}]]"


def changed(prompt: str) -> str:
    known = change_for(Kind.REACT, TODO.code, prompt)
    assert known is not None
    return known.apply(TODO.code).code


def test_a_chain_of_follow_ups_is_applied_as_edits(bundle: Emulator) -> None:
    codes = [TODO.code]
    for prompt in CHAIN:
        body = change(bundle, codes[-1], prompt)
        assert (body["applied"], body["attempts"], body["warnings"]) == ("edits", 1, [])
        assert body["edits"] >= 1
        codes.append(body["artifact"]["code"])

    assert len(set(codes)) == len(CHAIN) + 1


@pytest.mark.parametrize("artifact", [each.artifact for each in examples()], ids=lambda artifact: artifact.title)
def test_every_example_can_be_changed(bundle: Emulator, artifact: Any) -> None:
    """Edits where the code is long, the whole where it is short."""
    body = change(bundle, artifact.code, "A larger title, and another column", artifact.kind)

    assert body["applied"] == ("edits" if artifact.code.count("\n") + 1 >= 80 else "rewrite")
    assert (body["artifact"]["type"], body["attempts"]) == (artifact.kind, 1)


@pytest.mark.parametrize("fault", RIGHT_AT_ONCE)
def test_what_can_be_read_is_right_at_once(bundle: Emulator, fault: str) -> None:
    body = change(bundle, TODO.code, once("Let me search", fault))

    assert body["artifact"]["code"] == changed("search")
    assert purposes(bundle, body) == ["first"]
    assert body["applied"] == ("rewrite" if fault in {"edit-whole", "edit-mixed"} else "edits")


@pytest.mark.parametrize("fault", SENT_BACK)
def test_edits_that_do_not_fit_are_sent_back_once(bundle: Emulator, fault: str) -> None:
    body = change(bundle, TODO.code, once("Let me search", fault, " times=1"))

    assert body["artifact"]["code"] == changed("search")
    assert (body["applied"], purposes(bundle, body)) == ("edits", ["first", "repair"])


@pytest.mark.parametrize("fault", SENT_BACK)
def test_then_the_whole_is_asked_for(bundle: Emulator, fault: str) -> None:
    body = change(bundle, TODO.code, once("Let me search", fault))

    assert body["artifact"]["code"] == changed("search")
    assert (body["applied"], body["attempts"]) == ("rewrite", 3)


def test_another_kind_is_made_of_it(bundle: Emulator) -> None:
    answer = generate(bundle, "The same as a flow chart", content=TODO.text(), artifactType="mermaid").json()

    assert answer["success"], answer
    assert answer["applied"] == "rewrite"
    assert answer["artifact"]["code"] == example_for(Kind.MERMAID, "The same as a flow chart").code


def test_a_prompt_may_say_what_to_edit(bundle: Emulator) -> None:
    """As the document of the stand-in shows it."""
    body = change(bundle, "# Plan\n\nWalk.", 'Run [[edit from="Walk" to="Run"]]', Kind.MARKDOWN)

    assert body["artifact"]["code"] == "# Plan\n\nRun."


def test_every_turn_finds_the_code_in_the_cache(bundle: Emulator) -> None:
    body = change(bundle, TODO.code, once("Let me search", "edit-not-found"))

    cached = [line["cached_tokens"] for line in lines_of(bundle, body["requestId"]) if line["message"] == "attempt"]
    assert len(cached) == 3
    assert all(tokens > len(TODO.code) / 4 for tokens in cached[1:])


def test_a_long_fix_is_applied_as_edits(bundle: Emulator) -> None:
    """The code is a broken case between much that is right."""
    longer = f"{TODO.code}\n\nconst broken = [1, 2;"
    error = """It fails [[edit from="[1, 2;" to="[1, 2];"]]"""

    answer = bundle.call({"content": longer, "type": "react", "errorMessage": error}, "generate-artifact-fix").json()

    assert answer["success"], answer
    assert (answer["applied"], answer["edits"], answer["attempts"]) == ("edits", 1, 1)
    assert answer["fixedCode"] == longer.replace("[1, 2;", "[1, 2];")
    assert answer["baseVersion"] == version(longer)


def test_a_short_fix_is_the_whole(bundle: Emulator) -> None:
    case = cases()["missing-comma"]
    error = f"Line {case.line}"

    answer = bundle.call(
        {"content": case.broken.code, "type": case.broken.kind, "errorMessage": error}, "generate-artifact-fix"
    ).json()

    assert (answer["applied"], answer["fixedCode"]) == ("rewrite", case.corrected.code)


def test_who_asks_for_a_fault_that_makes_no_sense_is_told_on_standard_error(bundle: Emulator) -> None:
    """The functions pass none of a host's words on."""
    answer = generate(bundle, "Run instead [[fault edit-half]]", content="# Plan\n\nWalk.", artifactType="markdown")

    assert answer.json()["code"] == "upstream_error"
    wait_for(lambda: "stand-in: the fault 'edit-half' is about edits, and this request asks for none" in bundle.stderr)
