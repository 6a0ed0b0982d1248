"""Code that the grammar cannot read, and the likeliest reason, in a sentence."""

import re
from collections.abc import Iterator
from itertools import islice

from tree_sitter import Node

from shared.artifacts.syntax.grammar import Unread, unreadable
from shared.artifacts.syntax.jsx import name_of
from shared.artifacts.syntax.problem import Problem, Rule
from shared.artifacts.syntax.reading import MOST_PROBLEMS, Reading

_STRAY_LINES = (
    (re.compile(r"^[ \t]*(?:`{3,}|~{3,})[\w+.-]*[ \t]*\r?$", re.MULTILINE),
     "A Markdown fence stands in the code; write the code alone."),
    (re.compile(r"^[ \t]*</?(?:ant)?artifact\b", re.MULTILINE | re.IGNORECASE),
     "An artifact's tag stands in the code; write the code alone."),
    (re.compile(r"^[ \t]*(?:import|export)\b[^'\"\n;]*\bfrom[ \t]+[A-Za-z@.][\w./@-]*[ \t]*;?[ \t]*\r?$", re.MULTILINE),
     "The package after `from` must stand in quotes."),
    (re.compile(r"^[ \t]*import\b[^'\"\n;}]*\{[^'\"\n;}]*\bfrom[ \t]*['\"]", re.MULTILINE),
     "The `{` of this import is never closed: `}` is missing before `from`."),
)  # fmt: skip
_PROSE = re.compile(r"(?:\w[\w'\u2019-]*[,:;]?[ ]){3}[^(){};=<>\[\]`]*")
_CLOSERS = {")": "(", "]": "[", "}": "{", "`": "`", '"': '"', "'": "'"}
_OPENERS = {"(": "(", "[": "[", "{": "{", "${": "{"}
_LISTS = frozenset({
    "object", "array", "arguments", "formal_parameters", "named_imports", "export_clause", "object_pattern",
    "array_pattern",
})  # fmt: skip
_SHOWN = 40


def problems(reading: Reading) -> Iterator[Problem]:
    """What cannot be read, with lines that do not belong into code named first."""
    if not reading.tree.root_node.has_error:
        return
    pieces = list(islice(unreadable(reading.tree), MOST_PROBLEMS))
    for line, message in _STRAY_LINES if pieces else ():
        if found := line.search(reading.source.code):
            indented = found.start() + len(found[0]) - len(found[0].lstrip())
            yield reading.source.problem_in(Rule.SYNTAX, message, indented)
    for piece in pieces:
        yield _missing(reading, piece) if piece.node.is_missing else _error(reading, piece)


def _missing(reading: Reading, piece: Unread) -> Problem:
    node = piece.node
    message = f"`{node.type}` is missing here."
    opener = _CLOSERS.get(node.type)
    if node.is_named:
        message = f"A name or a value is missing here ({node.type.replace('_', ' ')})."
    elif node.type == ";":
        message = "An operator, a comma or a `;` is missing here."
    elif opener is not None:
        before = next((each for each in piece.parent.children if each.type == opener), None)
        if before is not None:
            line = reading.problem(Rule.SYNTAX, "", before).line
            message = f"`{node.type}` is missing here: the `{opener}` of line {line} is never closed."
    return reading.problem(Rule.SYNTAX, message, node)


def _error(reading: Reading, piece: Unread) -> Problem:
    node, parent, before = piece
    unclosed, stray = _balance(reading, node)
    if stray is not None:
        return reading.problem(Rule.SYNTAX, f"This `{stray.type}` closes nothing.", stray)
    if unclosed is not None:
        return reading.problem(Rule.SYNTAX, f"{_named(reading, unclosed)} is never closed.", unclosed)
    line = reading.problem(Rule.SYNTAX, "", node)
    if _PROSE.fullmatch(line.snippet.strip()):
        return reading.source.problem(Rule.SYNTAX, "This line is prose, not code.", line.line, 1)
    shown = reading.text(node).strip().split("\n", 1)[0][:_SHOWN]
    if parent.type in _LISTS and before is not None and before.is_named and before.type != "comment":
        return reading.problem(Rule.SYNTAX, f"A comma is missing before `{shown}`.", node)
    return reading.problem(Rule.SYNTAX, f"`{shown}` cannot stand here.", node)


def _balance(reading: Reading, error: Node) -> tuple[Node | None, Node | None]:
    """What is opened last in a piece that cannot be read and not closed in it, and what closes nothing there."""
    unclosed: list[tuple[str, Node]] = []
    for node in error.children:
        kind = node.type
        if kind in {"`", '"', "'"} and unclosed and unclosed[-1][0] == kind:
            unclosed.pop()
        elif kind in _OPENERS or kind in {"`", '"', "'"}:
            unclosed.append((_OPENERS.get(kind, kind), node))
        elif kind == "jsx_opening_element" and not _is_misread(reading, node):
            unclosed.append(("<", node))
        elif kind in _CLOSERS:
            if not unclosed:
                return None, node
            if unclosed[-1][0] == _CLOSERS[kind]:
                unclosed.pop()
        elif kind == "jsx_closing_element" and unclosed and unclosed[-1][0] == "<":
            unclosed.pop()
    return (unclosed[-1][1] if unclosed else None), None


def _is_misread(reading: Reading, tag: Node) -> bool:
    """Whether it is a closing tag that the grammar took for an opening one."""
    return reading.text(tag).startswith("</")


def _named(reading: Reading, opener: Node) -> str:
    if opener.type == "jsx_opening_element":
        return f"The tag `<{name_of(reading, opener)[:_SHOWN]}>`"
    if opener.type == "`":
        return "This template string"
    return "This string" if opener.type in {'"', "'"} else f"This `{opener.type}`"
