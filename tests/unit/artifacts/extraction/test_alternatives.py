"""What else an answer may mean, before another call is paid for."""

import pytest

from shared.artifacts.allowed_imports import AllowedImports
from shared.artifacts.artifact import Extraction
from shared.artifacts.errors import ArtifactFailure, ArtifactInvalid, ArtifactMissing, ArtifactTruncated, OtherKind
from shared.artifacts.extraction import find_usable
from shared.artifacts.kinds import Kind
from shared.artifacts.validation import Checker, validate
from shared.deadline import Deadline

COMPONENT = """\
import { useState } from "react";

export default function App() {
  const [count, setCount] = useState(0);
  return <p onClick={() => setCount(count + 1)}>{count}</p>;
}"""
OTHER = COMPONENT.replace("App", "Other")
BROKEN = COMPONENT[:-1]
PAGE = "<!DOCTYPE html>\n<html><head><title>x</title></head><body><p>hi</p></body></html>"
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle r="3"/></svg>'
DIAGRAM = "flowchart TD\n  a-->b"


def tag(kind: str, code: str, title: str = "A") -> str:
    return f'<artifact type="{kind}" title="{title}">\n{code}\n</artifact>'


def fence(language: str, code: str) -> str:
    return f"```{language}\n{code}\n```"


def usable(text: str, kind: Kind | None, *, truncated: bool = False) -> Extraction:
    checker = Checker(AllowedImports(["react"]), Deadline(60))

    def accept(found: Extraction) -> Extraction:
        made = validate(found, checker, truncated=truncated)
        if kind and made.artifact.kind is not kind:
            raise OtherKind(made.artifact, kind, usable=made)
        return made

    return find_usable(text, kind, accept, truncated=truncated)


INSTALL = f"First install it:\n{fence('bash', 'npm install react')}\nThen use it:\n"
ONE_READING = {
    "a-page-behind-a-component": (tag("react", f"{COMPONENT}\n\n{PAGE}"), Kind.REACT, COMPONENT, ("trimmed",)),
    "the-same-and-no-kind-asked-for": (tag("react", f"{COMPONENT}\n\n{PAGE}"), None, COMPONENT, ("trimmed",)),
    "two-fences-one-of-the-kind": (
        INSTALL + fence("jsx", COMPONENT), Kind.REACT, COMPONENT, ("untagged", "trimmed")),
    "two-fences-one-plainly-an-artifact": (
        INSTALL + fence("jsx", COMPONENT), None, COMPONENT, ("untagged", "trimmed")),
    "two-fences-one-broken": (
        fence("jsx", BROKEN) + "\nRather:\n" + fence("jsx", OTHER), Kind.REACT, OTHER, ("untagged", "trimmed")),
    "two-fences-of-data": (
        fence("json", "{a: 1}") + "\n" + fence("json", '{"a": 1}'), Kind.CODE, '{"a": 1}', ("untagged", "trimmed")),
    "a-document-of-prose-and-a-fence": (
        f"How to install it:\n\n{fence('bash', 'npm i')}\n\nThat is all.", Kind.MARKDOWN,
        f"How to install it:\n\n{fence('bash', 'npm i')}\n\nThat is all.", ("untagged",)),
    "quotes-in-a-title": (tag("react", COMPONENT, 'The "Best" App'), Kind.REACT, COMPONENT, ("mended",)),
    "quotes-in-a-title-that-comes-first": (
        f'<artifact title="The "Best" App" type="react">\n{COMPONENT}\n</artifact>', None, COMPONENT, ("mended",)),
    "a-fence-round-the-tag": (fence("html", tag("html", PAGE)), Kind.HTML, PAGE, ()),
    "a-fence-round-the-tag-is-not-closed": (f"```html\n{tag('html', PAGE)}", Kind.HTML, PAGE, ()),
    "a-fence-round-the-tag-closes-inside": (
        f'```\n<artifact type="react" title="A">\n{COMPONENT}\n```\n</artifact>', Kind.REACT, COMPONENT, ("trimmed",)),
    "a-fenced-tag-behind-a-recited-one": (
        f"In a {tag('react', '…')} as asked for:\n{fence('xml', tag('react', COMPONENT))}", Kind.REACT, COMPONENT,
        ("several_artifacts",)),
    "two-fenced-tags-one-broken": (
        fence("xml", tag("react", BROKEN)) + "\n" + fence("xml", tag("react", OTHER)), Kind.REACT, OTHER,
        ("several_artifacts",)),
    "several-artifacts-the-first-broken": (
        tag("react", BROKEN) + tag("react", OTHER) + tag("markdown", "# A"), Kind.REACT, OTHER,
        ("several_artifacts",)),
    "prose-round-a-component": (
        tag("react", f"Here it is:\n\n{COMPONENT}\n\nIt counts clicks."), Kind.REACT, COMPONENT, ("trimmed",)),
    "a-fence-that-was-never-opened": (
        tag("react", f"{COMPONENT}\n```\n\nIt counts clicks."), Kind.REACT, COMPONENT, ("trimmed",)),
    "prose-round-a-drawing": (tag("svg", f"So:\n{DRAWING}\n\nA circle."), Kind.SVG, DRAWING, ("trimmed",)),
    "prose-behind-a-page": (tag("html", f"{PAGE}\n\nI hope that it helps."), Kind.HTML, PAGE, ("trimmed",)),
    "a-fence-behind-a-page": (tag("html", f"{PAGE}\n```"), Kind.HTML, PAGE, ("trimmed",)),
    "prose-before-a-diagram": (tag("mermaid", f"So:\n{DIAGRAM}"), Kind.MERMAID, DIAGRAM, ("trimmed",)),
    "a-diagram-in-a-document": (
        tag("markdown", f"# Flow\n{fence('mermaid', DIAGRAM)}"), Kind.MERMAID, DIAGRAM, ("trimmed",)),
    "fences-in-a-tag-one-in-its-language": (
        f'<artifact type="code" language="python" title="A">\n{INSTALL}{fence("python", "print(1)")}\n</artifact>',
        Kind.CODE, "print(1)", ("trimmed",)),
}  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "code", "warnings"), ONE_READING.values(), ids=ONE_READING.keys())
def test_the_one_reading_that_can_be_rendered_is_taken(
    text: str, kind: Kind | None, code: str, warnings: tuple[str, ...]
) -> None:
    found = usable(text, kind)

    assert (found.artifact.code, found.warnings) == (code, warnings)


def test_a_title_keeps_its_quotes() -> None:
    assert usable(tag("react", COMPONENT, 'The "Best" App'), None).artifact.title == 'The "Best" App'
    assert (
        usable(f"<artifact type='svg' title='It's \"x\"'>\n{DRAWING}\n</artifact>", None).artifact.title == 'It\'s "x"'
    )


NO_READING = {
    "two-components": (fence("jsx", COMPONENT) + "\nOr:\n" + fence("jsx", OTHER), Kind.REACT, ArtifactMissing),
    "two-components-in-a-tag": (
        tag("react", fence("jsx", COMPONENT) + "\nOr:\n" + fence("jsx", OTHER)), Kind.REACT, ArtifactInvalid),
    "a-page-in-two-parts": (fence("html", "<p>a</p>") + "\n" + fence("css", "p {}"), Kind.HTML, ArtifactMissing),
    "a-command-and-a-script": (INSTALL + fence("python", "print(1)"), Kind.CODE, ArtifactMissing),
    "two-broken-artifacts": (tag("react", BROKEN) + tag("react", BROKEN[:-1]), Kind.REACT, ArtifactInvalid),
    "nothing-but-prose": ("I cannot do that.", Kind.MARKDOWN, ArtifactMissing),
    "code-that-is-broken": (tag("react", BROKEN), Kind.REACT, ArtifactInvalid),
    "no-closing-tag": (tag("react", COMPONENT).removesuffix("</artifact>"), Kind.REACT, ArtifactTruncated),
    "another-kind": (tag("html", PAGE), Kind.SVG, OtherKind),
    "another-kind-without-a-tag": (PAGE, Kind.SVG, OtherKind),
    "another-kind-in-a-fence": (f"So:\n{fence('jsx', COMPONENT)}", Kind.HTML, OtherKind),
}  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "failure"), NO_READING.values(), ids=NO_READING.keys())
def test_nobody_guesses(text: str, kind: Kind, failure: type[ArtifactFailure]) -> None:
    with pytest.raises(ArtifactFailure) as raised:
        usable(text, kind)

    assert type(raised.value) is failure


def test_an_answer_that_was_cut_has_no_other_readings() -> None:
    with pytest.raises(ArtifactTruncated):
        usable(tag("react", f"{COMPONENT}\n\n{PAGE}"), Kind.REACT, truncated=True)


def test_code_that_was_asked_for_keeps_its_kind_whatever_the_tag_says() -> None:
    for kind, code, language in (("html", PAGE, "html"), ("react", COMPONENT, "jsx"), ("markdown", "# A", "markdown")):
        found = usable(tag(kind, code), Kind.CODE)

        assert (found.artifact.kind, found.artifact.language) == (Kind.CODE, language)
        assert found.warnings == ("kind_corrected",)


def test_a_script_that_is_closed_like_xml_is_mended_before_the_check() -> None:
    page = PAGE.replace("<p>", '<script src="a.js"/><p>')

    found = usable(tag("html", page), Kind.HTML)

    assert (found.artifact.code, found.warnings) == (page.replace('"a.js"/>', '"a.js"></script>'), ("mended",))
