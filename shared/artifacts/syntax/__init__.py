"""The syntax check: whether an artifact's code can be rendered, by the rules of its kind.

Undefined names and wrong logic are out of scope. What a check needs is imported when the first artifact of its kind
comes, not at start-up.
"""

from shared.artifacts.kinds import Kind
from shared.artifacts.syntax.imports import Imports
from shared.artifacts.syntax.problem import Problem, Rule, Source

_LONGEST = 250_000
"""Characters: as many as a model can write, and what no parser crashes on whatever it is."""


def check(code: str, kind: Kind, language: str | None, imports: Imports) -> tuple[Problem, ...]:
    """What is wrong with the code, in its order; empty where nothing is.

    Args:
        code: the code without its tag.
        kind: its kind.
        language: of a piece of code, where it is known.
        imports: what a component may import.
    """
    # ruff: noqa: PLC0415 - see above
    source = Source(code)
    if len(code) > _LONGEST:
        message = f"The code is longer than {_LONGEST:,} characters; that is more than can be checked."
        return (source.problem(Rule.CONTENT, message, 1, 1),)
    match kind:
        case Kind.REACT:
            from shared.artifacts.syntax import react

            found = react.problems(source, imports)
        case Kind.HTML:
            from shared.artifacts.syntax import html

            found = html.problems(source)
        case Kind.SVG:
            from shared.artifacts.syntax import svg

            found = svg.problems(source)
        case Kind.MERMAID:
            from shared.artifacts.syntax import mermaid

            found = mermaid.problems(source)
        case Kind.MARKDOWN:
            from shared.artifacts.syntax import markdown

            found = markdown.problems(source)
        case Kind.CODE:
            from shared.artifacts.syntax import code as code_

            found = code_.problems(source, language)
    return tuple(found)
