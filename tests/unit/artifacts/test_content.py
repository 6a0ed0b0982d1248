"""What a caller sends to be changed: of which kind it is, and what of it is code."""

from typing import Any

import pytest

from shared.artifacts.artifact import Artifact
from shared.artifacts.extraction import artifact_to_fix, given_artifact, unwrap
from shared.artifacts.kinds import Kind
from shared.artifacts.requests import GenerateRequest
from shared.errors import InvalidRequest

COMPONENT = "export default function App() {\n  return <p>a</p>;\n}"
PAGE = "<!DOCTYPE html>\n<html><head><title>Shop &amp; more</title></head><body>a</body></html>"
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg"><circle r="3"/></svg>'
DIAGRAM = "flowchart TD\n  a --> b"


def tagged(code: str, kind: str, rest: str = ' title="A &quot;b&quot;"') -> str:
    return f'<artifact type="{kind}"{rest}>\n{code}\n</artifact>'


NAMED = {
    "bare-react": (COMPONENT, None, Kind.REACT),
    "bare-html": (PAGE, None, Kind.HTML),
    "bare-svg": (DRAWING, None, Kind.SVG),
    "bare-mermaid": (DIAGRAM, None, Kind.MERMAID),
    "bare-and-named": ("# A heading", Kind.MARKDOWN, Kind.MARKDOWN),
    "python-and-named": ("a = 1", Kind.CODE, Kind.CODE),
    "a-page-as-code": (PAGE, Kind.CODE, Kind.CODE),
    "a-page-that-is-to-be-react": (PAGE, Kind.REACT, Kind.HTML),
    "a-part-of-a-page": ("<p>a</p>", Kind.HTML, Kind.HTML),
    "tag": (tagged("# A", "text/markdown"), None, Kind.MARKDOWN),
    "tag-and-another-kind": (tagged("# A", "text/markdown"), Kind.HTML, Kind.MARKDOWN),
    "tag-of-a-page-that-is-to-be-code": (tagged(PAGE, "text/html"), Kind.CODE, Kind.HTML),
    "tag-of-code": (tagged("a = 1", "code", ' language="python"'), None, Kind.CODE),
    "tag-of-code-for-a-component": (tagged(COMPONENT, "code"), Kind.REACT, Kind.REACT),
    "tag-that-is-wrong": (tagged(PAGE, "application/vnd.ant.react"), None, Kind.HTML),
    "tag-of-no-kind": (tagged("a = 1", "text/x-python"), None, Kind.CODE),
    "tag-without-type": (tagged(DRAWING, "").replace(' type=""', ""), None, Kind.SVG),
    "fence-of-markdown": ("```markdown\n# A\n```", None, Kind.MARKDOWN),
    "fence-of-python": ("```python\na = 1\n```", None, Kind.CODE),
    "fence-of-markdown-that-is-to-be-a-page": ("```markdown\n# A\n```", Kind.HTML, Kind.MARKDOWN),
    "fence-of-markdown-that-is-to-be-code": ("```markdown\n# A\n```", Kind.CODE, Kind.CODE),
    "fence-of-a-part-of-a-page": ("```html\n<p>a</p>\n```", Kind.HTML, Kind.HTML),
    "fence-of-python-in-a-document": ("```python\na = 1\n```", Kind.MARKDOWN, Kind.MARKDOWN),
    "fence-of-a-script": ("```js\nconst a = 1;\n```", None, Kind.CODE),
    "fence-of-a-component": (f"```jsx\n{COMPONENT}\n```", None, Kind.REACT),
}


@pytest.mark.parametrize(("content", "wanted", "kind"), NAMED.values(), ids=NAMED.keys())
def test_content_is_of_the_kind_that_it_names_or_plainly_is(content: str, wanted: Kind | None, kind: Kind) -> None:
    given = given_artifact(content, wanted)

    assert given
    assert given.kind is kind
    assert given.code == unwrap(content, wanted).code


@pytest.mark.parametrize("content", ["# A heading", "a = 1", "const a = 1;", "Hello", "<p>a</p>", "```\na\n```"])
def test_content_that_is_not_plainly_of_a_kind_needs_one(content: str) -> None:
    with pytest.raises(InvalidRequest, match="`artifactType` is missing, and `content` is not plainly") as raised:
        GenerateRequest.read({"prompt": "Make it blue", "content": content})

    assert raised.value.field == "artifactType"


WRONG: dict[str, tuple[Any, str]] = {
    "empty": ("", "must not be empty"),
    "blank": (" \n", "must hold code"),
    "an-empty-tag": ("<artifact type='svg'>\n</artifact>", "must hold code"),
    "too-long": ("a" * 50_001, "must have at most 50,000 characters"),
    "a-number": (3, "must be a string"),
    "nul": ("a\0", "must not hold a NUL character"),
}


@pytest.mark.parametrize(("content", "said"), WRONG.values(), ids=WRONG.keys())
def test_content_that_cannot_be_changed_is_named(content: Any, said: str) -> None:
    with pytest.raises(InvalidRequest, match=said) as raised:
        GenerateRequest.read({"prompt": "Make it blue", "content": content, "artifactType": "svg"})

    assert raised.value.field == "content"


def test_the_longest_content_is_taken() -> None:
    assert GenerateRequest.read({"prompt": "a", "content": "a" * 50_000, "artifactType": "code"}).content


TITLES = {
    "of-the-tag": (tagged(DRAWING, "svg"), 'A "b"'),
    "of-the-component": (COMPONENT, "App"),
    "of-the-page": (PAGE, "Shop & more"),
    "of-the-page-in-a-tag-without-one": (tagged(PAGE, "html", ""), "Shop & more"),
    "none": (DIAGRAM, "Untitled"),
}


@pytest.mark.parametrize(("content", "title"), TITLES.values(), ids=TITLES.keys())
def test_a_change_keeps_the_title(content: str, title: str) -> None:
    given = given_artifact(content, None)

    assert given
    assert given.title == title


EXAMPLES = 'a = \'<artifact type="text/html" title="A">a</artifact>\''
ROUND = {
    "react": Artifact(Kind.REACT, "A", None, COMPONENT),
    "html": Artifact(Kind.HTML, "A", None, PAGE),
    "markdown-of-one-block": Artifact(Kind.MARKDOWN, "A", None, "```python\na = 1\n```"),
    "indented": Artifact(Kind.CODE, "A", "python", "    a = 1\n\n    b = 2"),
    "a-tag-in-a-string": Artifact(Kind.CODE, "A", "python", f"{EXAMPLES}\nb = 1"),
    "tags-in-strings": Artifact(Kind.CODE, "A", "python", f"{EXAMPLES}\n{EXAMPLES}\nb = 1"),
    "a-document-about-tags": Artifact(Kind.MARKDOWN, "A", None, f"# A\n\n{EXAMPLES}\n\n{EXAMPLES}\n\nEnd"),
}


@pytest.mark.parametrize("made", ROUND.values(), ids=ROUND.keys())
def test_what_was_given_can_be_sent_as_it_is(made: Artifact) -> None:
    """In either form: the base of a change is then the version that was given."""
    assert given_artifact(made.canonical, None) == made
    bare = given_artifact(made.code, made.kind)
    assert bare
    assert (bare.kind, bare.version) == (made.kind, made.version)
    assert artifact_to_fix(made.canonical, made.kind) == made
    assert artifact_to_fix(made.code, made.kind).version == made.version


def test_of_two_artifacts_the_first_is_meant() -> None:
    given = given_artifact(f"{tagged(DRAWING, 'svg')}\n{tagged(PAGE, 'html')}", None)

    assert given
    assert given.code == DRAWING


@pytest.mark.parametrize(
    ("content", "language"),
    [
        (f"```jsx\n{COMPONENT}\n```", None),
        (tagged(COMPONENT, "react", ' language="tsx"'), None),
        ("```python\na = 1\n```", "python"),
        (tagged("a = 1", "text/x-python"), "python"),
    ],
    ids=["fence-of-a-component", "tag-of-a-component", "fence", "kind-of-the-tag"],
)
def test_only_code_has_a_language(content: str, language: str | None) -> None:
    given = given_artifact(content, None)

    assert given
    assert given.language == language


@pytest.mark.parametrize(
    "content", ["\r\n\r\n  a\r\n\tb\r\n", tagged("  a\r\n\tb\r\n\r\n", "code"), "```\n  a\n\tb\n```"]
)
def test_a_version_is_that_of_the_bare_code_with_line_feeds(content: str) -> None:
    r"""`printf '  a\n\tb' | sha256sum`; a lone surrogate is no reason to fail."""
    given = given_artifact(content, Kind.CODE)

    assert given
    assert given.version == "feec75f6cda82f54735e973d903e699b5ca3b2b49524d9d25dc57cf46560b79b"
    assert given._replace(code="\ud83d").version


def test_what_was_asked_for_is_on_the_cost_line() -> None:
    change = GenerateRequest.read({"prompt": "blue", "content": DRAWING})
    conversion = GenerateRequest.read({"prompt": "blue", "content": DRAWING, "artifactType": "react"})

    assert (change.facts.artifact_type, change.facts.prompt_chars) == ("svg", len(DRAWING) + 4)
    assert conversion.facts.artifact_type == "react"
    assert change.identity != GenerateRequest.read({"prompt": "blue"}).identity
