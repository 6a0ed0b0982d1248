"""Bounding boxes of the shapes of a drawing; an estimate is too large rather than too small."""

import math
import re
from collections.abc import Iterable, Mapping

from shared.artifacts.syntax.svg.values import Matrix, numbers, path_points

_PLAIN = re.compile(r"\s*+([+-]?(?:\d++(?:\.\d++)?|\.\d++)(?:[eE][+-]?\d++)?)(px|%)?\s*+")

Attributes = Mapping[str, str]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""
Size = tuple[float, float]
"""Width and height."""
_DIRECTION = {
    "x": "x", "cx": "x", "rx": "x", "x1": "x", "x2": "x", "width": "x",
    "y": "y", "cy": "y", "ry": "y", "y1": "y", "y2": "y", "height": "y",
}  # fmt: skip
"""The axis of the drawing that a percentage refers to; in other attributes it is the normalised diagonal."""


def plain(value: str, whole: float | None = None) -> float | None:
    """Return a length in user units, or None if it has another unit or is no length.

    Args:
        value: the length.
        whole: the length that is 100%; None if that is not known.
    """
    match = _PLAIN.fullmatch(value)
    if not match or (match[2] == "%" and whole is None):
        return None
    return float(match[1]) * (whole or 0.0) / 100 if match[2] == "%" else float(match[1])


def plain_or_zero(given: Attributes, name: str, size: Size | None = None) -> float | None:
    """Return the length in this attribute, 0 if it is not given, or None if it cannot be computed.

    Args:
        given: attributes by name.
        name: of the attribute.
        size: of the drawing, for percentages.
    """
    if not given.get(name, "").strip():
        return 0.0
    if size is None:
        return plain(given[name])
    whole = {"x": size[0], "y": size[1]}.get(_DIRECTION.get(name, ""), math.hypot(*size) / math.sqrt(2))
    return plain(given[name], whole)


def box_of(local: str, given: Attributes, size: Size | None) -> Box | None:
    """Return the bounding box of a shape, or None if it is not known."""
    if local in {"polygon", "polyline"}:
        flat = numbers(given.get("points", "")) or []
        points = list(zip(flat[::2], flat[1::2], strict=False))
    elif local == "path":
        points = path_points(given.get("d", "").strip())
    else:
        return _box_of_figure(local, given, size)
    if not points:
        return None
    horizontal, vertical = [x for x, _ in points], [y for _, y in points]
    return min(horizontal), min(vertical), max(horizontal), max(vertical)


def _box_of_figure(local: str, given: Attributes, size: Size | None) -> Box | None:
    names = {
        "rect": ("x", "y", "width", "height"), "circle": ("cx", "cy", "r", "r"), "ellipse": ("cx", "cy", "rx", "ry"),
        "line": ("x1", "y1", "x2", "y2"),
    }[local]  # fmt: skip
    values = [plain_or_zero(given, name, size) for name in names]
    if None in values:
        return None
    a, b, c, d = (value or 0.0 for value in values)
    if local == "rect":
        return a, b, a + c, b + d
    if local == "line":
        return min(a, c), min(b, d), max(a, c), max(b, d)
    radius = max(c, d) if local == "ellipse" else c
    return a - radius, b - radius, a + radius, b + radius


def _view_box(root: Attributes) -> list[float] | None:
    box = numbers(root.get("viewBox", ""))
    return box if box and len(box) == 4 else None  # noqa: PLR2004 - x, y, width and height


def size_of(root: Attributes) -> Size | None:
    """Return the size of the `viewBox`, which percentages refer to, or None if there is no valid one."""
    box = _view_box(root)
    return (box[2], box[3]) if box else None


def shown_part(root: Attributes) -> Box | None:
    """Return the part of the plane that a page shows or may show, or None if it is not known."""
    box = _view_box(root)
    if not box or re.search("visible|auto", root.get("overflow", "")):
        return None
    x, y, width, height = box
    shown = [root.get(name, "").strip() for name in ("width", "height")]
    # With only one of them, or none, a page keeps the proportions.
    if not all(shown) or "auto" in shown or "none" in root.get("preserveAspectRatio", ""):
        return x, y, x + width, y + height
    shown_width, shown_height = map(plain, shown)
    if not (shown_width and shown_height and width > 0 and height > 0):
        return None
    scale = min(shown_width / width, shown_height / height)
    if not scale or not math.isfinite(scale):
        return None
    beside, above = shown_width / scale - width, shown_height / scale - height
    return x - beside, y - above, x + width + beside, y + height + above


def moved(box: Box | None, by: Matrix | None) -> Box | None:
    """Return the bounding box of a transformed box, or None if the box or the matrix is not known."""
    if box is None or by is None:
        return None
    a, b, c, d, e, f = by
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (box[0], box[2]) for y in (box[1], box[3])]
    horizontal, vertical = zip(*corners, strict=True)
    return min(horizontal), min(vertical), max(horizontal), max(vertical)


def around(boxes: Iterable[Box | None]) -> Box | None:
    """Return the bounding box of all boxes, or None if there are none or one is not known."""
    every = list(boxes)
    known = [box for box in every if box]
    if not known or len(known) < len(every):
        return None
    left, top, right, bottom = zip(*known, strict=True)
    return min(left), min(top), max(right), max(bottom)


def widened(box: Box | None, by: float | None) -> Box | None:
    """Return the box extended by this length on every side, or None if either is not known."""
    return (box[0] - by, box[1] - by, box[2] + by, box[3] + by) if box and by is not None else None


def is_outside(box: Box, view: Box) -> bool:
    """Return whether no part of the box is in the view."""
    return box[2] < view[0] or box[0] > view[2] or box[3] < view[1] or box[1] > view[3]
