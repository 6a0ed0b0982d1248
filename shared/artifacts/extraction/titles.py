"""The title of an artifact: from its tag, else from a name in its code, else `Untitled`."""

import re

from shared.artifacts.artifact import UNTITLED, one_line
from shared.artifacts.kinds import Kind

_MAX_TITLE_CHARS = 1_000  # characters that are read; decoding a title of a megabyte would take seconds

# `export default memo(…)` names no component: only a name that begins with a capital is one.
_COMPONENT = r"(?a)export\s++default\s++(?>(?:(?>(?:async\s++)?)function\s*+\*?+\s*+|class\s++)?)([A-Z][\w$]*+)"
_TITLE_ELEMENT = r"(?ai)<title(?:\s[^<>]*+)?>([^<]*+)</title"
_HEADING = r"(?am)^ {0,3}+#{1,6}+[ \t]++(\S[^\n]*+)"


def decoded(title: str) -> str:
    """Return the title of a tag on one line and with its entities decoded."""
    title = title[:_MAX_TITLE_CHARS]
    if "&" not in title:
        return one_line(title)
    # Imported here, because it brings the names of all characters, and few titles have an entity.
    from html import unescape  # noqa: PLC0415

    return one_line(unescape(title))


def title_in(code: str, kind: Kind) -> str:
    """Return the title in the code, `Untitled` if there is none."""
    if kind is Kind.REACT:
        return _first(_COMPONENT, code)
    if kind in {Kind.HTML, Kind.SVG}:
        return decoded(_first(_TITLE_ELEMENT, code))
    if kind is Kind.MARKDOWN:
        return one_line(_first(_HEADING, code).rstrip("# \t"))
    return UNTITLED


def _first(pattern: str, code: str) -> str:
    match = re.search(pattern, code)  # compiled here: most artifacts have their title in their tag
    return match[1].strip() if match else UNTITLED
