"""The check of a diagram, by the parser of the Mermaid that draws it."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from shared.artifacts.diagrams import DIAGRAM_OR_ENGLISH, FRONT
from shared.artifacts.elision import Span, elisions
from shared.artifacts.problem import Problem, Rule, Source, in_order
from shared.artifacts.syntax.mermaid.messages import parser_problem
from shared.artifacts.syntax.parsers import DIAGRAMS, NoVerdictError

_COMMENT = re.compile(r"^[ \t]*+(%%(?!\{)[^\n]*+)", re.MULTILINE)
_UNSURE = "Mermaid's parser gave up on this diagram, so that only its first word was looked at."


def problems(source: Source) -> list[Problem]:
    """Return what is wrong with a diagram, in the order of the code."""
    front = FRONT.match(source.code)
    start = front.end() if front else 0
    word = DIAGRAM_OR_ENGLISH.match(source.code, start)
    if not source.code.strip():
        return [source.problem(Rule.CONTENT, "There is no diagram.", 1, 1)]
    if word and not source.code[word.end() :].strip(" \t\n;:"):
        return [source.problem_in(Rule.CONTENT, "Nothing is drawn: the diagram ends with its first word.", start)]
    return in_order(_parsed(source, start, begins=bool(word)), _elisions(source))


def _parsed(source: Source, start: int, *, begins: bool) -> Iterator[Problem]:
    try:
        answer = DIAGRAMS.call(source.code.encode("utf-8", "replace").decode())
    except NoVerdictError:
        answer = {"problems": [{"fault": True}]}
    for found in answer["problems"]:
        if not found.get("fault"):
            yield _problem(source, start, found)
        elif not begins:
            yield _without_type(source, start)
        else:
            yield source.problem(Rule.NOT_FULLY_CHECKED, _UNSURE, 1, 1)


def _without_type(source: Source, start: int) -> Problem:
    first = source.code[start : start + 40].split(maxsplit=1)
    named = f", not with `{first[0]}`" if first else ""
    message = f"A diagram begins with its type, such as `flowchart TD` or `sequenceDiagram`{named}."
    return source.problem_in(Rule.CONTENT, message, start)


def _problem(source: Source, start: int, found: dict[str, Any]) -> Problem:
    if "No diagram type detected" in found["message"]:
        return _without_type(source, start)
    word = DIAGRAM_OR_ENGLISH.match(source.code, start)
    return parser_problem(source, word[0] if word else "", found)


def _elisions(source: Source) -> Iterator[Problem]:
    comments = (Span(*comment.span(1)) for comment in _COMMENT.finditer(source.code))
    return islice(elisions(source, comments), 10)
