"""Changes that can be made in any code: another colour, or one more comment."""

import json
import re
from collections.abc import Mapping
from typing import Final

from local.standin.kinds import Kind, looks_like_python, with_comment, words_of

# Not an address within a page, an entity, or a longer word.
_COLOUR: Final = re.compile(r"""(?<![\w&/])(?<!href=["'])(?<!url\()#[0-9a-fA-F]{6}(?![\w-])""")
_NAMED: Final[Mapping[str, str]] = {
    "red": "#dc2626",
    "orange": "#ea580c",
    "yellow": "#ca8a04",
    "green": "#16a34a",
    "teal": "#0d9488",
    "blue": "#2563eb",
    "purple": "#9333ea",
    "pink": "#db2777",
    "brown": "#92400e",
    "grey": "#4b5563",
    "gray": "#4b5563",
    "black": "#111827",
    "white": "#f9fafb",
}
_COLOURED: Final = {Kind.REACT, Kind.HTML, Kind.SVG, Kind.MERMAID}
_HASH_LINE: Final = re.compile(r"^(?:#!|# |[a-z_]\w*: |- |\[[\w.-]+\]$)", re.MULTILINE)
_NOTE: Final = "Revision"


def recoloured(code: str, kind: Kind, wish: str) -> str | None:
    """Return the code with the brightest of its colours replaced by the one that the wish names, else by the next.

    None where the kind has no colours, or the code none that could be another.
    """
    if kind not in _COLOURED:
        return None
    words = words_of(wish)
    found = list(dict.fromkeys(_COLOUR.findall(code)))
    named = next((colour for name, colour in _NAMED.items() if name in words), None)
    others = [colour for colour in found if colour.lower() != named]
    if not others:
        return None
    old = max(others, key=_saturation)
    new = named or next(colour for colour in _NAMED.values() if colour not in map(str.lower, found))
    return _COLOUR.sub(lambda match: new if match[0] == old else match[0], code)


def _saturation(colour: str) -> int:
    channels = [int(colour[start : start + 2], 16) for start in (1, 3, 5)]
    return max(channels) - min(channels)


def with_note(code: str, kind: Kind) -> str:
    """Return the code with one more comment, or another number in the one that is there; JSON gets a field."""
    number = 1
    while f"{_NOTE} {number}" in code or f'"{_NOTE.lower()}": {number}' in code:
        number += 1
    text = f"{_NOTE} {number}"
    if kind is not Kind.CODE:
        return with_comment(code, kind, None, text)
    if _is_json(code):
        return _with_field(code, number)
    if looks_like_python(code) or _HASH_LINE.search(code):
        return with_comment(code, kind, "python", text)
    return f"/* {text} */\n{code}"


def _is_json(code: str) -> bool:
    try:
        json.loads(code)
    except (ValueError, RecursionError):
        return False
    return True


def _with_field(code: str, number: int) -> str:
    """Return an object with one more field in front, a list with one more element, or a list of what it is else."""
    start = code.lstrip()
    for opening, closing, first in (("{", "}", f'"{_NOTE.lower()}": {number}'), ("[", "]", str(number))):
        if start.startswith(opening):
            rest = start[1:]
            comma = "" if rest.lstrip().startswith(closing) else ","
            return f"{opening}\n  {first}{comma}{rest}"
    return f"[{start}]"
