"""What is an opening tag, what a closing one, and what an opening one says."""

import pytest

from shared.artifacts.extraction.tags import CLOSE, Tag, read_tag


def read(text: str) -> Tag | None:
    return read_tag(text, 0)


@pytest.mark.parametrize(
    ("text", "attributes"),
    [
        pytest.param('<artifact type="a" title="b">', {"type": "a", "title": "b"}, id="plain"),
        pytest.param('<antArtifact type="a">', {"type": "a"}, id="the-other-name"),
        pytest.param('<ARTIFACT TYPE="a">', {"type": "a"}, id="upper-case"),
        pytest.param('<ANTartifact Type="A">', {"type": "A"}, id="a-value-keeps-its-case"),
        pytest.param('<artifact title="b" x="y" type="a">', {"type": "a", "title": "b", "x": "y"}, id="any-order"),
        pytest.param("<artifact type='a' title='b \"c\"'>", {"type": "a", "title": 'b "c"'}, id="single-quotes"),
        pytest.param("<artifact type=text/html title=b>", {"type": "text/html", "title": "b"}, id="no-quotes"),
        pytest.param("<artifact href=?a=b>", {"href": "?a=b"}, id="no-quotes-and-an-equals-sign"),
        pytest.param('<artifact type = "a" title\t=\t"b" >', {"type": "a", "title": "b"}, id="blanks-round-equals"),
        pytest.param('<artifact\n  type="a"\n  title="b"\n>', {"type": "a", "title": "b"}, id="line-breaks"),
        pytest.param('<artifact title="two\nlines">', {"title": "two\nlines"}, id="a-line-break-in-quotes"),
        pytest.param('<artifact title="A -> B" type="a">', {"title": "A -> B", "type": "a"}, id="gt-in-quotes"),
        pytest.param("<artifact title='<b>' type=a>", {"title": "<b>", "type": "a"}, id="lt-in-quotes"),
        pytest.param('<artifact type="a"title="b">', {"type": "a", "title": "b"}, id="no-blank-between"),
        pytest.param('<artifact type="a" type="b">', {"type": "a"}, id="the-first-of-two-holds"),
        pytest.param('<artifact title="">', {"title": ""}, id="an-empty-value"),
        pytest.param('<artifact hidden type="a">', {"type": "a"}, id="one-without-a-value"),
        pytest.param("<artifact>", {}, id="bare"),
        pytest.param("<artifact  >", {}, id="bare-with-blanks"),
        pytest.param("<artifact tag>", {}, id="a-word-in-a-sentence"),
        pytest.param("<artifact " + "a=b " * 32 + ">", {"a": "b"}, id="as-many-as-there-may-be"),
    ],
)
def test_an_opening_tag_is_read(text: str, attributes: dict[str, str]) -> None:
    assert read(text + "body") == Tag(0, len(text), attributes)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<artifacts>", id="a-longer-name"),
        pytest.param("<artifact-x>", id="a-hyphenated-name"),
        pytest.param("<artifactual type='a'>", id="a-longer-name-with-attributes"),
        pytest.param("<my-artifact type='a'>", id="another-name"),
        pytest.param("< artifact type='a'>", id="a-blank-before-the-name"),
        pytest.param("<artifact/>", id="self-closing"),
        pytest.param('<artifact type="a" />', id="self-closing-with-attributes"),
        pytest.param("<artifact type=a/>", id="self-closing-without-quotes"),
        pytest.param('<artifact title="A>body</artifact>', id="an-unclosed-quote"),
        pytest.param("<artifact title=\"A'>body</artifact>", id="quotes-that-differ"),
        pytest.param('<artifact title="A>\n<p class="b">c</p></artifact>', id="a-quote-closed-in-the-body"),
        pytest.param('<artifact title="A>He said "so > then</artifact>', id="a-quote-closed-in-prose"),
        pytest.param('<artifact title="A "quoted" word">', id="quotes-in-quotes"),
        pytest.param('<artifact "a">', id="a-stray-quote"),
        pytest.param("<artifact = >", id="a-stray-equals-sign"),
        pytest.param("<artifact type= >", id="a-missing-value"),
        pytest.param("<artifact type=<b>>", id="lt-without-quotes"),
        pytest.param("<artifact type='a' <b>", id="lt-between"),
        pytest.param("<artifact", id="nothing-after-the-name"),
        pytest.param("<artifact " + "a=b " * 33 + ">", id="too-many-attributes"),
        pytest.param("<artifact and then it ended", id="a-sentence-to-the-end"),
    ],
)
def test_what_only_looks_like_an_opening_tag_is_none(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<artifact ", id="behind-the-name"),
        pytest.param("<artifact typ", id="in-a-name"),
        pytest.param("<artifact type", id="behind-a-name"),
        pytest.param("<artifact type =", id="behind-an-equals-sign"),
        pytest.param('<artifact type="text/htm', id="in-double-quotes"),
        pytest.param("<artifact title='a > b\n", id="in-single-quotes"),
        pytest.param('<artifact type="a" ', id="behind-a-value"),
        pytest.param("<artifact type=a", id="in-a-value-without-quotes"),
    ],
)
def test_a_tag_that_the_end_cuts_off_begins_an_artifact_without_a_body(text: str) -> None:
    tag = read(text)

    assert tag
    assert tag.end == len(text)


@pytest.mark.parametrize(
    ("text", "closes"),
    [
        ("</artifact>", True),
        ("</ARTIFACT>", True),
        ("</antArtifact>", True),
        ("</ artifact >", True),
        ("</\n\tartifact\n>", True),
        ("</artifacts>", False),
        ("</artifact-x>", False),
        ("</my-artifact>", False),
        ("</artifact", False),
        ("</artifact x>", False),
        ("<artifact/>", False),
    ],
)
def test_a_closing_tag_may_have_any_case_and_inner_blanks(text: str, closes: bool) -> None:
    assert bool(CLOSE.fullmatch(text)) is closes


@pytest.mark.parametrize(
    ("attributes", "name"),
    [
        ('type="svg"', "svg"),
        ('kind="svg"', "svg"),
        ('kind="html" type="svg"', "svg"),
        ('type="" kind="svg"', "svg"),
        ('type=" svg "', "svg"),
        ('data-kind="svg"', ""),
        ('data-type="svg" title="x"', ""),
    ],
)
def test_the_kind_is_the_type_or_else_the_kind(attributes: str, name: str) -> None:
    tag = read(f"<artifact {attributes}>")

    assert tag
    assert tag.kind_name == name


@pytest.mark.parametrize(
    ("value", "title"),
    [
        ("A &amp; B", "A & B"),
        ("&lt;b&gt; &quot;x&quot; &#39;y&#x27;", "<b> \"x\" 'y'"),
        ("&amp;lt;", "&lt;"),
        ("R&D", "R&D"),
        ("two\nlines", "two lines"),
        ("two&#10;lines", "two lines"),
        ("  padded ", "padded"),
        ("a  b", "a  b"),
        ("", "Untitled"),
        (" \n ", "Untitled"),
        ("睡觉的新解释", "睡觉的新解释"),
    ],
)
def test_a_title_is_one_line_with_its_entities_decoded(value: str, title: str) -> None:
    tag = read(f'<artifact title="{value}">')

    assert tag
    assert tag.title == title


def test_entities_are_decoded_in_the_title_only() -> None:
    tag = read('<artifact type="a&amp;b" language="C&amp;">')

    assert tag
    assert (tag.kind_name, tag.language) == ("a&amp;b", "c&amp;")


@pytest.mark.parametrize(("value", "language"), [("Python", "python"), (" C++ ", "c++"), ("", None), (" ", None)])
def test_a_language_is_trimmed_and_in_lower_case(value: str, language: str | None) -> None:
    tag = read(f'<artifact language="{value}">')

    assert tag
    assert tag.language == language
