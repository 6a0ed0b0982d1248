"""The title of an artifact: from its tag, else from a name in its code, else `Untitled`."""

import html
import re

from shared.artifacts.artifact import UNTITLED, one_line
from shared.artifacts.kinds import Kind

_MAX_TITLE_CHARS = 1_000  # characters that are read; decoding a title of a megabyte would take seconds

# `export default memo(…)` names no component: only a name that begins with a capital is one.
_COMPONENT = re.compile(
    r"export\s++default\s++(?>(?:(?>(?:async\s++)?)function\s*+\*?+\s*+|class\s++)?)([A-Z][\w$]*+)",
    re.ASCII,
)
_TITLE_ELEMENT = re.compile(r"<title(?:\s[^<>]*+)?>([^<]*+)</title", re.IGNORECASE | re.ASCII)
_HEADING = re.compile(r"^ {0,3}+#{1,6}+[ \t]++(\S[^\n]*+)", re.MULTILINE | re.ASCII)


def decoded(title: str) -> str:
    """Return the title of a tag on one line and with its entities decoded."""
    return one_line(html.unescape(title[:_MAX_TITLE_CHARS]))


def title_in(code: str, kind: Kind) -> str:
    """Return the title in the code, `Untitled` if there is none."""
    if kind is Kind.REACT:
        return _first(_COMPONENT, code)
    if kind in {Kind.HTML, Kind.SVG}:
        return decoded(_first(_TITLE_ELEMENT, code))
    if kind is Kind.MARKDOWN:
        return one_line(_first(_HEADING, code).rstrip("# \t"))
    return UNTITLED


def _first(pattern: re.Pattern[str], code: str) -> str:
    match = pattern.search(code)
    return match[1].strip() if match else UNTITLED
