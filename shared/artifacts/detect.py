"""Detection of a piece of code's kind by patterns alone; the syntax check decides whether the code is valid."""

import re

from shared.artifacts.kinds import Kind

# What may stand before a root element and before a script.
_PROLOGUE = re.compile(
    r"(?>(?:[\s\ufeff]++|<!--(?>(?:[^-]++|-(?!->))*)-->|<\?xml[^<>]*+>|<!doctype\s++svg[^<>]*+>)*)",
    re.IGNORECASE,
)
_COMMENTS = re.compile(r"(?>(?:\s++|//[^\n]*+|/\*(?>(?:[^*]++|\*(?!/))*)\*/)*)")

_HTML = re.compile(r"<!doctype\s++html[\s>]|(?:<!doctype\s*+>\s*+)?<html[\s>]", re.IGNORECASE | re.ASCII)
_SVG = re.compile(r"<svg[\s/>]", re.ASCII)
_EMPTY_SVG = re.compile(r"<svg[^<>]*+(?<=/)>\s*+\Z", re.ASCII)

SCRIPT_START = (
    r"(?:(?:import|export|const|let|var|function|async|class|interface|type|enum|declare)\b(?=\s*+[\w$*{\[(\"'])"
    r"|['\"]use [a-z]++['\"])"
)
"""The start of a statement, which is hardly the start of a sentence."""
_SCRIPT = re.compile(SCRIPT_START, re.ASCII)
_DEFAULT_EXPORT = re.compile(r"export\s++default\s++(?!\{)", re.ASCII)  # `export default {` is Vue's way
_JSX = re.compile(r"</[A-Za-z>]|/>|createElement\(", re.ASCII)

_HEADING = re.compile(r"\s*+#{1,6}+[ \t]++\S", re.ASCII)


def detect_kind(code: str) -> Kind | None:
    """Return the kind that the code clearly is, or None.

    Never `markdown` or `code`, which may hold anything: a Python script too may begin with `# Title`.
    """
    root = _past(_PROLOGUE, code)
    if _HTML.match(code, root):
        return Kind.HTML
    if _SVG.match(code, root):
        return Kind.SVG if code.rstrip().endswith("</svg>") or _EMPTY_SVG.match(code, root) else None
    if _is_component(code):
        return Kind.REACT
    # Loaded with the first code that may be one: most is a component or a page.
    from shared.artifacts.diagrams import is_diagram  # noqa: PLC0415

    return Kind.MERMAID if is_diagram(code) else None


def corrected_kind(declared: Kind, code: str, language: str | None, requested: Kind | None) -> Kind:
    """Return the declared kind, or the kind that the code clearly is instead.

    Code may be in any language, even a whole HTML document: only the request tells whether it is to be rendered.
    """
    if requested is Kind.CODE:
        return Kind.CODE
    plain = detect_kind(code)
    if declared is not Kind.CODE:
        return plain or declared
    if requested is Kind.MARKDOWN and language in {None, *Kind.MARKDOWN.facts.languages} and begins_with_heading(code):
        return Kind.MARKDOWN
    return plain if plain and plain is requested else Kind.CODE


def is_script(code: str) -> bool:
    """Return whether the code begins like a JavaScript or TypeScript module, comments aside."""
    return _SCRIPT.match(code, _past(_COMMENTS, code)) is not None


def begins_with_heading(text: str) -> bool:
    """Return whether the text begins like a Markdown document, as prose hardly does."""
    return _HEADING.match(text) is not None


def may_be(kind: Kind, code: str, language: str | None) -> bool:
    """Return whether a block of this language could hold an artifact of that kind."""
    if kind is Kind.CODE:
        return True
    plain = detect_kind(code)
    if plain:
        return plain is kind
    return language in kind.facts.languages or (kind is Kind.MARKDOWN and not language and begins_with_heading(code))


def _is_component(code: str) -> bool:
    # A Markdown document about React holds components too, but in fences.
    return (
        is_script(code)
        and "\n```" not in code
        and _DEFAULT_EXPORT.search(code) is not None
        and _JSX.search(code) is not None
    )


def _past(pattern: re.Pattern[str], text: str) -> int:
    match = pattern.match(text)
    return match.end() if match else 0
