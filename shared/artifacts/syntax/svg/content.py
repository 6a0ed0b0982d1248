"""What an element of a drawing may hold, and whether it is seen."""

import re
from collections.abc import Iterator, Mapping

from shared.artifacts.syntax.svg.values import is_known_attribute, known_element, value_problem

Names = Mapping[str, str]
"""Attributes by name; a name of a namespace has that in front of it, with a space between."""

# What an element needs in order to be seen; a browser has no default for these.
_NEEDS = {"path": "d", "polygon": "points", "polyline": "points", "image": "href", "use": "href"}
_DRAWN = frozenset(
    {"path", "polygon", "polyline", "image", "use", "rect", "circle", "ellipse", "line", "foreignObject"}
)
_REFERRING = frozenset({"use", "textPath", "linearGradient", "radialGradient", "pattern"})
_ID = re.compile(r"\s*+url\(\s*+[\"']?#([^\"')\s]++)[\"']?\s*+\)\s*+\Z", re.IGNORECASE)
"""A paint without another to fall back on."""
ANIMATIONS = frozenset({"animate", "animateMotion", "animateTransform", "animateColor", "set"})
"""Elements that change others while time goes by."""
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
    needs = _NEEDS.get(local)
    if not needs:
        return local in _DRAWN
    return any(value.strip() for name, value in attributes.items() if _local(name) == needs)


def href(attributes: Names) -> str:
    """Return what an element refers to, in either namespace; empty where it does not."""
    return next((value for name, value in attributes.items() if _local(name) == "href"), "")


def name_complaints(local: str, attributes: Names) -> Iterator[str]:
    """What is wrong with the names and values of an element in SVG's own namespace."""
    if local == "metadata":
        return
    if not known_element(local):
        yield f"SVG has no element `<{local}>`: it is not drawn, nor is what lies in it."
        return
    needs, unknown = _NEEDS.get(local), list(unknown_attributes(attributes))
    if needs and unknown and not draws(local, attributes):
        yield f"This `<{local}>` has no `{needs}`, so that nothing is drawn; `{unknown[0]}` is no attribute of SVG."
    for name, value in attributes.items():
        # An animation says with `fill` what is left when it ends.
        if not (name == "fill" and local in ANIMATIONS) and (problem := value_problem(name, value)):
            yield problem


def unknown_attributes(attributes: Names) -> Iterator[str]:
    """The attributes that mean nothing to a browser; what is in a namespace of its own is somebody's."""
    return (name for name in attributes if " " not in name and ":" not in name and not is_known_attribute(name))


def references(local: str, attributes: Names) -> Iterator[tuple[str, str]]:
    """The ids that have to be there for an element to be seen as it says, each with the attribute that names it."""
    for name, value in attributes.items():
        target = _ID.match(value)
        if _local(name) == "href" and local in _REFERRING and value.strip().startswith("#"):
            yield "href", value.strip()[1:]
        elif name in {"fill", "stroke"} and target and local not in ANIMATIONS:
            yield name, target[1]


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
