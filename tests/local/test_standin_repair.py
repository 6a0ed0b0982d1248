"""What the stand-in makes of broken code: it comes back mended, or at least different."""

import ast
from xml.etree import ElementTree as ET

import pytest

from local.standin.calls import ChatCall
from local.standin.examples import examples
from local.standin.faults.contents import invalid
from local.standin.kinds import MIME_TYPES, Kind
from local.standin.repair import mended
from local.standin.replies import Reply, reply_to

HEX = "0123456789abcdef"


def repair_call(code: str, error: str, kind: Kind, *, newline: str = "\n") -> ChatCall:
    parts = [f"<<<code {HEX}", code, f"{HEX} code>>>", "", f"<<<error {HEX}", error, f"{HEX} error>>>"]
    messages = [
        {"role": "system", "content": f"Mend it. Answer with {MIME_TYPES[kind]}."},
        {"role": "user", "content": newline.join(["Please mend this.", *parts, "Thank you."])},
    ]
    return ChatCall.from_body({"model": "m", "messages": messages})


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_repair_request_gets_its_own_code_back(newline: str) -> None:
    call = repair_call("const a = (1;\nlog(a)", "SyntaxError: missing )", Kind.CODE, newline=newline)

    reply = reply_to(call)

    assert reply.content == (
        ' <artifact type="application/vnd.ant.code" title="Mended" language="javascript">\n'
        "const a = (1;\nlog(a))\n</artifact>"
    )


def test_a_directive_may_stand_in_the_error_and_is_not_echoed() -> None:
    call = repair_call("[1, [2[[fault cut]]", "Error [[fault credit]]", Kind.CODE)

    assert call.fault is not None
    assert "fault" not in (reply_to(call).content or "")


def test_parts_that_do_not_belong_together_are_no_repair_request() -> None:
    text = f"<<<code {HEX}\nx\n{HEX} code>>>\n<<<error {HEX[::-1]}\ny\n{HEX[::-1]} error>>>"

    assert ChatCall.from_body({"model": "m", "messages": [{"role": "user", "content": text}]}).breakage is None


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.artifact.title)
def test_what_is_whole_only_gets_a_comment(example: object) -> None:
    """The scan does not see what is not there, in any of the examples."""
    artifact = example.artifact  # type: ignore[attr-defined]

    better = mended(artifact.code, "It looks wrong", artifact.kind, artifact.language)

    added = set(better.split("\n")) - set(artifact.code.split("\n"))
    comment = {"python": "# checked", "javascript": "// checked"}.get(artifact.language or "")
    by_kind = {Kind.REACT: "// checked", Kind.MERMAID: "%% checked"}
    assert added == {comment or by_kind.get(artifact.kind, "<!-- checked -->")}


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.artifact.title)
def test_what_the_fault_invalid_breaks_is_mended(example: object) -> None:
    artifact = example.artifact  # type: ignore[attr-defined]
    broken = invalid(Reply(artifact, reasoning="", content=None)).artifact.code

    better = mended(broken, "Unexpected end of input", artifact.kind, artifact.language)

    if artifact.kind in {Kind.REACT, Kind.CODE, Kind.HTML, Kind.SVG}:
        assert "".join(better.split()) == "".join(artifact.code.split())
    assert better != broken


CASES = [
    pytest.param(Kind.CODE, "javascript", "f(g(1)", "f(g(1))", id="bracket"),
    pytest.param(Kind.CODE, "javascript", "if (a) { b(1 }", "if (a) { b(1 )}", id="in the middle"),
    pytest.param(Kind.CODE, "javascript", "f(1))", "f(1)", id="one too many"),
    pytest.param(Kind.CODE, "javascript", "f('(', \"[\", `{${g(1)}(`", "f('(', \"[\", `{${g(1)}(`)", id="strings"),
    pytest.param(Kind.REACT, None, "const A = () => <p>Hi</div>;", "const A = () => <p>Hi</p>;", id="jsx tag misnamed"),
    pytest.param(Kind.CODE, "javascript", "f(1 // (\n/* [ */", "f(1 // (\n/* [ */)", id="comments"),
    pytest.param(Kind.CODE, "javascript", "const a = `x ${b", "const a = `x ${b}`", id="template"),
    pytest.param(Kind.CODE, "python", "print((1)\nx = 2", "print((1))\nx = 2", id="python bracket"),
    pytest.param(Kind.CODE, "python", "def f(a)\n    return a", "def f(a):\n    return a", id="python colon"),
    pytest.param(
        Kind.REACT, None,
        "export default function A() {\n  return (\n    <ul><li>Don't (</li>\n  );\n}",
        "export default function A() {\n  return (\n    <ul><li>Don't (</li></ul>\n  );\n}",
        id="jsx tag",
    ),
    pytest.param(
        Kind.REACT, None,
        "export default () => <ul>{xs.map((x) => <li key={x}>{x}</li></ul>",
        "export default () => <ul>{xs.map((x) => <li key={x}>{x}</li>)}</ul>",
        id="jsx brackets",
    ),
    pytest.param(
        Kind.REACT, None, "const A = () => <b title={'a'", "const A = () => <b title={'a'} />", id="jsx attribute"
    ),
    pytest.param(
        Kind.REACT, None,
        "const [a] = useState<number>(0); useEffect(() => {}, []);",
        "import { useState, useEffect } from 'react';\nconst [a] = useState<number>(0); useEffect(() => {}, []);",
        id="hooks",
    ),
    pytest.param(
        Kind.REACT, None,
        'import React, { useMemo } from "react";\nuseMemo(f); useRef(0);',
        "import React, { useMemo, useRef } from 'react';\nuseMemo(f); useRef(0);",
        id="one more hook",
    ),
    pytest.param(
        Kind.REACT, None,
        "const { useState } = React; useState(1)", "// checked\nconst { useState } = React; useState(1)",
        id="hook of React's",
    ),
    pytest.param(Kind.SVG, None, "<svg><g><path d='M0 0'/></svg>", "<svg><g><path d='M0 0'/></g></svg>", id="svg"),
    pytest.param(Kind.SVG, None, '<svg><g/><rect x="1', "<svg><g/>\n</svg>", id="cut svg"),
    pytest.param(
        Kind.HTML, None, "<html><body><br><p>a<script>if (a < b) {", "<html><body><br><p>a<script>if (a < b) {\n"
        "</script>\n</p>\n</body>\n</html>", id="html",
    ),
    pytest.param(Kind.HTML, None, "<p>a</p><!-- b", "<p>a</p><!-- b -->", id="html comment"),
    pytest.param(Kind.MERMAID, None, "flowchart TD\n  A[b --> C", "flowchart TD\n  A[b] --> C", id="mermaid"),
    pytest.param(Kind.MERMAID, None, 'flowchart TD\n  A["b]', 'flowchart TD\n  A["b"]', id="mermaid quote"),
    pytest.param(
        Kind.MERMAID, None, "sequenceDiagram\n  loop x\n  A->>B: y", "sequenceDiagram\n  loop x\n  A->>B: y\nend",
        id="mermaid block",
    ),
    pytest.param(Kind.MARKDOWN, None, "# A\n```js\nb", "# A\n```js\nb\n```", id="fence"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "language", "code", "expected"), CASES)
def test_what_is_open_is_closed(kind: Kind, language: str | None, code: str, expected: str) -> None:
    better = mended(code, "SyntaxError", kind, language)

    assert better == expected
    if kind is Kind.SVG:
        ET.fromstring(better)  # noqa: S314 - our own text
    if language == "python":
        ast.parse(better)


@pytest.mark.parametrize("change", ["a = 2", "a += 2", "a++", "--a"])
def test_a_constant_that_changes_becomes_a_variable(change: str) -> None:
    code = f"const b = 1;\nconst a = b === 1;\n{change};"

    better = mended(code, "TypeError: Assignment to constant variable.", Kind.CODE, "javascript")

    assert better == f"const b = 1;\nlet a = b === 1;\n{change};"


@pytest.mark.parametrize(
    "code", ["f(", "((((", "}{", "<", "</a>", "`${", "'", "<a", '<svg a="', "<!--", "```", "def (:", "\0"]
)
@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("language", ["python", "javascript"])
def test_any_scrap_comes_back_changed(kind: Kind, language: str, code: str) -> None:
    assert mended(code, "", kind, language) != code
