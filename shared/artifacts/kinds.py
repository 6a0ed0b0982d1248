"""The six kinds of artifact, their names, and the facts about them in `kinds.toml`."""

import tomllib
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import NamedTuple

SVG_NAMESPACE = "http://www.w3.org/2000/svg"

_DATA = Path(__file__).with_name("kinds.toml")


class Facts(NamedTuple):
    """The facts about a kind."""

    mime_type: str
    languages: frozenset[str]
    """The language labels of fences that may hold one."""
    use: str
    """What the kind is good for."""
    rules: str
    """The rules that the model must follow."""
    example: str
    """An example in its tag."""


class Kind(StrEnum):
    """A kind of artifact; its value is the short name of the contract."""

    REACT = "react"
    HTML = "html"
    SVG = "svg"
    MERMAID = "mermaid"
    MARKDOWN = "markdown"
    CODE = "code"

    @property
    def facts(self) -> Facts:
        """The facts about this kind in `kinds.toml`."""
        return _table()[self]

    @property
    def mime_type(self) -> str:
        """The MIME type that stands in an artifact's tag."""
        return self.facts.mime_type

    @classmethod
    def named(cls, name: str) -> "Kind | None":
        """Return the kind with this short name or MIME type, in any case; None if there is none."""
        return _names().get(name.strip().lower())


@cache
def _table() -> dict[Kind, Facts]:
    return {
        Kind(name): Facts(
            mime_type=row["mime_type"],
            languages=frozenset(row["languages"]),
            use=row["use"].strip(),
            rules=row["rules"].strip(),
            example=row["example"].strip(),
        )
        for name, row in tomllib.loads(_DATA.read_text("utf-8")).items()
    }


@cache
def _names() -> dict[str, Kind]:
    return {kind.value: kind for kind in Kind} | {kind.mime_type: kind for kind in Kind}
