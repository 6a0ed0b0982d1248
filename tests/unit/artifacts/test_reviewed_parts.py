"""A rebuild that shows no more than a part of what was built is not taken for the whole."""

import json

import pytest

from tests.support.reviewed import CHANGES, PLAN, Reply, Said, Studio, review

GUIDE = "\n\n".join(f"## Part {number}\n\nWords on part {number} that are worth keeping." for number in range(9))
SCRIPT = "\n\n\n".join(f"def part_{number}(value):\n    return value + {number} * len(value)" for number in range(9))


def parts(code: str, first: str, last: str) -> str:
    """Some parts of the code, more than half of it, one of them changed."""
    return code[code.index(first) : code.index(last)].strip().replace("5", "6", 1)


SOME_OF_GUIDE, SOME_OF_SCRIPT = parts(GUIDE, "## Part 2", "## Part 8"), parts(SCRIPT, "def part_2", "def part_8")


def tag(code: str, kind: str) -> str:
    language = ' language="python"' if kind == "code" else ""
    return f'<artifact type="{kind}"{language} title="Parts">\n{code}\n</artifact>'


def rebuilt(kind: str, code: str, answer: str, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """What is given back, and what became of the rebuild."""
    script: dict[str, Reply] = {
        "plan": Said(json.dumps(PLAN)),
        "build": Said(tag(code, kind)),
        "review": Said(review("major")),
        "changes": Said(json.dumps({"changes": CHANGES})),
        "rebuild": Said(answer),
    }
    body = Studio(script, monkeypatch).ask(artifactType=kind).json
    return body["artifact"]["code"], body["review"]["rebuild"]


@pytest.mark.parametrize(
    ("kind", "code", "answer"),
    [
        ("markdown", GUIDE, f"This part is mended:\n\n```markdown\n{SOME_OF_GUIDE}\n```"),
        ("code", SCRIPT, f"```python\n{SOME_OF_SCRIPT}\n```"),
        ("code", SCRIPT, SOME_OF_SCRIPT),
    ],
    ids=["of a document", "of code", "of code, bare"],
)
def test_a_part_without_a_tag_is_no_rebuild(kind: str, code: str, answer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert rebuilt(kind, code, answer, monkeypatch) == (code, "discarded")


@pytest.mark.parametrize(
    ("kind", "code", "form"),
    [("markdown", GUIDE, "```markdown\n{}\n```"), ("code", SCRIPT, "{}")],
    ids=["a fence", "bare"],
)
def test_the_whole_needs_no_tag(kind: str, code: str, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    mended = code.replace("5", "6", 1)

    assert rebuilt(kind, code, form.format(mended), monkeypatch) == (mended, "kept")
