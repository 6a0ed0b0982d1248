"""The six kinds of artifact, as the stand-in sees them: names, MIME types and how each writes a comment."""

import re
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """A kind of artifact by its short name."""

    REACT = "react"
    HTML = "html"
    SVG = "svg"
    MERMAID = "mermaid"
    MARKDOWN = "markdown"
    CODE = "code"


MIME_TYPES: Final = {
    Kind.REACT: "application/vnd.ant.react",
    Kind.HTML: "text/html",
    Kind.SVG: "image/svg+xml",
    Kind.MERMAID: "application/vnd.ant.mermaid",
    Kind.MARKDOWN: "text/markdown",
    Kind.CODE: "application/vnd.ant.code",
}

# In this order: the first kind of which a word is in the prompt is the one.
_WORDS: Final = {
    Kind.MERMAID: {"diagram", "flow", "flowchart", "sequence", "mermaid"},
    Kind.SVG: {"icon", "logo", "svg", "illustration"},
    Kind.HTML: {"page", "landing", "website", "html"},
    Kind.MARKDOWN: {"document", "notes", "readme", "article", "markdown"},
    Kind.CODE: {"script", "function", "python", "algorithm"},
}

_PYTHON: Final = re.compile(
    r"^[ \t]*(?:(?:def|class|if|for|while|with)\b.*:|from [\w.]+ import .*|import [\w.]+)$", re.MULTILINE
)


def words_of(text: str) -> set[str]:
    """Return the words of a text in lower case, each also without a plural's s."""
    words = set(re.findall(r"[a-z0-9]+", text.lower()))
    return words | {word.removesuffix("s") for word in words}


def wanted_kind(system: str, prompt: str) -> Kind:
    """Return the kind of a request: the only one that its system message names, else by the prompt's words."""
    named = [kind for kind, mime in MIME_TYPES.items() if mime in system]
    if len(named) == 1:
        return named[0]
    words = words_of(prompt)
    return next((kind for kind, signs in _WORDS.items() if signs & words), Kind.REACT)


def looks_like_python(code: str) -> bool:
    """Return whether a line of the code is one of Python's."""
    return _PYTHON.search(code) is not None


def with_comment(code: str, kind: Kind, language: str | None, text: str) -> str:
    """Return the code with one more comment line, where that kind of code takes one."""
    line = commented(kind, language, text)
    return f"{line}\n{code}" if line.startswith("//") else f"{code}\n{line}"


def commented(kind: Kind, language: str | None, text: str) -> str:
    """Return a text as a comment."""
    if kind is Kind.MERMAID:
        return f"%% {text}"
    if kind in {Kind.HTML, Kind.SVG, Kind.MARKDOWN}:
        return f"<!-- {text} -->"
    return f"# {text}" if language == "python" else f"// {text}"
