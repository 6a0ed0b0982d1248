"""Code that came back as a fix."""

import json
from typing import Any

import httpx
import pytest

from shared.artifacts.allowed_imports import AllowedImports
from shared.artifacts.errors import ArtifactFailure, ArtifactInvalid, ArtifactMissing, OtherKind, RevisionUnusable
from shared.artifacts.fix import fix
from shared.artifacts.kinds import Kind
from shared.artifacts.repair_loop import Dependencies, Made
from shared.model_host import Client
from shared.settings import Settings
from tests.support.runs import a_run

CODE = "const a = (1;"
ROWS = "\n".join(f"      <li>Row {number} of the list that is shown</li>" for number in range(12))
COMPONENT = f"export default function App() {{\n  return (\n    <ul>\n{ROWS}\n    </ul>\n  );\n}}"
ELSE = COMPONENT.replace("Row 3 of", "The third row of")


def tagged(code: str, kind: str = "react") -> str:
    return f'<artifact type="{kind}" title="A">\n{code}\n</artifact>'


def fixed(content: str, *answers: str, kind: Kind = Kind.REACT, sent: list[Any] | None = None) -> Made:
    """What comes of the content when the model answers so."""
    script = list(answers)

    def answer(request: httpx.Request) -> httpx.Response:
        (sent if sent is not None else []).append(json.loads(request.content))
        body = {"choices": [{"message": {"content": script.pop(0)}, "finish_reason": "stop"}]}
        return httpx.Response(200, json=body)

    http = httpx.Client(transport=httpx.MockTransport(answer))
    host = Client.of(Settings.model_validate({"openrouter_k2t_key": "k"}), http=http)
    return fix(Dependencies(host, AllowedImports(["react"])), a_run(5), content, kind, "missing )")


@pytest.mark.parametrize("content", [CODE, f'<artifact type="code" title="A">\n{CODE}\n</artifact>'])
@pytest.mark.parametrize("answer", [f"```js\n{CODE}\n```", f"{CODE}  \n\n"])
def test_code_that_comes_back_as_it_was_is_no_fix(content: str, answer: str) -> None:
    with pytest.raises(RevisionUnusable, match="unchanged"):
        fixed(content, answer, answer, kind=Kind.CODE)


def test_changed_code_is_one() -> None:
    assert (
        fixed(CODE, '<artifact type="code">const a = (1);</artifact>', kind=Kind.CODE).artifact.code == "const a = (1);"
    )


def test_a_component_that_was_sent_in_a_fence_is_in_no_other_language() -> None:
    assert fixed(f"```jsx\n{COMPONENT}\n```", tagged(ELSE)).artifact.code == ELSE


BAD = {
    "unchanged": (COMPONENT, "unchanged"),
    "elided": (COMPONENT.replace(ROWS, "      {/* ... rest of the rows unchanged ... */}"), "leaves out"),
    "gutted": ("export default function App() {\n  return <ul />;\n}", "most of the code"),
}


@pytest.mark.parametrize(("answer", "why"), BAD.values(), ids=BAD.keys())
def test_what_is_no_fix_is_sent_back_once_and_then_refused(answer: str, why: str) -> None:
    sent: list[Any] = []

    with pytest.raises(RevisionUnusable, match=why):
        fixed(COMPONENT, tagged(answer), tagged(answer), sent=sent)

    assert len(sent) == 2
    assert why in sent[1]["messages"][-1]["content"]


def test_what_is_gone_beside_a_new_comment_is_named() -> None:
    """The comment might be a heading, if the handler were not gone."""
    handler = '  const handleReset = () => {\n    alert("reset");\n  };\n'
    before = COMPONENT.replace("  return", f"{handler}  return")
    after = COMPONENT.replace("  return", "  // Other handlers\n  return").replace("Row 3 of", "The third row of")

    with pytest.raises(RevisionUnusable, match="it has lost `handleReset`, with a comment in its place"):
        fixed(before, tagged(after), tagged(after))


def test_a_better_one_the_second_time_is_taken() -> None:
    assert fixed(COMPONENT, tagged(COMPONENT), tagged(ELSE)).artifact.code == ELSE


def test_a_default_export_is_kept() -> None:
    before = "export default function go() {\n  return (1;\n}"
    after = before.replace("export default ", "").replace("(1", "1")

    with pytest.raises(RevisionUnusable, match="default export"):
        fixed(before, *[f"```js\n{after}\n```"] * 2, kind=Kind.CODE)
    assert fixed(before, f"```js\n{after}\nexport {{ go as default }};\n```", kind=Kind.CODE)


SORRY = "I'm sorry, I can't help with that."
PYTHON = "def f(:\n  return 1\n\nprint(f())"


@pytest.mark.parametrize(
    ("content", "kind", "answer"),
    [
        (PYTHON, Kind.CODE, SORRY),
        (PYTHON, Kind.CODE, f"{PYTHON.replace('(:', '():')}\n\nI closed the parenthesis."),
        (PYTHON, Kind.CODE, f"Here it is:\n\n{PYTHON.replace('(:', '():')}"),
        ("# T\n\n```js\nx", Kind.MARKDOWN, SORRY),
        ("# T\n\n```js\nx", Kind.MARKDOWN, "Here is the document:\n\n# T\n\n```js\nx\n```"),
    ],
    ids=["sorry", "afterword", "foreword", "document-sorry", "document-foreword"],
)
def test_a_sentence_is_no_fix(content: str, kind: Kind, answer: str) -> None:
    """Where neither tag nor fence says that it is code."""
    with pytest.raises(ArtifactMissing):
        fixed(content, answer, answer, kind=kind)


@pytest.mark.parametrize(
    ("content", "kind", "answer"),
    [
        ("def f():\n  return (1\n\nprint(f())", Kind.CODE, "def f():\n  return (1)\n\nprint(f())"),
        ("```python\nx = (1\n```", Kind.CODE, "x = (1)"),
        ("# T\n\n- a\n- b\n\nEnd.", Kind.MARKDOWN, "# T\n\n- a\n- c\n\nEnd."),
    ],
    ids=["begins-and-ends-alike", "known-language", "document"],
)
def test_bare_code_is_one(content: str, kind: Kind, answer: str) -> None:
    assert fixed(content, answer, kind=kind).artifact.code == answer


def test_the_language_of_the_code_that_was_sent_is_remembered() -> None:
    """An answer that does not say its language is checked all the same."""
    content = f'<artifact type="code" language="Python 3">\n{PYTHON}\n</artifact>'

    with pytest.raises(ArtifactInvalid, match="not Python"):
        fixed(content, *[tagged(f"{PYTHON} ", "code").replace("return 1", "return 2")] * 2, kind=Kind.CODE)
    with pytest.raises(RevisionUnusable, match="another language"):
        fixed(content, *["```js\nconst f = () => 1;\n```"] * 2, kind=Kind.CODE)


def test_blank_lines_mean_something_in_a_document() -> None:
    before = "# T\n| a |\n|---|\n| 1 |"

    assert fixed(before, tagged(before.replace("T\n", "T\n\n"), "text/markdown"), kind=Kind.MARKDOWN)


def test_a_page_in_part_is_fixed_in_part() -> None:
    before = "<div>\n<script>let a = (1;</script>\n</div>"
    after = before.replace("(1", "1")

    assert fixed(before, tagged(after, "text/html"), kind=Kind.HTML).artifact.code == after
    with pytest.raises(ArtifactFailure):
        fixed(before, *[tagged(before.replace("(1", "((1"), "text/html")] * 2, kind=Kind.HTML)


PAGE = "<!DOCTYPE html>\n<html><body><p>a</p></body></html>"


def test_code_that_is_plainly_of_another_kind_is_fixed_as_what_it_is() -> None:
    sent: list[Any] = []

    found = fixed(PAGE, tagged(PAGE.replace(">a<", ">b<"), "text/html"), kind=Kind.REACT, sent=sent)

    assert (found.artifact.kind, found.warnings) == (Kind.HTML, ("kind_corrected",))
    assert "exactly one artifact of the type text/html" in sent[0]["messages"][1]["content"]


@pytest.mark.parametrize(
    ("content", "kind", "answer"),
    [
        (COMPONENT, Kind.REACT, tagged(PAGE, "text/html")),
        (COMPONENT, Kind.REACT, tagged(PAGE, "react")),
        (COMPONENT, Kind.REACT, f"```html\n{PAGE}\n```"),
        (COMPONENT, Kind.REACT, PAGE),
        (PAGE, Kind.REACT, tagged(COMPONENT)),
        (PAGE, Kind.HTML, tagged(COMPONENT, "html")),
    ],
    ids=["tagged", "tagged-wrongly", "in-a-fence", "bare", "as-it-was-labelled", "the-other-way-round"],
)
def test_a_fix_of_another_kind_is_sent_back_once_and_then_refused(content: str, kind: Kind, answer: str) -> None:
    sent: list[Any] = []

    with pytest.raises(OtherKind) as raised:
        fixed(content, answer, answer, kind=kind, sent=sent)

    assert len(sent) == 2
    assert "was asked for" in sent[1]["messages"][-1]["content"]
    assert raised.value.code == "artifact_invalid"
    assert raised.value.draft.code in answer


def test_a_fix_of_another_kind_that_is_mended_is_taken() -> None:
    found = fixed(COMPONENT, tagged(PAGE, "text/html"), tagged(ELSE))

    assert (found.artifact.kind, found.artifact.code, found.warnings) == (Kind.REACT, ELSE, ())


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


@pytest.mark.parametrize(
    ("content", "advice"), [("const a = 1;", "keep it"), (CODE, "Try again")], ids=["parses", "broken"]
)
def test_code_that_names_no_language_is_read_in_that_of_the_fix(content: str, advice: str) -> None:
    with pytest.raises(ArtifactInvalid, match=advice):
        fixed(content, *["```js\nconst b = (1;\n```"] * 2, kind=Kind.CODE)


def test_the_output_budget_grows_with_the_code() -> None:
    sent: list[Any] = []
    long = COMPONENT.replace(ROWS, "\n".join([ROWS] * 60))

    with pytest.raises(ArtifactFailure):
        fixed(long, "", "", sent=sent)

    assert sent[0]["max_tokens"] == 32_000 + len(long) // 3
