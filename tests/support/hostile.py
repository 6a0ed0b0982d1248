"""Texts that wear out a parser, each as long as a check reads; made of the parts in `hostile.toml`."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from shared.artifacts.kinds import Kind

LONGEST = 250_000
_DATA = Path(__file__).with_suffix(".toml")


class Hostile(NamedTuple):
    """One text, of a kind and perhaps a language."""

    kind: Kind
    language: str | None
    part: str
    """What is repeated."""
    code: str


def hostile() -> Iterator[Hostile]:
    """Yield one after the other: together they take more memory than what they are to measure."""
    texts = tomllib.loads(_DATA.read_text("utf-8"))["texts"]
    return (_made(each, part) for each in texts for part in each["parts"])


def _made(text: dict[str, str], part: str) -> Hostile:
    before, behind = text.get("before", ""), text.get("behind", "")
    code = before + part * ((LONGEST - len(before) - len(behind)) // len(part)) + behind
    return Hostile(Kind(text["kind"]), text.get("language"), part, code)
