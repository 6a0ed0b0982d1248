"""What an element of a drawing may hold, and whether it is seen."""

import re
from collections.abc import Iterator, Mapping

SVG = "http://www.w3.org/2000/svg"
"""The namespace of a drawing."""

Names = Mapping[str, str]
"""Attributes by name; a name of a namespace has that in front of it, with a space between."""

# What each shape needs in order to be seen; what a browser has defaults for is not asked for.
_SHAPES = {
    "path": ("d",),
    "polygon": ("points",),
    "polyline": ("points",),
    "image": ("href",),
    "use": ("href",),
    "rect": ("width", "height"),
    "circle": ("r",),
    "ellipse": (),
    "line": (),
    "foreignObject": (),
}
_HIDDEN = frozenset({"defs", "symbol", "clipPath", "mask", "pattern", "marker", "filter", "metadata"})
_LINKS = frozenset({"href", "src", "data", "action", "formaction", "poster", "srcset"})
_ANIMATED = frozenset({"from", "to", "by", "values"})
_INSIDE = ("#", "data:image/", "data:font/", "data:application/font", "data:application/x-font")
_URL = re.compile(r"url\([\s\"']*+([^)]{0,30})", re.IGNORECASE)


def is_hidden(local: str) -> bool:
    """Whether what lies in this element is not seen where it stands."""
    return local in _HIDDEN


def draws(local: str, attributes: Names) -> bool:
    """Whether this element is seen by itself; text is by what it holds."""
    needs = _SHAPES.get(local)
    if not needs:
        return needs is not None
    return any(value.strip() for name, value in attributes.items() if _local(name) == needs)


def complaints(local: str, attributes: Names) -> Iterator[str]:
    """What is wrong with a start tag: what runs, and what is fetched from elsewhere."""
    if local.lower() == "script":
        yield "Scripts do not run in a drawing; animate with CSS or `<animate>`."
    for name, value in attributes.items():
        if re.fullmatch(r"on[a-z]+", name.lower()):
            yield f"`{name}` runs a script, and scripts do not run in a drawing; leave it out."
        elif _local(name) in _LINKS | _ANIMATED and "javascript:" in "".join(value.lower().split()):
            yield f"`{_local(name)}` runs a script, and scripts do not run in a drawing; leave it out."
        elif (_local(name) in _LINKS and not _stays(local, value)) or _fetches(value):
            yield f"`{_local(name)}` refers to another file, which does not load; draw it here, or embed it as `data:`."


def style_complaints(css: str) -> Iterator[str]:
    """What is wrong with a style sheet: what it fetches from elsewhere."""
    if "@import" in css.lower() or _fetches(css):
        yield "This style sheet refers to another file, which does not load; leave `@import` and outside `url()` out."


def _stays(local: str, value: str) -> bool:
    # A link is followed only by the one who clicks on it.
    return local == "a" or not value.strip() or value.strip().lower().startswith(_INSIDE)


def _fetches(value: str) -> bool:
    return any(not match[1].lower().startswith(_INSIDE) for match in _URL.finditer(value) if match[1].strip())


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
