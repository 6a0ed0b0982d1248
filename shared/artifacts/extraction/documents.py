"""HTML and SVG documents in prose: they mark their own end, so the text around them can be separated."""

import re

from shared.artifacts.errors import ArtifactTruncated
from shared.artifacts.kinds import Kind

# Searching from line break to line break is fast; `_first` puts one before the first line.
_ROOTS = {
    Kind.HTML: re.compile(r"\n[ \t]*+(<(?:!doctype\s++html|html)[\s>])", re.IGNORECASE | re.ASCII),
    Kind.SVG: re.compile(
        r"\n[ \t]*+((?>(?:<\?xml[^<>]*+>\s*+)?)(?>(?:<!doctype\s++svg[^<>]*+>\s*+)?)<svg[\s>])",
        re.IGNORECASE | re.ASCII,
    ),
}
_HEAD = 10_000
"""Characters within which a root element at the very start begins, after any declarations."""
_ENDS = {
    Kind.HTML: re.compile(r"</html\s*+>", re.IGNORECASE | re.ASCII),
    Kind.SVG: re.compile(r"</svg\s*+>", re.IGNORECASE | re.ASCII),
}


def find_document(text: str, requested: Kind | None, stop: int) -> tuple[Kind, str] | None:
    """Return the only HTML or SVG document that begins before `stop`, if it is of the requested kind.

    It is None if two HTML documents follow each other.

    Raises:
        ArtifactTruncated: the document begins and never ends.
    """
    roots = {kind: root for kind, pattern in _ROOTS.items() if (root := _first(pattern, text)) is not None}
    kind = min(roots, key=lambda each: roots[each], default=None)
    if not kind or kind is not (requested or kind) or roots[kind] >= stop:
        return None
    ends = [end.end() for end in _ENDS[kind].finditer(text, roots[kind])]
    if not ends:
        raise ArtifactTruncated
    if kind is Kind.HTML and _ROOTS[kind].search(text, ends[0]):
        return None  # an SVG may hold others
    return kind, text[roots[kind] : ends[-1]]


def _first(pattern: re.Pattern[str], text: str) -> int | None:
    """Return where the first root element begins."""
    at_start = pattern.match("\n" + text[:_HEAD])
    if at_start:
        return at_start.start(1) - 1
    root = pattern.search(text)
    return root.start(1) if root else None
