"""What the grammar reads without complaint and no parser of the language takes."""

from bisect import bisect_right
from collections.abc import Iterator

from tree_sitter import Node

from shared.artifacts.syntax.problem import Problem, Rule
from shared.artifacts.syntax.reading import Reading

_MESSAGES = {
    "const": "A `const` needs a value.",
    "pattern": "What is taken apart here needs a value: write `= …` behind it.",
    "comma": "Something is missing between two commas, or a comma is too many.",
    "class_comma": "Members of a class are not separated by commas.",
    "nameless_function": "A function that is a statement needs a name.",
    "default_variable": "A variable cannot be declared in `export default`; declare it first and export it below.",
    "power": "What is raised with `**` must stand in parentheses.",
    "try": "A `try` needs a `catch` or a `finally`.",
    "of_sequence": "`for … of` takes one value, not several.",
    "arrow_called": "An arrow function cannot be used so; a comma is missing behind it, or parentheses around it.",
    "typed": "A type cannot stand here; `=>` may be missing behind the parenthesis.",
    "update": "`++` and `--` need a variable.",
    "optional_target": "Nothing can be assigned to what `?.` may leave out.",
    "optional_new": "`new` cannot be used with `?.`.",
    "parameter": "A parameter is a name or a pattern, nothing else.",
    "generic": "This is read as a tag; write a comma behind the type parameter, as in `<T,>`.",
    "extends": "A class extends a name or a call; a `>` may be missing behind its type arguments.",
    "fence": "A Markdown fence stands in the code; write the code alone.",
    "return": "This `return` stands outside of any function; a brace above it may be one too many.",
}
_LOOKED_AT = 1000
"""A node's parent is sought from the top, so that many in deep nests would take long."""
_IN_TWO_LINES = "This string does not end on its line; close it, or use a template string."
_AWAIT = "`await` can only be used in an `async` function."


def problems(reading: Reading) -> Iterator[Problem]:
    """What must be refused although the grammar reads it, one kind after the other."""
    for name, message in _MESSAGES.items():
        for node in reading.found(f"refused.{name}")[:_LOOKED_AT]:
            excuse = _EXCUSES.get(name)
            if excuse is None or not excuse(node):
                yield reading.problem(Rule.SYNTAX, message, node)
    yield from _strings(reading)
    yield from _awaits(reading)


def _is_ambient(node: Node) -> bool:
    """Whether it stands in a `declare`, where only types are told."""
    above = node.parent
    for _ in range(8):
        if above is None or above.type == "ambient_declaration":
            return above is not None
        above = above.parent
    return False


def _has_comma(node: Node) -> bool:
    return any(child.type == "," for child in node.children)


_EXCUSES = {"const": _is_ambient, "pattern": _is_ambient, "generic": _has_comma}


def _strings(reading: Reading) -> Iterator[Problem]:
    """Strings over several lines: only an attribute may hold one, or one whose lines end in a backslash."""
    long = [node for node in reading.found("string") if node.start_point.row != node.end_point.row]
    for node in long[:_LOOKED_AT]:
        lines = reading.text(node).split("\n")[:-1]
        if (node.parent is None or node.parent.type != "jsx_attribute") and not all(
            line.rstrip("\r").endswith("\\") for line in lines
        ):
            yield reading.problem(Rule.SYNTAX, _IN_TWO_LINES, node)


def _awaits(reading: Reading) -> Iterator[Problem]:
    """Every `await` whose function is not `async`; outside of all functions a module may use it."""
    for node, function in awaited(reading):
        if function is not None and not any(child.type == "async" for child in function.children[:6]):
            yield reading.problem(Rule.SYNTAX, _AWAIT, node)


def awaited(reading: Reading) -> Iterator[tuple[Node, Node | None]]:
    """Every `await`, and the function that it stands in, if any."""
    awaits = reading.found("await")
    if not awaits:
        return
    bodies = [(body.start_byte, body.end_byte, function) for function in reading.found("function")
              if (body := function.child_by_field_name("body")) is not None]  # fmt: skip
    innermost = _Innermost(bodies)
    for node in sorted(awaits, key=lambda each: each.start_byte):
        yield node, innermost.at(node.start_byte)


class _Innermost:
    """Which of many nested spans a place lies in; to be asked for places in their order."""

    def __init__(self, spans: list[tuple[int, int, Node]]) -> None:
        self._spans = sorted(spans, key=lambda span: span[0])
        self._starts = [span[0] for span in self._spans]
        self._open: list[tuple[int, int, Node]] = []
        self._next = 0

    def at(self, byte: int) -> Node | None:
        """The innermost span's node, or None outside of all."""
        last = bisect_right(self._starts, byte)
        for span in self._spans[self._next : last]:
            self._close(span[0])
            self._open.append(span)
        self._next = max(self._next, last)
        self._close(byte)
        return self._open[-1][2] if self._open else None

    def _close(self, byte: int) -> None:
        while self._open and self._open[-1][1] <= byte:
            self._open.pop()
