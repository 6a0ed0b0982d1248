"""The check of a diagram: a known first word, something behind it, and what that type of diagram has to close.

It refuses nothing known that mermaid.js draws. Nearly all of what a model typically breaks is found, such as an answer
that was cut or a label without quotes; of diagrams with one character changed that mermaid.js refuses, about half.
"""

import re
from collections.abc import Callable, Iterator
from itertools import islice

from shared.artifacts.diagrams import FRONT, WORD
from shared.artifacts.syntax.comments import Span, elisions
from shared.artifacts.syntax.flowchart import flowchart_problems
from shared.artifacts.syntax.mermaid_end import class_end, entity_end, sequence_end
from shared.artifacts.syntax.problem import Problem, Rule, Source

_MOST = 10
_LONGEST = 1000  # characters of a line that is looked at
_COMMENT = re.compile(r"^[ \t]*+(?P<comment>%%(?!\{)[^\n]*+)", re.MULTILINE)
_DESCRIPTION = re.compile(r"^[ \t]*+accDescr[ \t]*+\{[^}]*+(?:\}|\Z)", re.MULTILINE)
_TEXT = re.compile(r"[^\n]")
_LINE = re.compile(r"[^\n]++")
_BLOCK = re.compile(r"\s*+(?:loop|alt|opt|par|par_over|critical|break|rect|box)\b(?!\s*+(?:-|[<:,]))", re.IGNORECASE)
_END = re.compile(r"\s*+end\s*+;?\s*+$", re.IGNORECASE)
_MESSAGE = re.compile(r"[^:#;\n>]*?[^:#;\n>\s]\s*+-{1,2}(?:>{1,2}|[x)])[+-]?[^:\n]*+$")
_NOTE = re.compile(r"\s*+note\s++(?:left|right)\s++of\s++[^:\n]*+$", re.IGNORECASE)
_NOTES = re.compile(r"^[ \t]*+end[ \t]*+note\b", re.IGNORECASE | re.MULTILINE)
_END_NOTE = re.compile(r"\s*+end\s*+note\s*+$", re.IGNORECASE)
_OPENS = re.compile(r"[^:\"\n]*?\{[^}\n]*+$")
_CLOSES = re.compile(r"\s*+\}\s*+$")
_ENTITY = re.compile(r"\s*+[^{}|\n]*?[^{}|\n\s]\s*+\{[^}\n]*+$")
_QUOTED = re.compile(r'"[^"\n]*+"')
_FREE = re.compile(r"\s*+(?:pie\b|title\b|accTitle\b|accDescr\b|showData\b)")
_NODE_CUT = re.compile(r"\s*+[\w -]*+[\[({]++[^\[\](){}\"\n]*+$")


def problems(source: Source) -> list[Problem]:
    """What is wrong with a diagram, in the order of the code."""
    front = FRONT.match(source.code)
    start = front.end() if front else 0
    word = WORD.match(source.code, start)
    if not word:
        message = "A diagram begins with its type, such as `flowchart TD` or `sequenceDiagram`; mermaid knows no other."
        return [source.problem_in(Rule.CONTENT, message if source.code.strip() else "There is no diagram.", start)]
    if not source.code[word.end() :].strip(" \t\n;:"):
        return [source.problem_in(Rule.CONTENT, "Nothing is drawn: the diagram ends with its first word.", start)]
    found = [*_elisions(source, word.end())]
    check = next((check for names, check in _CHECKS.items() if word[0].startswith(names)), None)
    if check:
        bare = Source(_DESCRIPTION.sub(_blanked, source.code))
        found += (source.problem(each.rule, each.message, each.line, each.column) for each in check(bare, word.end()))
    return sorted(found, key=lambda problem: (problem.line, problem.column))[:_MOST]


def _blanked(description: re.Match[str]) -> str:
    """Spaces in place of a description that ends, so that all other places stay."""
    return _TEXT.sub(" ", description[0]) if description[0].endswith("}") else description[0]


def _elisions(source: Source, start: int) -> Iterator[Problem]:
    comments = _COMMENT.finditer(source.code, start)
    return islice(elisions(source, (Span(*comment.span("comment")) for comment in comments)), _MOST)


def _lines(source: Source, start: int) -> Iterator[re.Match[str]]:
    for line in _LINE.finditer(source.code, start):
        if len(line[0]) < _LONGEST and not line[0].lstrip().startswith("%%"):
            yield line


def _blocks(
    source: Source, start: int, opens: re.Pattern[str], closes: re.Pattern[str], close: str
) -> Iterator[Problem]:
    opened: list[int] = []
    for line in _lines(source, start):
        if closes.match(line[0]):
            if not opened:
                yield source.problem_in(Rule.SYNTAX, f"This `{close}` closes nothing.", line.start())
                return
            opened.pop()
        elif opens.match(line[0]):
            opened.append(line.start())
    if opened:
        yield source.problem_in(Rule.SYNTAX, f"What begins here is not closed: `{close}` is missing.", opened[-1])


def _sequence(source: Source, start: int) -> Iterator[Problem]:
    yield from _blocks(source, start, _BLOCK, _END, "end")
    for line in _lines(source, start):
        if _MESSAGE.match(line[0]):
            message = "A message needs a text: write `: ` and the text behind the receiver."
            yield source.problem_in(Rule.SYNTAX, message, line.end())
            return
    yield from _end(source, start, sequence_end)


def _class(source: Source, start: int) -> Iterator[Problem]:
    yield from _blocks(source, start, _OPENS, _CLOSES, "}")
    yield from _end(source, start, class_end)


def _state(source: Source, start: int) -> Iterator[Problem]:
    unclosed = list(_blocks(source, start, _NOTE, _END_NOTE, "end note"))
    yield from unclosed
    if not unclosed and not _NOTES.search(source.code, start):
        yield from _blocks(source, start, _OPENS, _CLOSES, "}")


def _entities(source: Source, start: int) -> Iterator[Problem]:
    unclosed = list(_blocks(source, start, _ENTITY, _CLOSES, "}"))
    yield from unclosed or _end(source, start, entity_end)


def _end(source: Source, start: int, wrong: Callable[[str], str]) -> Iterator[Problem]:
    """What is wrong with the last line, where an answer that was cut breaks off."""
    last = next((line for line in reversed(list(_lines(source, start))) if line[0].strip()), None)
    message = wrong(last[0].strip()) if last else ""
    if last and message:
        yield source.problem_in(Rule.SYNTAX, message, last.start() + len(last[0]) - len(last[0].lstrip()))


def _mindmap(source: Source, start: int) -> Iterator[Problem]:
    for line in _lines(source, start):
        if _NODE_CUT.match(line[0]):
            yield source.problem_in(Rule.SYNTAX, "The bracket in this line is not closed.", line.start())
            return


def _values(source: Source, start: int) -> Iterator[Problem]:
    for line in _lines(source, start):
        bare = _QUOTED.sub("", line[0])
        if _FREE.match(bare):
            continue
        if '"' in bare:
            place = line.start() + line[0].rfind('"')
            yield source.problem_in(Rule.SYNTAX, "This quote has no second one in its line.", place)
            return
        if bare.count("[") != bare.count("]"):
            yield source.problem_in(Rule.SYNTAX, "A bracket in this line has no partner.", line.start())
            return


_CHECKS: dict[str | tuple[str, ...], Callable[[Source, int], Iterator[Problem]]] = {
    ("flowchart", "graph"): flowchart_problems,
    "sequenceDiagram": _sequence,
    "classDiagram": _class,
    "stateDiagram": _state,
    "erDiagram": _entities,
    "mindmap": _mindmap,
    ("pie", "quadrantChart", "xychart", "packet", "treemap", "radar", "architecture", "gitGraph", "venn"): _values,
}
