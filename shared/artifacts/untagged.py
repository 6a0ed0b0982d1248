"""An answer without any tag: the one fenced block or the one bare document in it that is plainly what was asked for."""

import re
from dataclasses import dataclass

from shared.artifacts.body import trimmed, wrapping_fence
from shared.artifacts.errors import ArtifactTruncated
from shared.artifacts.fences import MARKDOWN_LANGUAGES, Fences, marks_in
from shared.artifacts.kinds import Kind
from shared.artifacts.sniff import begins_with_heading, is_script, may_be, plain_kind
from shared.artifacts.tags import OPEN_NAME

_TOKEN = re.compile(r"<\|[^\s|<>]++\|>")  # a leaked `<|im_end|>`, and not the `a <| b |> c` of F#
_MARKUP = re.compile(rf"\s*+<(?!{OPEN_NAME})[a-z!?]", re.IGNORECASE | re.ASCII)

# The documents whose own end is marked can be told from prose before and behind them.
_ROOTS = {
    Kind.HTML: re.compile(r"\n[ \t]*+(<(?:!doctype\s++html|html)[\s>])", re.IGNORECASE | re.ASCII),
    Kind.SVG: re.compile(
        r"\n[ \t]*+((?:<\?xml[^>]*+>\s*+)?+(?:<!doctype\s++svg[^>]*+>\s*+)?+<svg[\s>])", re.IGNORECASE | re.ASCII
    ),
}
_ENDS = {
    Kind.HTML: re.compile(r"</html\s*+>", re.IGNORECASE | re.ASCII),
    Kind.SVG: re.compile(r"</svg\s*+>", re.IGNORECASE | re.ASCII),
}


@dataclass(frozen=True, slots=True)
class Found:
    """A piece of code found in prose.

    Attributes:
        kind: its kind.
        code: the code, trimmed.
        language: the language on its fence.
        closed: whether its own end is marked, so that it would show if it were cut.
    """

    kind: Kind
    code: str
    language: str | None
    closed: bool


def find_untagged(prose: str, requested: Kind | None, *, lenient: bool = False) -> Found | None:
    """The one thing in the answer that may be the artifact, or None.

    Args:
        prose: the answer without what was thought aloud.
        requested: the kind that was asked for; without one, only what is plainly of some kind is taken.
        lenient: whether bare code need not be plainly of its kind, as where nothing but code was asked for.

    Raises:
        ArtifactTruncated: a fence or a document begins and never ends.
    """
    text = trimmed(_TOKEN.sub("", prose))
    if not text.strip():
        return None
    plain = plain_kind(text)
    return (
        (None if plain in {Kind.REACT, Kind.MERMAID} else _document(text, requested))
        or _bare(text, plain, requested, lenient=lenient)
        or _block(text, requested)
    )


def _document(text: str, requested: Kind | None) -> Found | None:
    """The HTML or SVG document that stands in the text, cut out at its own end."""
    lent = "\n" + text  # the searches jump from line to line, and the first line has no break before it
    roots = {kind: root.start(1) - 1 for kind, pattern in _ROOTS.items() if (root := pattern.search(lent))}
    kind = min(roots, key=lambda each: roots[each], default=None)
    marks = marks_in(text)
    if not kind or kind is not (requested or kind) or is_script(text) or (marks and marks[0].start < roots[kind]):
        return None
    ends = [end.end() for end in _ENDS[kind].finditer(text, roots[kind])]
    if not ends:
        raise ArtifactTruncated
    if kind is Kind.HTML and _ROOTS[kind].search(lent, ends[0] + 1):
        return None  # two documents; one SVG may hold others
    return Found(kind, text[roots[kind] : ends[-1]], None, closed=True)


def _bare(text: str, plain: Kind | None, requested: Kind | None, *, lenient: bool) -> Found | None:
    """The whole text, if it is nothing but code."""
    kind = requested or plain
    if kind is Kind.HTML and not lenient:
        return None
    if not kind or not (plain is kind or _begins_like(kind, text) or (lenient and _could_be(kind, text))):
        return None
    if kind is Kind.MARKDOWN and Fences(text).are_left_open():
        raise ArtifactTruncated
    return Found(kind, text, None, closed=False)


def _begins_like(kind: Kind, text: str) -> bool:
    return kind is Kind.MARKDOWN and begins_with_heading(text)


def _could_be(kind: Kind, text: str) -> bool:
    """Whether a text that ought to be code of this kind could be: prose and code cannot always be told apart."""
    if kind is Kind.REACT:
        return is_script(text)
    if kind in {Kind.HTML, Kind.SVG}:
        return _MARKUP.match(text) is not None
    marks = marks_in(text)
    if kind is Kind.MARKDOWN:
        return not marks or (marks[0].start > 0 and marks[0].language not in MARKDOWN_LANGUAGES)
    return kind is Kind.CODE and not marks


def _block(text: str, requested: Kind | None) -> Found | None:
    """The only fenced block in the text."""
    marks = marks_in(text)
    if not marks:
        return None
    framed = text[marks[0].start : marks[-1].end]
    fence = wrapping_fence(framed, strict=True)
    if not (fence.closed if fence else not Fences(text).are_left_open()):
        raise ArtifactTruncated
    if not fence:
        return None  # two blocks: none of them is the answer
    code = trimmed(framed[fence.content_start : fence.content_end])
    kind = _kind_of(code, fence.language, requested, alone=framed == text)
    return Found(kind, code, fence.language, closed=True) if kind and code.strip() else None


def _kind_of(code: str, language: str | None, requested: Kind | None, *, alone: bool) -> Kind | None:
    if requested:
        return requested if may_be(requested, code, language) else None
    if plain := plain_kind(code):
        return plain
    if language in MARKDOWN_LANGUAGES:
        return Kind.MARKDOWN
    # A block in prose may be an example or a command to run; one that is the whole answer is the answer.
    return Kind.CODE if alone and language else None
