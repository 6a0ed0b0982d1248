"""Code that came back as a fix."""

import json
from typing import Any

import httpx
import pytest

from shared.artifacts.ask import Workshop
from shared.artifacts.errors import ArtifactFailure, ArtifactInvalid, FixUnusable
from shared.artifacts.extract import Extraction
from shared.artifacts.fix import fix
from shared.artifacts.kinds import Kind
from shared.artifacts.syntax.imports import Imports
from shared.costs.ledger import Ledger
from shared.deadline import Deadline
from shared.openrouter import OpenRouter
from shared.settings import Settings

CODE = "const a = (1;"
ROWS = "\n".join(f"      <li>Row {number} of the list that is shown</li>" for number in range(12))
COMPONENT = f"export default function App() {{\n  return (\n    <ul>\n{ROWS}\n    </ul>\n  );\n}}"
ELSE = COMPONENT.replace("Row 3 of", "The third row of")


def tagged(code: str, kind: str = "react") -> str:
    return f'<artifact type="{kind}" title="A">\n{code}\n</artifact>'


def fixed(content: str, *answers: str, kind: Kind = Kind.REACT, sent: list[Any] | None = None) -> Extraction:
    """What comes of the content when the model answers so."""
    script = list(answers)

    def answer(request: httpx.Request) -> httpx.Response:
        (sent if sent is not None else []).append(json.loads(request.content))
        body = {"choices": [{"message": {"content": script.pop(0)}, "finish_reason": "stop"}]}
        return httpx.Response(200, json=body)

    http = httpx.Client(transport=httpx.MockTransport(answer))
    host = OpenRouter(Settings.model_validate({"openrouter_k2t_key": "k"}), http=http)
    ledger = Ledger("generate_artifact_fix", "r-1", lambda *_: None)
    workshop = Workshop(host, Imports(["react"]))
    return fix(workshop, content, kind, "missing )", deadline=Deadline(5), ledger=ledger)


@pytest.mark.parametrize("content", [CODE, f'<artifact type="code" title="A">\n{CODE}\n</artifact>'])
@pytest.mark.parametrize("answer", [f"```js\n{CODE}\n```", f"{CODE}  \n\n"])
def test_code_that_comes_back_as_it_was_is_no_fix(content: str, answer: str) -> None:
    with pytest.raises(FixUnusable, match="unchanged"):
        fixed(content, answer, answer, kind=Kind.CODE)


def test_changed_code_is_one() -> None:
    assert (
        fixed(CODE, '<artifact type="code">const a = (1);</artifact>', kind=Kind.CODE).artifact.code == "const a = (1);"
    )


BAD = {
    "unchanged": (COMPONENT, "unchanged"),
    "elided": (COMPONENT.replace(ROWS, "      {/* ... rest of the rows unchanged ... */}"), "leaves out"),
    "gutted": ("export default function App() {\n  return <ul />;\n}", "most of the code"),
    "another-kind": (f"<!DOCTYPE html>\n<html><body><ul>{ROWS}</ul></body></html>", "html and no longer react"),
}


@pytest.mark.parametrize(("answer", "why"), BAD.values(), ids=BAD.keys())
def test_what_is_no_fix_is_sent_back_once_and_then_refused(answer: str, why: str) -> None:
    sent: list[Any] = []

    with pytest.raises(FixUnusable, match=why):
        fixed(COMPONENT, tagged(answer), tagged(answer), sent=sent)

    assert len(sent) == 2
    assert why in sent[1]["messages"][-1]["content"]


def test_a_better_one_the_second_time_is_taken() -> None:
    assert fixed(COMPONENT, tagged(COMPONENT), tagged(ELSE)).artifact.code == ELSE


def test_a_default_export_is_kept() -> None:
    before = "export default function go() {\n  return (1;\n}"

    with pytest.raises(FixUnusable, match="default export"):
        fixed(before, *[before.replace("export default ", "").replace("(1", "1")] * 2, kind=Kind.CODE)


def test_a_comment_that_was_there_before_is_not_held_against_the_fix() -> None:
    before = COMPONENT.replace("  return", "  // ... rest of the code unchanged\n  return")

    assert fixed(before, tagged(before.replace("Row 3", "Line 3"))).artifact.code


@pytest.mark.parametrize(
    ("content", "advice"),
    [(COMPONENT, "keep it"), (COMPONENT.replace(");", ";"), "Try again")],
    ids=["parses", "broken"],
)
def test_a_fix_that_does_not_parse_is_refused_and_says_if_the_code_sent_did(content: str, advice: str) -> None:
    with pytest.raises(ArtifactInvalid, match=advice):
        fixed(content, *[tagged(ELSE.replace("</ul>", ""))] * 2)


def test_the_output_budget_grows_with_the_code() -> None:
    sent: list[Any] = []
    long = COMPONENT.replace(ROWS, "\n".join([ROWS] * 60))

    with pytest.raises(ArtifactFailure):
        fixed(long, "", "", sent=sent)

    assert sent[0]["max_tokens"] == 32_000 + len(long) // 3
