"""HTML and SVG documents in prose: their own end is marked, so what stands before and behind can be told from them."""

import re

from shared.artifacts.errors import ArtifactTruncated
from shared.artifacts.kinds import Kind

# All are sought in a text with a line break before it: to jump from line to line is what makes the search fast.
_ROOTS = {
    Kind.HTML: re.compile(r"\n[ \t]*+(<(?:!doctype\s++html|html)[\s>])", re.IGNORECASE | re.ASCII),
    Kind.SVG: re.compile(
        r"\n[ \t]*+((?>(?:<\?xml[^<>]*+>\s*+)?)(?>(?:<!doctype\s++svg[^<>]*+>\s*+)?)<svg[\s>])",
        re.IGNORECASE | re.ASCII,
    ),
}
_ENDS = {
    Kind.HTML: re.compile(r"</html\s*+>", re.IGNORECASE | re.ASCII),
    Kind.SVG: re.compile(r"</svg\s*+>", re.IGNORECASE | re.ASCII),
}


def find_document(text: str, requested: Kind | None, stop: int) -> tuple[Kind, str] | None:
    """The only HTML or SVG document that begins before `stop`, if it is of the requested kind; None where two follow.

    Raises:
        ArtifactTruncated: it begins and never ends.
    """
    lent = "\n" + text
    roots = {kind: root.start(1) - 1 for kind, pattern in _ROOTS.items() if (root := pattern.search(lent))}
    kind = min(roots, key=lambda each: roots[each], default=None)
    if not kind or kind is not (requested or kind) or roots[kind] >= stop:
        return None
    ends = [end.end() for end in _ENDS[kind].finditer(text, roots[kind])]
    if not ends:
        raise ArtifactTruncated
    if kind is Kind.HTML and _ROOTS[kind].search(lent, ends[0] + 1):
        return None  # one SVG may hold others
    return kind, text[roots[kind] : ends[-1]]
