"""Whether anything of a drawing is visible: shapes with a size and a paint, inside the part that is shown.

Only what is certain is reported. What a style sheet or an animation may change counts as visible.
"""

import re
from dataclasses import dataclass, field, replace
from enum import StrEnum

from shared.artifacts.syntax.svg.boxes import (
    Attributes,
    Box,
    Size,
    around,
    box_of,
    is_outside,
    moved,
    plain,
    plain_or_zero,
    shown_part,
    size_of,
    widened,
)
from shared.artifacts.syntax.svg.content import ANIMATIONS, draws, href, is_hidden
from shared.artifacts.syntax.svg.values import Matrix, combined, inverse, matrix

_NO_PAINT = frozenset({"none", "transparent"})
_DECLARATION = re.compile(r"(?<![a-zA-Z-])([a-zA-Z-]++)\s*+:\s*+([^;]*+)")
_RULE = re.compile(r"(?<![a-zA-Z-])([a-zA-Z-]++)\s*+:\s*+([^;{}]*+)")
_COMMENT = re.compile(r"/\*(?>(?:[^*]++|\*(?!/))*)\*/")
_ZERO = re.compile(r"[+-]?(?:0++(?:\.0*+)?|\.0++)(?:[a-z]+|%)?", re.IGNORECASE)
_SHAPES = frozenset({"rect", "circle", "ellipse", "line", "path", "polygon", "polyline"})
_TEXTS = frozenset({"text", "tspan", "textPath", "a"})
_MOVES = frozenset({"translate", "rotate", "scale", "offset-path", "transform-origin"})
_REACHES = frozenset(
    {"marker", "marker-start", "marker-mid", "marker-end", "filter", "stroke-miterlimit", "vector-effect"}
)
"""Attributes that may draw far beyond the shape, or where the shape is not visible itself."""
_OF_ITS_OWN_SIZE = frozenset({"overflow", "refX", "refY", "x", "y", "width", "height", "style", "transform"})
"""Attributes of a symbol that is not simply clipped to the size of its `<use>`."""
_SHIFTS = frozenset({"baseline-shift", "font", "letter-spacing", "textLength", "word-spacing", "writing-mode"})
"""Attributes with which the position of a text is not known."""
_WIDEST = 1.5
"""Maximum width of a character, in font sizes."""
_PAINTS = frozenset({"color", "display", "fill", "fill-opacity", "opacity", "stroke", "stroke-opacity", "visibility"})
_STAYS = {
    "cursor", "font-family", "font-style", "font-weight", "paint-order", "pointer-events", "shape-rendering", "src",
    "stop-color", "stop-opacity", "stroke-dasharray", "stroke-dashoffset", "stroke-linecap", "stroke-linejoin",
    "text-anchor", "text-rendering", "transition",
}  # fmt: skip
"""Other properties that change neither the position nor the size of an element."""
_BACKGROUNDS = frozenset({"background", "background-color", "background-image", "border", "box-shadow", "outline"})


class Unseen(StrEnum):
    """Why a shape is not visible."""

    NO_SIZE = "nothing in it has a size"
    NO_PAINT = "nothing in it has a fill or a stroke"
    OUTSIDE = "all of it lies outside the `viewBox`"
    HIDDEN = "all of it is hidden or wholly transparent"


@dataclass(frozen=True, slots=True)
class _State:
    """The state that the children of an element inherit."""

    fill: str = "black"
    stroke: str = "none"
    stroke_width: str = "1"
    visibility: str = "visible"
    is_gone: bool = False
    """Whether it is not displayed, or wholly transparent."""
    is_apart: bool = False
    """Whether it is in an element whose content is not rendered at its position."""
    matrix: Matrix | None = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    """The transform to the plane of the drawing; None if it is not known."""
    font_size: float | None = 16.0
    shifted: bool = False
    reaches: bool = False

    @property
    def is_hidden(self) -> bool:
        """Whether it is not displayed, transparent or hidden."""
        return self.is_gone or self.visibility in {"hidden", "collapse"}

    @property
    def margin(self) -> float | None:
        """How far a stroke extends beyond its shape at most, at this scale; None if it is not known."""
        width = plain(self.stroke_width)
        return None if width is None else abs(width) * max(_scale(self.matrix), 1.0) * 2


_ROOT = _State()


@dataclass(slots=True)
class _Open:
    """An element that is not closed yet."""

    local: str
    id: str
    state: _State
    box: Box | None = None
    """Bounding box of what is drawn in it so far."""
    is_plain: bool = True
    """Whether that box is known."""

    def take(self, box: Box | None) -> None:
        """Add the box of something drawn in it."""
        self.is_plain = self.is_plain and box is not None
        self.box = around([each for each in (self.box, box) if each])


@dataclass(slots=True)
class _Text:
    """A `<text>`; the layout of its parts is not computed."""

    state: _State
    starts: list[tuple[float | None, float | None]] = field(default_factory=list)
    characters: int = 0
    shift: float = 0.0
    font_size: float = 0.0
    is_plain: bool = True
    is_hidden: bool = True

    def take(self, local: str, given: Attributes, state: _State) -> None:
        """Add the start tag of the text or of a part of it."""
        if "x" in given or "y" in given or not self.starts:
            self.starts.append((plain_or_zero(given, "x"), plain_or_zero(given, "y")))
        shifts = [plain_or_zero(given, name) for name in ("dx", "dy")]
        self.shift += sum(map(abs, filter(None, shifts)))
        self.font_size = max(self.font_size, state.font_size or 0.0)
        is_plain = None not in shifts and state.font_size is not None and not state.shifted
        self.is_plain = self.is_plain and is_plain and state.matrix == self.state.matrix and local != "textPath"

    def box(self, least_font_size: float) -> Box | None:
        """Return the bounding box of the text, or None if it is not known."""
        size = max(self.font_size, least_font_size)
        half = size * _WIDEST * (self.characters + 1) + self.shift
        high = 2 * size + self.shift
        # A part that sets only `x` or only `y` continues in the other direction, so the box encloses all starts.
        start = around(None if x is None or y is None else (x, y, x, y) for x, y in self.starts)
        box = (start[0] - half, start[1] - high, start[2] + half, start[3] + high) if start else None
        return moved(box, self.state.matrix) if self.is_plain else None


@dataclass(frozen=True, slots=True)
class _Use:
    """A `<use>`; its target may follow further down."""

    target: str
    state: _State
    place: Box | None
    """Its position, and its size if it shows a symbol; None if it is not known."""


class Visibility:
    """Decides whether a drawing is visible, from its tags in their order."""

    def __init__(self) -> None:
        self._unseen: set[Unseen] = set()
        self._is_seen = False
        self._may_change: set[Unseen] = set()
        """Reasons that a style sheet or an animation may remove."""
        self._open: list[_Open] = []
        self._view: Box | None = None
        self._size: Size | None = None
        self._text: _Text | None = None
        self._least_font_size = 0.0
        self._most_scaled = 1.0
        self._uses: list[_Use] = []
        self._symbols: set[str] = set()
        self._boxes: dict[str, Box | None] = {}
        """By id, for `<use>`."""

    def start(self, local: str, attributes: Attributes, *, is_own: bool) -> None:
        """Process a start tag.

        Args:
            local: the element's name.
            attributes: of it, by name.
            is_own: whether it is an element of SVG.
        """
        styles = _declared(attributes.get("style", ""))
        given = {**attributes, **styles}
        state = self._inherit(given)
        if not self._open:
            self._view = shown_part(given)
            state = replace(state, matrix=_ROOT.matrix)  # a transform of the root moves the whole drawing
            self._is_seen = any(name in _BACKGROUNDS for name in styles)
            self._size = size_of(given)
        elif local in {"svg", "symbol"} or "transform" in styles:  # CSS has another grammar for it
            state = replace(state, matrix=None)
        state = replace(state, is_apart=state.is_apart or is_hidden(local))
        self._most_scaled = max(self._most_scaled, _scale(state.matrix))
        self._open.append(_Open(local, attributes.get("id", ""), state))
        if local in ANIMATIONS:
            self._animate(local, attributes)
        if local == "text":
            self._text = _Text(state)
        if self._text and local in _TEXTS:
            self._text.take(local, given, state)
        if local == "symbol" and _OF_ITS_OWN_SIZE.isdisjoint(attributes):
            self._symbols.add(attributes.get("id", ""))
        if is_own and draws(local, attributes):
            self._draw(local, given, state)

    def _draw(self, local: str, given: Attributes, state: _State) -> None:
        is_plain = local in _SHAPES and not state.reaches
        box = widened(moved(box_of(local, given, self._size), state.matrix), state.margin) if is_plain else None
        use = _Use(href(given).strip().removeprefix("#"), state, self._place(given)) if local == "use" else None
        self._open[-1].take(self._box_of_use(use) if use else box)
        if state.is_apart:
            return
        if state.is_gone if use else state.is_hidden:  # its target may be visible again
            self._unseen.add(Unseen.HIDDEN)
        elif use:
            self._uses.append(use)
        elif local in _SHAPES and (reason := self._reason(local, given, state, box)):
            self._unseen.add(reason)
        else:
            self._is_seen = True

    def _reason(self, local: str, given: Attributes, state: _State, box: Box | None) -> Unseen | None:
        if _has_no_size(local, given):
            return Unseen.NO_SIZE
        if state.reaches:
            return None
        is_stroked = state.stroke not in _NO_PAINT and not _ZERO.fullmatch(state.stroke_width)
        if not is_stroked and (local == "line" or state.fill in _NO_PAINT):
            return Unseen.NO_PAINT
        return Unseen.OUTSIDE if self._is_outside(box) else None

    def _is_outside(self, box: Box | None) -> bool:
        return box is not None and self._view is not None and is_outside(box, self._view)

    def text(self, text: str) -> None:
        """Process text."""
        innermost = self._open[-1] if self._open else None
        if innermost and self._text and innermost.local in _TEXTS and text.strip():
            self._text.characters += len(text)
            self._text.is_hidden = self._text.is_hidden and innermost.state.is_hidden

    def style(self, css: str) -> None:
        """Process a style sheet."""
        for rule in _RULE.finditer(css):
            name = rule[1].lower()
            size = plain(rule[2]) if name == "font-size" else None
            if size is not None and Unseen.OUTSIDE not in self._unseen:
                self._least_font_size = max(self._least_font_size, size)
            elif not name.startswith("--"):
                self._is_seen = self._is_seen or name in _BACKGROUNDS
                self._change(name)

    def _animate(self, local: str, attributes: Attributes) -> None:
        moves = local in {"animateMotion", "animateTransform"}
        self._change("transform" if moves else attributes.get("attributeName", ""))

    def _change(self, name: str) -> None:
        if name in _PAINTS:
            self._may_change |= {Unseen.HIDDEN, Unseen.NO_PAINT}
        elif name not in _STAYS:
            self._may_change |= set(Unseen)

    def end(self) -> None:
        """Process an end tag."""
        closed = self._open.pop()
        if closed.local == "text" and self._text:
            self._end_text(self._text)
            closed.take(None)  # a `<use>` may show it larger
            self._text = None
        box = closed.box if closed.is_plain else None
        outer = self._open[-1] if self._open else None
        if closed.id and outer:
            by = inverse(outer.state.matrix) if outer.state.matrix else None
            self._boxes[closed.id] = None if closed.id in self._boxes else moved(box, by)
        if outer and (box or not closed.is_plain):
            outer.take(box)

    def _end_text(self, text: _Text) -> None:
        box = None if text.state.reaches else widened(text.box(self._least_font_size), text.state.margin)
        if text.state.is_apart:
            return
        if text.is_hidden:
            self._unseen |= {Unseen.HIDDEN} if text.characters else set()
        elif self._is_outside(box):
            self._unseen.add(Unseen.OUTSIDE)
        else:
            self._is_seen = True

    def why_unseen(self) -> str | None:
        """Return why nothing of the drawing is visible, as a clause, or None if something is or may be."""
        for use in self._uses:
            if self._is_outside(self._box_of_use(use)):
                self._unseen.add(Unseen.OUTSIDE)
            else:
                self._is_seen = True
        if self._is_seen or self._may_change & self._unseen:
            return None
        return min(self._unseen).value if self._unseen else "there is no shape, text or image in it to be seen"

    def _box_of_use(self, use: _Use) -> Box | None:
        if use.place is None:
            return None
        left, top, right, bottom = use.place
        if use.target in self._symbols:  # it is clipped to its size
            return moved(use.place, use.state.matrix) if right > left and bottom > top else None
        target = self._boxes.get(use.target)
        box = (target[0] + left, target[1] + top, target[2] + left, target[3] + top) if target else None
        margin = None if use.state.margin is None or use.state.reaches else use.state.margin * self._most_scaled
        return widened(moved(box, use.state.matrix), margin)

    def _place(self, given: Attributes) -> Box | None:
        x, y, width, height = (plain_or_zero(given, name, self._size) for name in ("x", "y", "width", "height"))
        return None if x is None or y is None else (x, y, x + (width or 0.0), y + (height or 0.0))

    def _inherit(self, given: Attributes) -> _State:
        outer = self._open[-1].state if self._open else _ROOT
        is_gone = given.get("display", "").strip() == "none" or _is_zero(given, "opacity", missing=False)
        return _State(
            fill=_said(given, "fill", outer.fill),
            stroke=_said(given, "stroke", outer.stroke),
            stroke_width=_said(given, "stroke-width", outer.stroke_width),
            visibility=_said(given, "visibility", outer.visibility),
            is_gone=outer.is_gone or is_gone,
            is_apart=outer.is_apart,
            matrix=None
            if any(name in given for name in _MOVES)
            else _composed(outer.matrix, given.get("transform", "")),
            font_size=plain(given["font-size"]) if "font-size" in given else outer.font_size,
            shifted=outer.shifted or any(name in given for name in _SHIFTS),
            reaches=outer.reaches or not _REACHES.isdisjoint(given),
        )


def _composed(outer: Matrix | None, transform: str) -> Matrix | None:
    inner = matrix(transform)
    return None if outer is None or inner is None else combined(outer, inner)


def _scale(by: Matrix | None) -> float:
    return max(map(abs, by[:4])) if by else 1.0


def _declared(style: str) -> dict[str, str]:
    return {match[1].lower(): match[2] for match in _DECLARATION.finditer(_COMMENT.sub("", style))}


def _said(given: Attributes, name: str, inherited: str) -> str:
    value = given.get(name, "").removesuffix("!important").strip().lower()
    return inherited if value in {"", "inherit"} else value


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
