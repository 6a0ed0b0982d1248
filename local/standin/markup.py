"""Closes what is open in SVG and HTML: tags, comments, and a last tag that was cut in the middle."""

import re
from typing import Final

# One piece of markup: comment, CDATA, declaration, the raw text of script and style, or a tag.
_PIECE: Final = re.compile(
    r"""<!--.*?-->|<!\[CDATA\[.*?\]\]>|<[!?][^>]*>|<(script|style)\b[^>]*(?<!/)>.*?</\1\s*>"""
    r"""|<(?P<slash>/?)(?P<name>[A-Za-z][\w:.-]*)(?:[^<>"']|"[^"]*"|'[^']*')*?(?P<alone>/?)>""",
    re.DOTALL | re.IGNORECASE,
)
_CUT_TAG: Final = re.compile(r"<[A-Za-z/][^<>]*\Z")
_VOID: Final = set("area base br col embed hr img input link meta source track wbr".split())  # noqa: SIM905 - reads better


def closed(code: str, *, is_html: bool) -> str:
    """The markup with every open tag closed; HTML's void elements need no closing."""
    code = _finished(code.rstrip())
    written: list[str] = []
    stack: list[str] = []
    end = 0
    for piece in _PIECE.finditer(code):
        written.append(code[end : piece.start()])
        end = piece.end()
        name = piece["name"]
        if piece["slash"]:
            if name not in stack:
                continue  # closes nothing: left out
            while stack[-1] != name:
                written.append(f"</{stack.pop()}>")
            stack.pop()
        elif name and not piece["alone"] and not (is_html and name.lower() in _VOID):
            stack.append(name)
        written.append(piece[0])
    written.append(code[end:])
    written.extend(f"\n</{name}>" for name in reversed(stack))
    return "".join(written)


def _finished(code: str) -> str:
    """The markup with its last comment closed, its last script or style closed, and without a tag cut in the middle."""
    if code.rfind("<!--") > code.rfind("-->"):
        return f"{code} -->"
    lower = code.lower()
    for name in ("script", "style"):
        if lower.rfind(f"<{name}") > lower.rfind(f"</{name}"):
            return f"{code}\n</{name}>"
    return _CUT_TAG.sub("", code).rstrip()
