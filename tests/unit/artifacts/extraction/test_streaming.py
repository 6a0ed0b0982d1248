"""An answer that comes in pieces: the same end for every way of cutting it, and code to show on the way."""

from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.artifacts.artifact import Extraction
from shared.artifacts.errors import ArtifactFailure
from shared.artifacts.extraction import extract
from shared.artifacts.extraction.streaming import ArtifactStream, Code, Opened
from shared.artifacts.kinds import Kind
from tests.support.answers import ANSWERS

CODE = 'export default function A() {\n\n  const end = "</artifact>";\n  return <p>{end}</p>;\n}'
OPENING = '<artifact type="application/vnd.ant.react" title="A &amp; B">'
WHOLE = f"{OPENING}\n{CODE}\n</artifact>"


def shown(pieces: Iterable[str]) -> tuple[list[Opened], str]:
    stream = ArtifactStream()
    events = [event for piece in pieces for event in stream.feed(piece)]
    opened = [event for event in events if isinstance(event, Opened)]
    return opened, "".join(event.text for event in events if isinstance(event, Code))


def finished(pieces: Iterable[str], *, truncated: bool = False) -> Extraction | str:
    stream = ArtifactStream()
    for piece in pieces:
        stream.feed(piece)
    try:
        return stream.finish(truncated=truncated)
    except ArtifactFailure as failure:
        return failure.code


def whole(text: str, *, truncated: bool = False) -> Extraction | str:
    try:
        return extract(text, truncated=truncated)
    except ArtifactFailure as failure:
        return failure.code


@given(ANSWERS, st.lists(st.integers(0, 2_000)), st.booleans())
def test_how_an_answer_is_cut_into_pieces_changes_nothing(text: str, cuts: list[int], truncated: bool) -> None:
    places = sorted({min(place, len(text)) for place in cuts} | {0, len(text)})
    pieces = [text[start:end] for start, end in pairwise(places)]

    assert (
        finished(pieces, truncated=truncated) == finished(text, truncated=truncated) == whole(text, truncated=truncated)
    )
    assert shown(pieces) == shown(text) == shown([text])


@pytest.mark.parametrize("at", range(len(WHOLE) + 1))
def test_the_code_is_shown_before_the_end_whatever_the_cut(at: int) -> None:
    opened, code = shown([WHOLE[:at], WHOLE[at:], "\n"])

    assert opened == [Opened(Kind.REACT, "A & B", None)]
    assert code == CODE
    found = finished([WHOLE[:at], WHOLE[at:]])
    assert isinstance(found, Extraction)
    assert found.artifact.code == CODE


@pytest.mark.parametrize(
    "text",
    [
        f"Here it is:\n\n{WHOLE}\nHave fun with it.\n",
        f"<think>\nAn <artifact type='svg'> first?\n</think>\n{WHOLE}\n",
        f"<think>Say `<artifact type='svg'>` or <artifact type='svg'>?</think>\n{WHOLE}\n",
        f"So <artifact type='svg'>.\n</think>{WHOLE}\n".replace("<artifact type='svg'>", "an artifact"),
        f"A tag like `<artifact type='svg'>` comes first.\n{WHOLE}\n",
        f"{OPENING}\n```jsx\n{CODE}\n```\n</artifact>\n",
        f"\n{OPENING}\n\n\n{CODE}\n\n\n</artifact>\n".replace("\n", "\r\n"),
        f"{WHOLE}\n<artifact type='svg' title='B'>\n<svg/>\n</artifact>\n",
    ],
    ids=[
        "chatter",
        "thought",
        "thought-in-a-line",
        "thought-without-a-beginning",
        "inline",
        "fenced",
        "line-ends",
        "several",
    ],
)
def test_what_is_shown_is_the_code_of_the_result(text: str) -> None:
    opened, code = shown([text])
    result = finished([text])

    assert isinstance(result, Extraction)
    assert [each.kind for each in opened] == [Kind.REACT]
    assert code == result.artifact.code == CODE


def test_code_is_shown_line_by_line() -> None:
    stream = ArtifactStream()

    assert stream.feed(f"{OPENING}\nlet a") == [Opened(Kind.REACT, "A & B", None)]
    assert stream.feed(" = 1;\nlet") == [Code("let a = 1;")]
    assert stream.feed(" b;\n\n") == [Code("\nlet b;")]
    assert stream.feed("let c;\n") == [Code("\n\nlet c;")]
    assert stream.feed("</artifact>\n") == []


def test_fences_in_a_document_are_shown() -> None:
    text = '<artifact type="text/markdown" title="A">\n```js\n1\n```\n</artifact>\n'

    assert shown([text])[1] == "```js\n1\n```"
