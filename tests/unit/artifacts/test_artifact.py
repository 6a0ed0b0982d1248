"""What an artifact is made of: its kind, its language, and the form that it is written out in."""

import pytest

from shared.artifacts.artifact import Artifact
from shared.artifacts.extraction import extract
from shared.artifacts.kinds import Kind

COMPONENT = "export default function App() {\n  return <p>a</p>;\n}"
PAGE = "<!DOCTYPE html>\n<html><body>a</body></html>"


def made(body: str, attributes: str) -> str:
    return f"<artifact {attributes}>{body}</artifact>"


@pytest.mark.parametrize(
    ("attributes", "body", "requested", "kind", "warnings"),
    [
        pytest.param("type=text/html", "a", None, Kind.HTML, (), id="a-mime-type"),
        pytest.param("kind=SVG", "a", None, Kind.SVG, (), id="a-kind"),
        pytest.param("type=react", PAGE, None, Kind.HTML, ("kind_corrected",), id="plainly-wrong"),
        pytest.param("type=react", PAGE, Kind.REACT, Kind.HTML, ("kind_corrected",), id="even-if-requested"),
        pytest.param("type=code language=html", PAGE, None, Kind.CODE, (), id="html-as-code"),
        pytest.param("type=code", PAGE, Kind.HTML, Kind.HTML, ("kind_corrected",), id="html-as-code-but-requested"),
        pytest.param("type=lwc", "a", None, Kind.CODE, (), id="unknown"),
        pytest.param("type=lwc", PAGE, None, Kind.CODE, (), id="unknown-and-plain"),
        pytest.param(
            "type=text/jsx", COMPONENT, Kind.REACT, Kind.REACT, ("kind_corrected",), id="unknown-but-requested"
        ),
        pytest.param("title=x", "a", None, Kind.CODE, (), id="none"),
        pytest.param("title=x", "a", Kind.HTML, Kind.HTML, (), id="none-but-one-requested"),
        pytest.param("title=x", COMPONENT, None, Kind.REACT, (), id="none-and-plain"),
        pytest.param("title=x", PAGE, Kind.REACT, Kind.HTML, (), id="none-and-plainly-another"),
    ],
)
def test_the_kind_is_the_declared_one_unless_the_code_is_plainly_of_another(
    attributes: str, body: str, requested: Kind | None, kind: Kind, warnings: tuple[str, ...]
) -> None:
    found = extract(made(body, attributes), requested=requested)

    assert (found.artifact.kind, found.warnings) == (kind, warnings)


@pytest.mark.parametrize(
    ("attributes", "body", "language"),
    [
        pytest.param('type=code language=" Python "', "a", "python", id="of-the-tag"),
        pytest.param("type=code", "```Rust\na\n```", "rust", id="of-the-fence"),
        pytest.param("type=code language=c", "```cpp\na\n```", "c", id="of-the-tag-first"),
        pytest.param("type=code", "```\na\n```", None, id="of-neither"),
        pytest.param("type=html language=html", "a", None, id="only-code-has-one"),
    ],
)
def test_code_has_the_language_of_its_tag_or_of_its_fence(attributes: str, body: str, language: str | None) -> None:
    assert extract(made(body, attributes)).artifact.language == language


@pytest.mark.parametrize(
    ("artifact", "written"),
    [
        (Artifact(Kind.SVG, "A", None, "<svg/>"), '<artifact type="image/svg+xml" title="A">\n<svg/>\n</artifact>'),
        (
            Artifact(Kind.CODE, "A", "c++", "a"),
            '<artifact type="application/vnd.ant.code" title="A" language="c++">\na\n</artifact>',
        ),
        (
            Artifact(Kind.HTML, "a & <b> \"c\" 'd'\ne", "html", "&amp;"),
            '<artifact type="text/html" title="a &amp; &lt;b&gt; &quot;c&quot; \'d\' e">\n&amp;\n</artifact>',
        ),
    ],
    ids=["plain", "with-a-language", "escaped"],
)
def test_an_artifact_is_written_out_in_canonical_form(artifact: Artifact, written: str) -> None:
    assert artifact.canonical == written


@pytest.mark.parametrize(
    ("type_", "language"),
    [
        ("text/x-python", "python"),
        ("python", "python"),
        ("application/json", "json"),
        ("application/octet-stream", None),
    ],
)
def test_an_unknown_kind_may_be_a_language(type_: str, language: str | None) -> None:
    artifact = extract(f'<artifact type="{type_}">\n1\n</artifact>').artifact

    assert (artifact.kind, artifact.language) == (Kind.CODE, language)
