"""The grammars of attribute values, as browsers parse them: paths, points, transforms, colours, lengths.

Browsers draw an invalid value up to its error, or ignore it. An empty value counts as not given.
"""

import math
import re
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

Matrix = tuple[float, float, float, float, float, float]
"""A transform: a, b, c, d, e and f of `matrix(a b c d e f)`."""

_DATA = Path(__file__).with_name("values.toml")
_MAX_SHOWN_CHARS = 40

_NUMBER = r"[+-]?(?:[0-9]++(?>(?:\.[0-9]++)?)|\.[0-9]++)(?>(?:[eE][+-]?[0-9]++)?)"
_GAP = r"(?>[ \t\r\n\f]*(?>(?:,[ \t\r\n\f]*)?))"
_COMMAND = re.compile(r"[ \t\r\n\f]*+([MmLlHhVvCcSsQqTtAaZz])[ \t\r\n\f]*+")
_ARGUMENT = re.compile(f"({_NUMBER})" + _GAP)
_FLAG = re.compile(r"([01])" + _GAP)
_ARGUMENTS = {"m": 2, "l": 2, "h": 1, "v": 1, "c": 6, "s": 4, "q": 4, "t": 2, "a": 7, "z": 0}
_LARGEST = 3.4028234663852886e38
"""The largest 32-bit number; browsers cannot parse a larger one in path data."""
_FLAGS = {3, 4}
"""The indexes of an arc's arguments that are 0 or 1; they need no separator."""

_NUMBERS = re.compile(rf"[ \t\r\n\f]*+(?>(?:{_NUMBER}{_GAP})*)")
_ONE_TRANSFORM = re.compile(
    r"[ \t\r\n\f,]*+(matrix|translate|scale|rotate|skewX|skewY)"
    rf"[ \t\r\n\f]*+\([ \t\r\n\f]*+((?>(?:{_NUMBER}{_GAP})*))\)"
)
_TRANSFORM_ARGUMENTS = {
    "matrix": {6}, "translate": {1, 2}, "scale": {1, 2}, "rotate": {1, 3}, "skewX": {1}, "skewY": {1},
}  # fmt: skip
_UNIT = (
    r"(?:%|em|rem|ex|rex|ch|rch|ic|ric|cap|rcap|lh|rlh|[sld]?v(?:w|h|i|b|min|max)|cq(?:w|h|i|b|min|max)"
    r"|cm|mm|q|in|pt|pc|px)"
)
_KEYWORD = r"(?:auto|inherit|initial|unset|revert|revert-layer)"
_CALLED = r"(?:calc|var|min|max|clamp|env|attr|round|mod|rem|abs|sign|sin|cos|tan)\(.*\)"
_LENGTH = re.compile(rf"(?:{_NUMBER}{_UNIT}?|{_KEYWORD}|{_CALLED})", re.IGNORECASE | re.DOTALL)
_HEX = re.compile(r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})", re.IGNORECASE)
_FUNCTION = re.compile(r"([a-z-]++)\([^()]*+(?>(?:\([^()]*+(?>(?:\([^()]*+\)[^()]*+)*)\)[^()]*+)*)\)", re.IGNORECASE)
_PAINT_SERVER = re.compile(r"url\([^)]*+\)[ \t\r\n\f]*+", re.IGNORECASE)
_PAINTS = {"none", "context-fill", "context-stroke"}
_GLOBAL = {"inherit", "initial", "unset", "revert", "revert-layer"}


def value_problem(attribute: str, value: str) -> str | None:
    """Return what is wrong with the value of this attribute, as a sentence, or None."""
    grammar = _grammars().get(attribute)
    said = value.strip(" \t\r\n\f")
    return grammar(attribute, said) if grammar and said else None


def known_element(local: str) -> str | None:
    """Return the name of a known element, in the case that HTML parsers correct it to, or None."""
    return _elements().get(local.lower())


def is_known_attribute(name: str) -> bool:
    """Return whether browsers know this attribute, which is in no namespace."""
    lower = name.lower()
    return lower in _names()["attributes"] or lower.startswith(("data-", "aria-", "on"))


def numbers(value: str) -> list[float] | None:
    """Return the numbers of a value, or None if it holds anything else."""
    match = _NUMBERS.fullmatch(value.strip(" \t\r\n\f"))
    return [float(number) for number in re.findall(_NUMBER, value)] if match else None


def matrix(transform: str) -> Matrix | None:
    """Return the value of `transform` as one matrix, or None if it is invalid."""
    found, end = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0), 0
    while step := _ONE_TRANSFORM.match(transform, end):
        given = [float(number) for number in re.findall(_NUMBER, step[2])]
        if len(given) not in _TRANSFORM_ARGUMENTS[step[1]] or not all(map(math.isfinite, given)):
            return None
        found, end = combined(found, _MATRICES[step[1]](*given)), step.end()
    return None if transform[end:].strip(" \t\r\n\f,") else found


def combined(outer: Matrix, inner: Matrix) -> Matrix:
    """Return the product of two matrices; the inner one is applied first."""
    a, b, c, d, e, f = outer
    g, h, i, j, k, l = inner  # noqa: E741 - the letters go on
    return (a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f)


def inverse(of: Matrix) -> Matrix | None:
    """Return the inverse of a matrix, or None if it has none."""
    a, b, c, d, e, f = of
    determinant = a * d - b * c
    if not determinant or not math.isfinite(determinant):
        return None
    a, b, c, d = d / determinant, -b / determinant, -c / determinant, a / determinant
    return (a, b, c, d, -(a * e + c * f), -(b * e + d * f))


def _rotation(angle: float, x: float = 0.0, y: float = 0.0) -> Matrix:
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    return (cos, sin, -sin, cos, x - cos * x + sin * y, y - sin * x - cos * y)


_MATRICES: dict[str, Callable[..., Matrix]] = {
    "matrix": lambda *six: six,
    "translate": lambda x, y=0.0: (1.0, 0.0, 0.0, 1.0, x, y),
    "scale": lambda x, y=None: (x, 0.0, 0.0, x if y is None else y, 0.0, 0.0),
    "rotate": _rotation,
    "skewX": lambda angle: (1.0, 0.0, math.tan(math.radians(angle)), 1.0, 0.0, 0.0),
    "skewY": lambda angle: (1.0, math.tan(math.radians(angle)), 0.0, 1.0, 0.0, 0.0),
}


def path_end(data: str) -> int | None:
    """Return the index at which path data becomes invalid, or None if all of it is valid.

    Args:
        data: without whitespace at both ends.
    """
    return next((step for step in _steps(data) if isinstance(step, int)), None)


def path_points(data: str) -> list[tuple[float, float]]:
    """Return points that enclose a path, such as its end points and control points, up to its first error."""
    points: list[tuple[float, float]] = []
    x = y = start_x = start_y = 0.0
    bent: dict[str, tuple[float, float]] = {}  # the last control point, by the command that reflects it
    for step in _steps(data):
        if isinstance(step, int):
            break
        command, given = step
        base_x, base_y = (x, y) if command.islower() else (0.0, 0.0)
        kind = command.lower()
        if kind == "z":
            x, y = start_x, start_y
            continue
        if kind == "h":
            pairs = [(base_x + given[0], y)]
        elif kind == "v":
            pairs = [(x, base_y + given[0])]
        else:
            flat = given[-2:] if kind == "a" else given
            pairs = [(base_x + a, base_y + b) for a, b in zip(flat[::2], flat[1::2], strict=True)]
            if kind in "st":
                before = bent.get(kind, (x, y))
                pairs.insert(0, (2 * x - before[0], 2 * y - before[1]))
            if kind == "a":
                wide = _bulge(given, math.dist((x, y), pairs[0]))
                pairs = [(a + side, b + side) for a, b in pairs for side in (-wide, wide)] + pairs
        points += pairs
        bent = (
            {"c": {"s": pairs[-2]}, "s": {"s": pairs[-2]}, "q": {"t": pairs[-2]}, "t": {"t": pairs[0]}}[kind]
            if kind in "csqt"
            else {}
        )
        x, y = pairs[-1]
        if kind == "m":
            start_x, start_y = x, y
    return points


def _bulge(arc: list[float], chord: float) -> float:
    """Return how far an arc extends beyond its end points at most; radii that are too small are scaled up."""
    small, large = sorted(map(abs, arc[:2]))
    if not small:
        return 0.0  # it is a straight line
    half = chord * large / small
    return max(half, 2 * large) if arc[3] else half


def _steps(data: str) -> Iterator[tuple[str, list[float]] | int]:
    """Yield each command with its numbers, once for each set of them; at the end, the index of an error."""
    position, command = 0, ""
    while position < len(data):
        named = _COMMAND.match(data, position)
        if named:
            command, position = named[1], named.end()
        elif command in {"", "z", "Z"}:
            yield position
            return
        elif command in "mM":
            command = "l" if command == "m" else "L"
        given = []
        for index in range(_ARGUMENTS[command.lower()]):
            is_flag = command in "aA" and index in _FLAGS
            argument = (_FLAG if is_flag else _ARGUMENT).match(data, position)
            if not argument:
                yield position
                return
            given.append(float(argument[1]))
            if abs(given[-1]) > _LARGEST:
                yield argument.start()
                return
            position = argument.end()
        yield command, given


def _path(attribute: str, value: str) -> str | None:
    if value.lower() in {"none", *_GLOBAL}:
        return None
    if value[0] not in "Mm":
        return f"`{attribute}` has to begin with `M`, not with `{value[:_MAX_SHOWN_CHARS]}`."
    end = path_end(value)
    if end is None:
        return None
    shown = value[end : end + 12]
    return (
        f"`{attribute}` cannot be read from `{shown}` on, and nothing is drawn from there."
        if shown
        else (f"`{attribute}` ends before its last command has all its numbers.")
    )


def _points(attribute: str, value: str) -> str | None:
    if numbers(value) is None:
        return f"`{attribute}` holds something that is no number: `{value[:_MAX_SHOWN_CHARS]}`."
    return None


def _view_box(attribute: str, value: str) -> str | None:
    given = numbers(value)
    if given is None or len(given) != 4:  # noqa: PLR2004 - x, y, width and height
        return f"`{attribute}` has to hold four numbers, not `{value[:_MAX_SHOWN_CHARS]}`."
    return None if given[2] > 0 and given[3] > 0 else f"`{attribute}` has no size, so that nothing is drawn."


def _transform(attribute: str, value: str) -> str | None:
    if value.lower() in {"none", *_GLOBAL}:
        return None
    position = 0
    while one := _ONE_TRANSFORM.match(value, position):
        position = one.end()
        count = len(re.findall(_NUMBER, one[2]))
        if count not in _TRANSFORM_ARGUMENTS[one[1]]:
            return f"`{one[1]}` in `{attribute}` takes {_listed(_TRANSFORM_ARGUMENTS[one[1]])} numbers, not {count}."
    rest = value[position:].strip(" \t\r\n\f,")
    return f"`{attribute}` cannot be read: `{rest[:_MAX_SHOWN_CHARS]}`." if rest else None


def _listed(counts: set[int]) -> str:
    return " or ".join(str(count) for count in sorted(counts))


def _paint(attribute: str, value: str) -> str | None:
    server = _PAINT_SERVER.match(value)
    rest = value[server.end() :] if server else value
    return None if not rest or rest.lower() in _PAINTS else _color(attribute, rest)


def _color(attribute: str, value: str) -> str | None:
    lower = value.lower()
    if lower in _names()["colors"] or lower in _GLOBAL or _HEX.fullmatch(value) or lower.startswith("var("):
        return None
    called = _FUNCTION.fullmatch(value)
    if called and called[1].lower() in _names()["functions"]:
        return None
    return f"`{attribute}` is no colour: `{value[:_MAX_SHOWN_CHARS]}`; write a name, or `#` and three or six digits."


def _length(attribute: str, value: str) -> str | None:
    if not _LENGTH.fullmatch(value):
        return f"`{attribute}` is no length: `{value[:_MAX_SHOWN_CHARS]}`."
    negative = attribute in {"width", "height", "r", "rx", "ry", "stroke-width"} and value.startswith("-")
    return f"`{attribute}` must not be negative." if negative and float(_first_number(value)) < 0 else None


def _lengths(attribute: str, value: str) -> str | None:
    if _CALLS.match(value):
        return None
    wrong = next((each for each in re.split(r"[ \t\r\n\f,]+", value) if each and not _LENGTH.fullmatch(each)), None)
    return None if wrong is None else f"`{attribute}` is no length: `{wrong[:_MAX_SHOWN_CHARS]}`."


def _fraction(attribute: str, value: str) -> str | None:
    if re.fullmatch(rf"{_NUMBER}%?|{_KEYWORD}|{_CALLED}", value, re.IGNORECASE | re.DOTALL):
        return None
    return f"`{attribute}` is no number: `{value[:_MAX_SHOWN_CHARS]}`."


_CALLS = re.compile(_CALLED, re.IGNORECASE | re.DOTALL)


def _first_number(value: str) -> str:
    match = re.match(_NUMBER, value)
    return match[0] if match else "0"


_GRAMMARS: dict[str, Callable[[str, str], str | None]] = {
    "path": _path,
    "points": _points,
    "numbers": _view_box,
    "transform": _transform,
    "paint": _paint,
    "color": _color,
    "length": _length,
    "lengths": _lengths,
    "fraction": _fraction,
}


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(_DATA.read_text("utf-8"))


@cache
def _names() -> dict[str, frozenset[str]]:
    table = _table()
    return {
        "attributes": frozenset(name.lower() for name in table["attributes"]),
        "colors": frozenset(table["colors"]["named"].split()),
        "functions": frozenset(table["colors"]["functions"].split()),
    }


@cache
def _elements() -> dict[str, str]:
    return {name.lower(): name for name in _table()["elements"]}


@cache
def _grammars() -> dict[str, Callable[[str, str], str | None]]:
    return {name: _GRAMMARS[kind] for kind, names in _table()["values"].items() for name in names}
