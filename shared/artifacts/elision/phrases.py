"""The phrases of elisions: "rest of the code unchanged", `// ...existing code`.

They are listed in `phrases.toml`. Whether a sentence is an elision may depend on the code below it: "Same as before"
describes the line below it, and "Other handlers" is a heading, but above a closing brace both replace missing code.
`comments.py` finds what is around a comment.
"""

import re
import tomllib
from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import NamedTuple

MESSAGE = "A comment stands here in place of code; write that code out in full."

_DATA = Path(__file__).with_name("phrases.toml")
_NAME = re.compile(r"<(\w+)>")
_MAX_LINE_CHARS = 160  # characters of a line that are read; elisions are brief
_ELLIPSIS = re.compile(r"(?<!\.)\.{3,6}(?!\.)|(?<![\w.])\. \. \.(?! ?[\w.])|…++")  # a whole line of dots is a separator
_SPREAD = re.compile(r"…\w[\w.]*+")
_MARKS = re.compile(r"[^\w\s….,:;!?/&-]++")
_LABEL = re.compile(r"\A(?:note|nb|hint|important)\b[:\s-]*+")
_TO_DO = re.compile(r"\A(?:todo|fixme|placeholder)\b[:\s-]*+")
_HINT = re.compile(
    r"…|\b(?:rest|remain\w*|remainder|existing|previous|prior|original|unchanged|unmodified|untouched|intact|same|identical"
    r"|others?|else|changed?|omitted|elided|truncated|snip\w*|brevity|clarity|continu\w+|here|keep|restore|repeat|similar\w*"
    r"|as (?:is|before|above)|no changes?|see|refer|copy|taken|use)\b"
)
"""Every elision has one of these, and so do some other comments."""


_WEAK_HINT = re.compile(
    r"…|\b(?:rest|remain(?:ing|s|der)?|existing|previous|original|unchanged|untouched|same|others?|omitted|truncated|snip"
    r"|brevity|here|keep|restore|as (?:is|before|above))\b"
)


class Below(IntEnum):
    """What is below a comment in its block."""

    NOTHING = 0
    """The end of the block."""
    CODE_LATER = 1
    """Code, after a blank line."""
    CODE = 2
    """Code, in the next line."""


class _Sentences(NamedTuple):
    """The nouns with their classes, and the sentences of elisions by what may be below them."""

    nouns: dict[str, str]
    always: re.Pattern[str]
    """Above anything."""
    undescribed: re.Pattern[str]
    """Above anything but code in the next line."""
    at_end: re.Pattern[str]
    """Above the end of a block only."""


def is_elision(comment: str, below: Below = Below.NOTHING) -> bool:
    """Return whether a comment of one or more lines, with or without its marks, replaces code."""
    return any(line_stands_for_code(line, below) for line in comment.split("\n"))


def line_stands_for_code(line: str, below: Below) -> bool:
    """Return whether a line of a comment replaces code, given what is below the comment."""
    said = _normalized(line)
    if not _HINT.search(said):
        return False
    if _TO_DO.match(said):
        said, below = _TO_DO.sub("", said), min(below, Below.CODE_LATER)  # it does not describe the next line
    said = _with_classes(said)
    sentences = _sentences()
    return bool(
        sentences.always.fullmatch(said)
        or (below < Below.CODE and sentences.undescribed.fullmatch(said))
        or (below is Below.NOTHING and sentences.at_end.fullmatch(said))
    )


def hints_at_elision(line: str) -> bool:
    """Return whether a comment's line has a word that is common in elisions, and in many other comments."""
    return _WEAK_HINT.search(_normalized(line)) is not None


def is_bare(line: str) -> bool:
    """Return whether a comment's line is only dots."""
    return _normalized(line) == "…"


def _normalized(line: str) -> str:
    """Return the words of a comment's line in lower case, without marks, and with `…` for dots.

    The result is empty if the line is longer than `_MAX_LINE_CHARS`.
    """
    line = line[: 2 * _MAX_LINE_CHARS].lower().strip(" \t\r/*#<>!-{}%;")
    if len(line) > _MAX_LINE_CHARS:
        return ""
    said = _ELLIPSIS.sub("…", _MARKS.sub(" ", line)).strip(" .,:;!?-")
    if _SPREAD.fullmatch(said):
        return ""
    said = " ".join(said.replace("…", " … ").split())
    return _LABEL.sub("", said).rstrip(" .,:;!?-")


def _with_classes(said: str) -> str:
    """Return the words, each noun followed by its class."""
    nouns = _sentences().nouns
    classes = ((word, nouns.get(word) or nouns.get(word.removesuffix("s"))) for word in said.split(" "))
    return " ".join(f"{word}~{kind}" if kind else word for word, kind in classes)


@cache
def _sentences() -> _Sentences:
    table = tomllib.loads(_DATA.read_text("utf-8"))
    names = {name: f"(?:{'|'.join(words)})" for name, words in table["words"].items()}

    def spelled_out(text: str) -> str:
        return _NAME.sub(lambda name: names[name[1]], text)

    for name, phrase in table["phrases"].items():
        names[name] = spelled_out(phrase)
    tiers = (table["lines"][tier] for tier in ("always", "undescribed", "at_end"))
    patterns = (re.compile("|".join(f"(?:{spelled_out(line)})" for line in tier)) for tier in tiers)
    return _Sentences({word: kind for kind, words in table["nouns"].items() for word in words}, *patterns)
