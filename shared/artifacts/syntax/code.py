"""The check of code in a language: by that language's grammar where one is at hand, else only that there is some."""

import ast
import io
import json
import tokenize
import warnings
from collections.abc import Callable, Iterator
from itertools import islice

from shared.artifacts.syntax import css, html, markdown, mermaid, svg
from shared.artifacts.syntax.comments import elisions
from shared.artifacts.syntax.elision import MESSAGE, is_elision
from shared.artifacts.syntax.grammar import Grammar, parse, syntax_problems, tangled
from shared.artifacts.syntax.problem import Problem, Rule, Source

_MOST = 10
_TOO_DEEP = "This is nested too deeply to be read."


def problems(source: Source, language: str | None) -> list[Problem]:
    """What is wrong with a piece of code in the language of this name, in any case, in the order of the code."""
    if not source.code.strip():
        return [source.problem(Rule.CONTENT, "There is no code.", 1, 1)]
    check = _CHECKS.get((language or "").strip().lower())
    return check(source) if check else []


def _python(source: Source) -> list[Problem]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(source.encoded)
    except SyntaxError as error:
        # Some are told without a place, and columns are counted in characters.
        message = f"This is not Python: {error.msg}."
        return [source.problem(Rule.SYNTAX, message, error.lineno or 1, error.offset or 1)]
    except (RecursionError, MemoryError):
        return [source.problem(Rule.SYNTAX, _TOO_DEEP, 1, 1)]
    except ValueError as error:
        return [source.problem(Rule.SYNTAX, f"This is not Python: {error}.", 1, 1)]
    return list(islice(_python_elisions(source), _MOST))


def _python_elisions(source: Source) -> Iterator[Problem]:
    try:
        for token in tokenize.tokenize(io.BytesIO(source.encoded).readline):
            if token.type == tokenize.COMMENT and is_elision(token.string):
                yield source.problem(Rule.ELIDED, MESSAGE, token.start[0], token.start[1] + 1)
    except (SyntaxError, tokenize.TokenError):
        return


def _json(source: Source) -> list[Problem]:
    try:
        json.loads(source.code, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        return [source.problem(Rule.SYNTAX, f"This is not JSON: {error.msg}.", error.lineno, error.colno)]
    except RecursionError:
        return [source.problem(Rule.SYNTAX, _TOO_DEEP, 1, 1)]
    except ValueError as error:
        return [source.problem(Rule.SYNTAX, f"This is not JSON: {error}.", 1, 1)]
    return []


def _refuse(name: str) -> None:
    msg = f"`{name}` is not a number in JSON"
    raise ValueError(msg)


def _by(grammar: Grammar) -> Callable[[Source], list[Problem]]:
    def check(source: Source) -> list[Problem]:
        tree = parse(source, grammar)
        if tree is None:
            return [tangled(source)]
        found = [*islice(syntax_problems(source, tree), _MOST), *islice(elisions(source, tree), _MOST)]
        return sorted(found, key=lambda problem: (problem.line, problem.column))[:_MOST]

    return check


def _html(source: Source) -> list[Problem]:
    return html.fragment_problems(source)


_NAMES: dict[Callable[[Source], list[Problem]], str] = {
    _python: "python py python3",
    _json: "json",
    _by(Grammar.TSX): "javascript js mjs cjs node jsx tsx react",
    _by(Grammar.TYPESCRIPT): "typescript ts mts cts",
    css.problems: "css",
    _html: "html htm xhtml",
    svg.problems: "svg",
    mermaid.problems: "mermaid mmd",
    markdown.problems: "markdown md",
}
_CHECKS = {name: check for check, names in _NAMES.items() for name in names.split()}
