"""The check of a document in Markdown: it says something, and no code fence in it is left open."""

import re

from shared.artifacts.syntax.problem import Problem, Rule, Source

_FENCE = re.compile(r"^ {0,3}(`{3,}+|~{3,}+)([^\n]*+)", re.MULTILINE)


def problems(source: Source) -> list[Problem]:
    """What is wrong with a document; a fence left open is the sign of an answer that was cut."""
    if not source.code.strip():
        return [source.problem(Rule.CONTENT, "There is no text.", 1, 1)]
    begun = _unclosed_fence(source.code)
    if begun is None:
        return []
    return [source.problem_in(Rule.SYNTAX, "The code fence that begins here is not closed.", begun)]


def _unclosed_fence(text: str) -> int | None:
    begun: re.Match[str] | None = None
    for fence in _FENCE.finditer(text):
        if begun is None:
            if fence[1][0] == "~" or "`" not in fence[2]:
                begun = fence
        elif fence[1].startswith(begun[1]) and not fence[2].strip():
            begun = None
    return begun.start(1) if begun else None
