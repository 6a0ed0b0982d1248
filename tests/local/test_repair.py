"""What the running functions do when the model's answer is of no use: one informed second call, or an honest error."""

from typing import Any

import httpx
import pytest

from shared.artifacts.kinds import Kind
from tests.local.bundle import generate, lines_of
from tests.local.emulator import Emulator

BROKEN = "export default function App() {\n  return <p>{[1, 2].map((n) => <b key={n}>{n}</b>)}</p>;\n"


def fix(running: Emulator, fault: str = "", **fields: Any) -> httpx.Response:
    body = {"content": BROKEN, "type": "react", "errorMessage": f"SyntaxError: Unexpected end {fault}", **fields}
    return running.call(body, "generate-artifact-fix")


def booked(running: Emulator, body: dict[str, Any]) -> tuple[list[str], dict[str, Any]]:
    """What each call of the request was for, and its one cost line."""
    written = lines_of(running, body["requestId"])
    (cost,) = [line for line in written if line["message"] == "cost"]
    return [line["purpose"] for line in written if line["message"] == "attempt"], cost


# What becomes of a fault that stays, and of one that the second call does not have: the code, and what is called.
FAULTS = {
    "invalid": ("artifact_invalid", ["first", "repair"]),
    "elided": ("artifact_invalid", ["first", "repair"]),
    "prose": ("artifact_missing", ["first", "repair"]),
    "two-fences": ("artifact_missing", ["first", "repair"]),
    "blank": ("artifact_missing", ["first", "repair"]),
    "empty": ("artifact_missing", ["first", "repair"]),
    "truncated": ("artifact_truncated", ["first", "extended"]),
    "length": ("artifact_truncated", ["first", "extended"]),
    "reasoning-only": ("artifact_truncated", ["first", "extended"]),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_stays_of_no_use_is_an_honest_error_after_two_calls(bundle: Emulator, fault: str) -> None:
    """Each with a sentence of its own; and both calls are paid for, on one cost line."""
    code, calls = FAULTS[fault]

    body = generate(bundle, f"A list [[fault {fault}]]", artifactType="react").json()

    purposes, cost = booked(bundle, body)
    assert (body["success"], body["code"], body["retryable"]) == (False, code, True)
    assert purposes == calls
    assert (cost["outcome"], cost["attempts"], cost["retries"], cost["cost_source"]) == (code, 2, 0, "reported")
    assert cost["cost_usd"] > 0
    assert not cost["repaired"]


def test_each_failure_has_a_sentence_of_its_own(bundle: Emulator) -> None:
    said = {FAULTS[fault][0]: generate(bundle, f"A list [[fault {fault}]]").json()["error"] for fault in FAULTS}

    assert len(set(said.values())) == len(said) == 3
    assert "line " in said["artifact_invalid"]
    assert "column " in said["artifact_invalid"]


@pytest.mark.parametrize("fault", FAULTS)
def test_what_passes_is_mended_by_the_second_call(bundle: Emulator, fault: str) -> None:
    _, calls = FAULTS[fault]

    body = generate(bundle, f"A list [[fault {fault} times=1]]", artifactType="react").json()

    purposes, cost = booked(bundle, body)
    assert body["success"], body
    assert purposes == calls
    assert body["repaired"] is cost["repaired"] is (calls[-1] == "repair")
    assert (body["attempts"], cost["attempts"], cost["outcome"]) == (2, 2, "ok")
    assert body["costUsd"] == cost["cost_usd"]


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.MARKDOWN])
def test_every_kind_is_checked(bundle: Emulator, kind: Kind) -> None:
    """A document of Markdown cannot be broken."""
    broken = generate(bundle, "Something [[fault invalid]]", artifactType=kind).json()
    mended = generate(bundle, "Something [[fault invalid times=1]]", artifactType=kind).json()

    assert broken["code"] == "artifact_invalid", broken
    assert mended["repaired"], mended


def test_a_refusal_is_final(bundle: Emulator) -> None:
    body = generate(bundle, "A list [[fault refusal]]").json()

    assert (body["code"], body["retryable"]) == ("refused", False)
    assert booked(bundle, body)[0] == ["first"]


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("invalid", "artifact_invalid"),
        ("elided", "fix_unusable"),
        ("prose", "artifact_missing"),
        ("length", "artifact_truncated"),
    ],
)
def test_a_fix_that_stays_of_no_use_is_an_honest_error(bundle: Emulator, fault: str, code: str) -> None:
    body = fix(bundle, f"[[fault {fault}]]").json()

    assert (body["success"], body["code"]) == (False, code), body
    assert len(booked(bundle, body)[0]) == 2


@pytest.mark.parametrize("fault", ["invalid", "elided", "prose", "length"])
def test_a_fix_is_mended_by_the_second_call(bundle: Emulator, fault: str) -> None:
    body = fix(bundle, f"[[fault {fault} times=1]]").json()

    assert body["success"], body
    assert body["attempts"] == 2
    assert body["repaired"] is (fault != "length")


def test_storage_is_a_warning(bundle: Emulator) -> None:
    """The fix is what was sent, but for the brace that is put back."""
    content = BROKEN.replace("  return", "  localStorage.setItem('k', 'v');\n  return")

    body = fix(bundle, """[[edit from="</p>;" to="</p>;\n}"]]""", content=content).json()

    assert body["success"], body
    assert body["fixedCode"] == f"{content}}}"
    assert body["warnings"] == ["uses_storage"]


@pytest.mark.parametrize("kind", Kind)
def test_code_that_nobody_knows_is_answered_by_a_fix_that_is_one(bundle: Emulator, kind: Kind) -> None:
    """Without a model, a fix is another artifact of the kind: not what was sent, and able to be rendered."""
    generated = generate(bundle, "Something", artifactType=kind).json()["artifact"]

    bodies = [
        fix(bundle, content=content, type=kind).json()
        for content in ("nothing that begins like any kind", generated["code"])
    ]

    for body in bodies:
        assert body["success"], body
        assert (body["type"], body["attempts"], body["warnings"]) == (kind, 1, [])
    assert bodies[1]["fixedCode"] != generated["code"]


def test_a_fix_that_keeps_too_little_is_refused_with_its_reason(bundle: Emulator) -> None:
    """What an example cannot stand for: code that is much longer."""
    body = fix(bundle, content=f"{BROKEN}{'const a = 1;' * 2000}").json()

    assert body["code"] == "fix_unusable", body
    assert "most of the code is gone" in body["error"]


def test_an_edit_of_what_is_not_there_is_a_final_error_of_the_host(bundle: Emulator) -> None:
    body = fix(bundle, """[[edit from="nowhere" to="here"]]""").json()

    assert (body["success"], body["code"], body["retryable"]) == (False, "upstream_error", False), body
