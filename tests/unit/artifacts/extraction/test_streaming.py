"""The code to show of an answer that comes in pieces: the same for every way of cutting it."""

from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.artifacts.extraction import extract
from shared.artifacts.extraction.streaming import CodePreview
from tests.support.answers import ANSWERS

CODE = 'export default function A() {\n\n  const end = "</artifact>";\n  return <p>{end}</p>;\n}'
OPENING = '<artifact type="application/vnd.ant.react" title="A &amp; B">'
WHOLE = f"{OPENING}\n{CODE}\n</artifact>"


def shown(pieces: Iterable[str]) -> str:
    """What can be seen in the end."""
    preview, code = CodePreview(), ""
    for piece in pieces:
        added = preview.feed(piece)
        code = added if preview.withdrawn else code + added
    added = preview.end()
    return added if preview.withdrawn else code + added


@given(ANSWERS, st.lists(st.integers(0, 2_000)))
def test_how_an_answer_is_cut_into_pieces_changes_nothing(text: str, cuts: list[int]) -> None:
    places = sorted({min(place, len(text)) for place in cuts} | {0, len(text)})
    pieces = [text[start:end] for start, end in pairwise(places)]

    assert shown(pieces) == shown(text) == shown([text])


@pytest.mark.parametrize("at", range(len(WHOLE) + 1))
def test_the_code_is_shown_before_the_end_whatever_the_cut(at: int) -> None:
    assert shown([WHOLE[:at], WHOLE[at:], "\n"]) == CODE


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
    assert shown([text]) == extract(text).artifact.code == CODE


def test_code_is_shown_line_by_line() -> None:
    preview = CodePreview()

    assert preview.feed(f"{OPENING}\nlet a") == ""
    assert preview.feed(" = 1;\nlet") == "let a = 1;"
    assert preview.feed(" b;\n\n") == "\nlet b;"
    assert preview.feed("let c;\n") == "\n\nlet c;"
    assert preview.feed("</artifact>\n") == ""


@pytest.mark.parametrize(
    ("text", "last"),
    [
        (f"{OPENING}\nlet a;</artifact>", "let a;"),
        (f"{OPENING}let a;</artifact>", "let a;"),
        (f"{OPENING}\nlet a;\n</artifact>", ""),
        (f"{OPENING}\nlet a;\nlet b", ""),
        (f"{OPENING}\nlet a;\n</artifac", ""),
    ],
    ids=["in-its-last-line", "in-one-line", "before-it", "cut-off", "cut-off-in-the-tag"],
)
def test_what_a_last_line_without_an_end_holds_is_shown_where_a_tag_ends_it(text: str, last: str) -> None:
    preview = CodePreview()
    preview.feed(text)

    assert preview.end() == last
    assert preview.end() == ""


def test_an_artifact_that_was_only_thought_of_is_withdrawn() -> None:
    """A reasoning whose beginning was left out ends behind it; one that begins behind it changes nothing."""
    preview = CodePreview()

    assert preview.feed(f"So:\n{OPENING}\nlet draft;\n</artifact>\n") == "let draft;"
    assert not preview.withdrawn
    assert preview.feed("Good.</think>\n") == ""
    assert preview.withdrawn
    assert preview.feed(f"{WHOLE}\n<think>\nDone.\n</think>\n") == CODE
    assert not preview.withdrawn


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"{OPENING}\ndraft\n</artifact></think>\n{OPENING}\nreal\n</artifact>\n", "real"),
        (f"{OPENING}\ndraft</artifact> Good.</think>{OPENING}\nreal\n</artifact>\n", "real"),
        (f"{OPENING}\ndraft\n</artifact>\n</think>{OPENING}real</artifact>", "real"),
        (f"{OPENING}\ndraft\n</artifact>\nno</think>", ""),
        (f"{OPENING}\ndraft\n</artifact> <think>Done.</think>\n", "draft"),
    ],
    ids=["behind-the-tag", "all-in-a-line", "last-line", "nothing-follows", "a-later-thought"],
)
def test_a_thought_ends_wherever_its_end_is(text: str, code: str) -> None:
    assert shown([text]) == shown(text) == code


@pytest.mark.parametrize(
    "text",
    [
        f"{OPENING}\n{OPENING}\n<b>\n</artifact>\n",
        f"{OPENING}\n<b>\n</artifact\n>\nAs you asked.\n",
        f"{OPENING}\n<b></artifact>\n",
    ],
    ids=["twice", "end-in-two-lines", "end-in-the-line"],
)
def test_no_tag_is_shown(text: str) -> None:
    assert shown([text]) == "<b>"


def test_the_end_is_seen_in_the_longest_line() -> None:
    line = "x" * 200_000

    assert shown([f"{OPENING}\n{line}</artifact>\nAs you asked.\n"]) == line


def test_fences_in_a_document_are_shown() -> None:
    text = '<artifact type="text/markdown" title="A">\n```js\n1\n```\n</artifact>\n'

    assert shown([text]) == "```js\n1\n```"


EDIT = f"<<<<<<< SEARCH\na\n=======\n{WHOLE}\n>>>>>>> REPLACE"


@pytest.mark.parametrize(
    "text", [EDIT, f"{OPENING}\n{EDIT}\n</artifact>", f"Here:\n```\n{EDIT}\n```"], ids=["bare", "tagged", "fenced"]
)
def test_edits_have_no_preview(text: str) -> None:
    """Nor has a tag that they write."""
    assert shown([f"{text}\n"]) == ""


def test_a_whole_behind_edits_has_one() -> None:
    assert shown([f"{EDIT}\n\n{WHOLE}\n"]) == CODE
