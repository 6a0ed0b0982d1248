"""Comments that stand in place of code: "rest of the code unchanged", `// ...existing code`.

What they say is in `phrases.toml`. Whether a sentence stands for code may hang on what is below it: "Same as before"
describes the line below it, and "Other handlers" is a heading, but above a closing brace both stand for what is not
there. What is around a comment is found out in `comments.py`.
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
_LONGEST = 160  # characters of a line that are looked at; who leaves code out says so briefly
_ELLIPSIS = re.compile(r"(?<!\.)\.{3,6}(?!\.)|(?<![\w.])\. \. \.(?! ?[\w.])|…++")  # a whole line of dots is a ruler
_SPREAD = re.compile(r"…\w[\w.]*+")
_MARKS = re.compile(r"[^\w\s….,:;!?/&-]++")
_LABEL = re.compile(r"\A(?:note|nb|hint|important)\b[:\s-]*+")
_TO_DO = re.compile(r"\A(?:todo|fixme|placeholder)\b[:\s-]*+")
_HINT = re.compile(
    r"…|\b(?:rest|remain\w*|remainder|existing|previous|prior|original|unchanged|unmodified|untouched|intact|same|identical"
    r"|others?|else|changed?|omitted|elided|truncated|snip\w*|brevity|clarity|continu\w+|here|keep|restore|repeat|similar\w*"
    r"|as (?:is|before|above)|no changes?|see|refer|copy|taken|use)\b"
)
"""One of these is in every comment that stands for code, and in some others."""


_WEAK_HINT = re.compile(
    r"…|\b(?:rest|remain(?:ing|s|der)?|existing|previous|original|unchanged|untouched|same|others?|omitted|truncated|snip"
    r"|brevity|here|keep|restore|as (?:is|before|above))\b"
)


class Below(IntEnum):
    """What stands below a comment in the block that it is in."""

    NOTHING = 0
    """The block is over."""
    CODE_LATER = 1
    """Code, after a blank line."""
    CODE = 2
    """Code, in the next line."""


class _Sentences(NamedTuple):
    """Nouns with their classes; and sentences, by what they stand for code above."""

    nouns: dict[str, str]
    always: re.Pattern[str]
    """Anything."""
    undescribed: re.Pattern[str]
    """All but code in the next line."""
    at_end: re.Pattern[str]
    """Nothing more."""


def is_elision(comment: str, below: Below = Below.NOTHING) -> bool:
    """Whether a comment of one line or more, with or without its marks, says that code was left out where it stands."""
    return any(line_stands_for_code(line, below) for line in comment.split("\n"))


def line_stands_for_code(line: str, below: Below) -> bool:
    """Whether a line of a comment says that code was left out where it stands, above what is below the comment."""
    said = _said(line)
    if not _HINT.search(said):
        return False
    if _TO_DO.match(said):
        said, below = _TO_DO.sub("", said), min(below, Below.CODE_LATER)  # it says nothing of the next line
    said = _with_classes(said)
    sentences = _sentences()
    return bool(
        sentences.always.fullmatch(said)
        or (below < Below.CODE and sentences.undescribed.fullmatch(said))
        or (below is Below.NOTHING and sentences.at_end.fullmatch(said))
    )


def hints_at_elision(line: str) -> bool:
    """Whether a comment's line has a word of those that say that something was left out, as many others have."""
    return _WEAK_HINT.search(_said(line)) is not None


def is_bare(line: str) -> bool:
    """Whether a comment's line is nothing but dots."""
    return _said(line) == "…"


def _said(line: str) -> str:
    """The words of a comment's line in lower case, without marks, and with `…` for dots; empty where they are many."""
    line = line[: 2 * _LONGEST].lower().strip(" \t\r/*#<>!-{}%;")
    if len(line) > _LONGEST:
        return ""
    said = _ELLIPSIS.sub("…", _MARKS.sub(" ", line)).strip(" .,:;!?-")
    if _SPREAD.fullmatch(said):
        return ""
    said = " ".join(said.replace("…", " … ").split())
    return _LABEL.sub("", said).rstrip(" .,:;!?-")


def _with_classes(said: str) -> str:
    """The words, with the class of each noun behind it."""
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
