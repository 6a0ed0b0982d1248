"""JSX: each tag is closed by one of its own name, and braces among attributes spread."""

from collections.abc import Iterator

from tree_sitter import Node

from shared.artifacts.syntax.problem import Problem, Rule
from shared.artifacts.syntax.reading import Reading


def problems(reading: Reading) -> Iterator[Problem]:
    """What is wrong with tags that the grammar can read."""
    yield from _mismatched(reading)
    for node in reading.found("attribute.spread"):
        if not any(child.type == "spread_element" for child in node.children):
            yield reading.problem(Rule.SYNTAX, "Among attributes, braces hold `...props` and nothing else.", node)


def _mismatched(reading: Reading) -> Iterator[Problem]:
    tags = sorted(reading.found("tag.open") + reading.found("tag.close"), key=lambda node: node.start_byte)
    unclosed: list[Node] = []
    for tag in tags:
        if tag.type == "jsx_opening_element":
            unclosed.append(tag)
        elif unclosed:
            opening = unclosed.pop()
            opened, closed = name_of(reading, opening), name_of(reading, tag)
            if opened != closed:
                line = reading.problem(Rule.SYNTAX, "", opening).line
                message = f"`</{closed}>` closes `<{opened}>` of line {line}; they must have one name."
                yield reading.problem(Rule.SYNTAX, message, tag)
                return


def name_of(reading: Reading, tag: Node) -> str:
    """A tag's name, shortened to what can be shown; that of a fragment is empty."""
    name = tag.child_by_field_name("name")
    # Not yet shortened: two names may differ at their ends.
    return "" if name is None else "".join(reading.text(name).split())
