"""Whether anything of a drawing is seen: shapes with a size and a paint, inside the part that is shown.

Only what is certain counts against a drawing. What a style sheet or an animation may change is taken to be seen.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from shared.artifacts.syntax.svg_values import Matrix, combined, matrix, numbers, path_points

_NO_PAINT = frozenset({"none", "transparent"})
_DECLARATION = re.compile(r"([a-zA-Z-]++)\s*+:\s*+([^;]*+)")
_ZERO = re.compile(r"[+-]?0*\.?0*(?:[a-z]+|%)?", re.IGNORECASE)
_PLAIN = re.compile(r"\s*+([+-]?(?:\d++(?:\.\d++)?|\.\d++)(?:[eE][+-]?\d++)?)(?:px)?\s*+")
ANIMATIONS = frozenset({"animate", "animateMotion", "animateTransform", "animateColor", "set"})
"""Elements that change others while time goes by."""
_SHAPES = frozenset({"rect", "circle", "ellipse", "line", "path", "polygon", "polyline"})
_MOVES = frozenset({"translate", "rotate", "scale", "offset-path", "transform-origin"})
_SHIFTS = frozenset(
    {"baseline-shift", "dx", "dy", "font", "letter-spacing", "textLength", "word-spacing", "writing-mode"}
)
"""What makes it hard to say where a text is."""
_WIDEST = 1.5
"""Of a character, in font sizes."""

Attributes = Mapping[str, str]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


class Unseen(StrEnum):
    """Why a shape is not seen."""

    NO_SIZE = "nothing in it has a size"
    NO_PAINT = "nothing in it has a fill or a stroke"
    OUTSIDE = "all of it lies outside the `viewBox`"
    HIDDEN = "all of it is hidden or wholly transparent"


@dataclass(frozen=True, slots=True)
class _State:
    """What an element hands down to those in it."""

    fill: str = "black"
    stroke: str = "none"
    stroke_width: str = "1"
    hidden: bool = False
    matrix: Matrix | None = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    """How it is moved in the plane of the drawing; None where that is not plain."""
    font_size: float | None = 16.0
    text: tuple[float, float] | None = None
    """Where a text in it begins; None where that is not plain."""
    shifted: bool = False


class Visibility:
    """Follows a drawing from tag to tag."""

    def __init__(self) -> None:
        self.unseen: set[Unseen] = set()
        """Why shapes so far are not seen."""
        self.may_change = False
        """Whether a style sheet or an animation may change what is seen."""
        self._states = [_State()]
        self._view: Box | None = None

    def start(self, local: str, attributes: Attributes) -> bool:
        """Take in a start tag; whether its element is, or may be, seen by itself."""
        styles = _declared(attributes.get("style", ""))
        given = {**attributes, **styles}
        state = self._inherit(given)
        if len(self._states) == 1:
            self._view = _view(given)
            state = replace(state, matrix=_State().matrix)  # a transform here moves the drawing as a whole
        elif local == "svg" or "transform" in styles:  # a style's transform has another grammar
            state = replace(state, matrix=None)
        # Where a part of a text is, its other parts say.
        plain_text = local == "text" and not state.shifted
        state = replace(state, text=_text_start(given) if plain_text else None)
        self._states.append(state)
        self.may_change = self.may_change or local == "style" or local in ANIMATIONS
        reason = _unseen(local, given, state, self._view) if local in _SHAPES else None
        if state.hidden:
            reason = Unseen.HIDDEN
        if reason and local in _SHAPES:
            self.unseen.add(reason)
        return reason is None

    def end(self) -> None:
        """Take in an end tag."""
        self._states.pop()

    def shows(self, text: str) -> bool:
        """Return whether a text that stands here is, or may be, seen."""
        state = self._states[-1]
        if state.hidden:
            return False
        if self._view is None or state.text is None or state.font_size is None:
            return True
        (x, y), half = state.text, state.font_size * _WIDEST * (len(text) + 1)
        box = _moved((x - half, y - 2 * state.font_size, x + half, y + 2 * state.font_size), state.matrix)
        if box is None or not _is_outside(box, self._view, _margin(state)):
            return True
        self.unseen.add(Unseen.OUTSIDE)
        return False

    def _inherit(self, given: Attributes) -> _State:
        outer = self._states[-1]
        hidden = (
            given.get("display", "").strip() == "none"
            or bool(_ZERO.fullmatch(given.get("opacity", "1").strip() or "1"))
            or given.get("visibility", "").strip() in {"hidden", "collapse"}
        )
        return _State(
            fill=_said(given, "fill", outer.fill),
            stroke=_said(given, "stroke", outer.stroke),
            stroke_width=_said(given, "stroke-width", outer.stroke_width),
            hidden=outer.hidden or hidden,
            matrix=None
            if any(name in given for name in _MOVES)
            else _composed(outer.matrix, given.get("transform", "")),
            font_size=_number(given["font-size"]) if "font-size" in given else outer.font_size,
            shifted=outer.shifted or any(name in given for name in _SHIFTS),
        )


def _composed(outer: Matrix | None, transform: str) -> Matrix | None:
    inner = matrix(transform)
    return None if outer is None or inner is None else combined(outer, inner)


def _text_start(given: Attributes) -> tuple[float, float] | None:
    x, y = (_number(given[name]) if given.get(name, "").strip() else 0.0 for name in "xy")
    return None if x is None or y is None else (x, y)


def _declared(style: str) -> dict[str, str]:
    return {match[1].lower(): match[2] for match in _DECLARATION.finditer(style)}


def _said(given: Attributes, name: str, inherited: str) -> str:
    value = given.get(name, "").removesuffix("!important").strip().lower()
    return inherited if value in {"", "inherit"} else value


def _view(root: Attributes) -> Box | None:
    """Return the part of the plane that a page shows or may show; None where that is not plain."""
    box = numbers(root.get("viewBox", ""))
    if not box or len(box) != 4 or root.get("overflow", "").strip() == "visible":  # noqa: PLR2004 - x, y and two sizes
        return None
    x, y, width, height = box
    shown_width, shown_height = (_number(root.get(name, "")) for name in ("width", "height"))
    if not (shown_width and shown_height and width > 0 and height > 0) or "none" in root.get("preserveAspectRatio", ""):
        return x, y, x + width, y + height
    scale = min(shown_width / width, shown_height / height)
    beside, above = shown_width / scale - width, shown_height / scale - height
    return x - beside, y - above, x + width + beside, y + height + above


def _unseen(local: str, given: Attributes, state: _State, view: Box | None) -> Unseen | None:
    if _has_no_size(local, given):
        return Unseen.NO_SIZE
    is_stroked = state.stroke not in _NO_PAINT and not _ZERO.fullmatch(state.stroke_width)
    if not is_stroked and (local == "line" or state.fill in _NO_PAINT):
        return Unseen.NO_PAINT
    box = _moved(_box(local, given), state.matrix) if view else None
    if box and view and _is_outside(box, view, _margin(state)):
        return Unseen.OUTSIDE
    return None


def _margin(state: _State) -> float:
    """Return how far a stroke goes beyond its shape at most, as it may be scaled."""
    scale = max(map(abs, (state.matrix or (1.0,))[:4]))
    return (_number(state.stroke_width) or 1.0) * max(scale, 1.0) * 2


def _moved(box: Box | None, by: Matrix | None) -> Box | None:
    """Return the box around what a matrix makes of one."""
    if box is None or by is None:
        return None
    a, b, c, d, e, f = by
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (box[0], box[2]) for y in (box[1], box[3])]
    horizontal, vertical = zip(*corners, strict=True)
    return min(horizontal), min(vertical), max(horizontal), max(vertical)


def _has_no_size(local: str, given: Attributes) -> bool:
    if local == "rect":
        return any(_is_zero(given, name, missing=True) for name in ("width", "height"))
    if local == "circle":
        return _is_zero(given, "r", missing=True)
    if local == "ellipse":
        missing = not given.get("rx", "").strip() and not given.get("ry", "").strip()
        return missing or any(_is_zero(given, name, missing=False) for name in ("rx", "ry"))
    return False


def _is_zero(given: Attributes, name: str, *, missing: bool) -> bool:
    value = given.get(name, "").strip()
    return bool(_ZERO.fullmatch(value)) if value else missing


def _number(value: str) -> float | None:
    match = _PLAIN.fullmatch(value)
    return float(match[1]) if match else None


def _box(local: str, given: Attributes) -> Box | None:
    """The part of the plane that a shape is in; None where that is not plain."""
    if local in {"polygon", "polyline"}:
        flat = numbers(given.get("points", "")) or []
        points = list(zip(flat[::2], flat[1::2], strict=False))
    elif local == "path":
        points = path_points(given.get("d", "").strip())
    else:
        return _box_of_figure(local, given)
    if not points:
        return None
    horizontal, vertical = [x for x, _ in points], [y for _, y in points]
    return min(horizontal), min(vertical), max(horizontal), max(vertical)


def _box_of_figure(local: str, given: Attributes) -> Box | None:
    names = {
        "rect": ("x", "y", "width", "height"), "circle": ("cx", "cy", "r", "r"), "ellipse": ("cx", "cy", "rx", "ry"),
        "line": ("x1", "y1", "x2", "y2"),
    }[local]  # fmt: skip
    values = [_number(given[name]) if given.get(name, "").strip() else 0.0 for name in names]
    if None in values:
        return None
    a, b, c, d = (value or 0.0 for value in values)
    if local == "rect":
        return a, b, a + c, b + d
    if local == "line":
        return min(a, c), min(b, d), max(a, c), max(b, d)
    radius = max(c, d) if local == "ellipse" else c
    return a - radius, b - radius, a + radius, b + radius


def _is_outside(box: Box, view: Box, margin: float) -> bool:
    left, top, right, bottom = box
    return right + margin < view[0] or left - margin > view[2] or bottom + margin < view[1] or top - margin > view[3]
