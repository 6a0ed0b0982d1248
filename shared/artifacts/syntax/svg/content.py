"""The rules for the elements and attributes of a drawing, and which elements draw something."""

import re
from collections.abc import Iterator, Mapping

from shared.artifacts.syntax.svg.values import is_known_attribute, known_element, value_problem

Names = Mapping[str, str]
"""Attributes by name; a name in a namespace is the namespace, a space and the local name."""

# The attribute without which an element draws nothing; browsers have no default for it.
_NEEDS = {"path": "d", "polygon": "points", "polyline": "points", "image": "href", "use": "href"}
_DRAWN = frozenset(
    {"path", "polygon", "polyline", "image", "use", "rect", "circle", "ellipse", "line", "foreignObject"}
)
_REFERRING = frozenset({"use", "textPath", "linearGradient", "radialGradient", "pattern"})
_ID = re.compile(r"\s*+url\(\s*+[\"']?#([^\"')\s]++)[\"']?\s*+\)\s*+\Z", re.IGNORECASE)
"""A reference to a paint server, without a fallback paint."""
ANIMATIONS = frozenset({"animate", "animateMotion", "animateTransform", "animateColor", "set"})
"""Elements that change others over time."""
_HIDDEN = frozenset({"defs", "symbol", "clipPath", "mask", "pattern", "marker", "filter", "metadata"})
_LINKS = frozenset({"href", "src", "data", "action", "formaction", "poster", "srcset"})
_ANIMATED = frozenset({"from", "to", "by", "values"})
_INSIDE = ("#", "data:image/", "data:font/", "data:application/font", "data:application/x-font")
_URL = re.compile(r"url\([\s\"']*+([^)]{0,30})", re.IGNORECASE)


def is_hidden(local: str) -> bool:
    """Return whether the content of this element is not rendered at its position."""
    return local in _HIDDEN


def draws(local: str, attributes: Names) -> bool:
    """Return whether this element draws something by itself; a text element draws only its content."""
    needs = _NEEDS.get(local)
    if not needs:
        return local in _DRAWN
    return any(value.strip() for name, value in attributes.items() if _local(name) == needs)


def href(attributes: Names) -> str:
    """Return the `href` of an element, in either namespace, or an empty string."""
    return next((value for name, value in attributes.items() if _local(name) == "href"), "")


def name_complaints(local: str, attributes: Names) -> Iterator[str]:
    """Yield the problems of the names and values of an element in SVG's namespace."""
    if local == "metadata":
        return
    if not known_element(local):
        yield f"SVG has no element `<{local}>`: it is not drawn, nor is what lies in it."
        return
    needs, unknown = _NEEDS.get(local), list(unknown_attributes(attributes))
    if needs and unknown and not draws(local, attributes):
        yield f"This `<{local}>` has no `{needs}`, so that nothing is drawn; `{unknown[0]}` is no attribute of SVG."
    for name, value in attributes.items():
        # In an animation, `fill` is the state after its end.
        if not (name == "fill" and local in ANIMATIONS) and (problem := value_problem(name, value)):
            yield problem


def unknown_attributes(attributes: Names) -> Iterator[str]:
    """Return the attributes that browsers do not know; those in a namespace may belong to a tool."""
    return (name for name in attributes if " " not in name and ":" not in name and not is_known_attribute(name))


def references(local: str, attributes: Names) -> Iterator[tuple[str, str]]:
    """Yield the ids that must exist for an element to render as written, each after the attribute that refers to it."""
    for name, value in attributes.items():
        target = _ID.match(value)
        if _local(name) == "href" and local in _REFERRING and value.strip().startswith("#"):
            yield "href", value.strip()[1:]
        elif name in {"fill", "stroke"} and target and local not in ANIMATIONS:
            yield name, target[1]


def complaints(local: str, attributes: Names) -> Iterator[str]:
    """Yield the problems of a start tag: scripts, and references to other files."""
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
    """Yield the problems of a style sheet: references to other files."""
    if "@import" in css.lower() or _fetches(css):
        yield "This style sheet refers to another file, which does not load; leave `@import` and outside `url()` out."


def _stays(local: str, value: str) -> bool:
    # A link loads nothing until it is clicked.
    return local == "a" or not value.strip() or value.strip().lower().startswith(_INSIDE)


def _fetches(value: str) -> bool:
    return any(not match[1].lower().startswith(_INSIDE) for match in _URL.finditer(value) if match[1].strip())


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
