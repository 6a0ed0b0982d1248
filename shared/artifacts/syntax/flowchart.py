"""What breaks a flowchart: labels that are not closed or hold brackets without quotes, and subgraphs without an end."""

import re
from collections.abc import Iterator

from shared.artifacts.syntax.problem import Problem, Rule, Source

# Lines whose brackets are no labels.
_ASIDE = re.compile(
    r"[ \t]*+(?:%%|style\b|class\b|classDef\b|linkStyle\b|click\b|direction\b|title\b|accTitle\b|accDescr\b)[^\n]*+"
)
_SUBGRAPH = re.compile(r"[ \t]*+subgraph\b")
_END = re.compile(r"[ \t]*+end[ \t]*+(?=[;\n]|\Z)")
_RESERVED = re.compile(
    r"^[ \t]*+end[ \t]*+(?:--|==|-\.|\[|\(|\{)|(?:--|==|\.-)>[ \t]*+(?:\|[^|\n]*+\|)?[ \t]*+end\b(?!-)"
)
_SAID = re.compile(r"%%.*+|\"[^\"]*+\"|\[[^\]\[]*+\]")
_EDGE_TEXT = re.compile(r"(?:--|==|-\.)(?=[ \t\"\w])(?![xo][ \t])[^\n]{0,400}?(?:--|==|\.-)")
_LABEL = re.compile(r"(?<=\w)>|\[\|[^|\n]*+\||[\[({|]++(?:[/\\](?!\"))?", re.ASCII)
_TEXT = re.compile(r"\s*+(?>(?:\"[^\"]*+\")?)(?>(?:[^\[\](){}|\"]++|\"\")*)")
_CLOSE = {"[": "]", "(": ")", "{": "}", "|": "|", ">": "]"}
_CUT = re.compile(r"(?:--|==|-\.|\|)[->=.|]*+\s*\Z")
_NEXT = re.compile(r"[^\n;\[({|>\-=\"@]++")


def flowchart_problems(source: Source, start: int) -> Iterator[Problem]:
    """What is wrong with a flowchart whose first word ends here."""
    opened: list[int] = []
    code = source.code
    at = start
    fresh = False
    while at < len(code):
        if fresh:
            aside = _ASIDE.match(code, at)
            if aside:
                at = aside.end()
            elif _SUBGRAPH.match(code, at):
                opened.append(at)
            elif _END.match(code, at):
                if not opened:
                    yield source.problem_in(Rule.SYNTAX, "This `end` closes nothing.", at)
                    return
                opened.pop()
        fresh = False
        at, wrong = _step(code, at)
        if wrong:
            yield source.problem_in(Rule.SYNTAX, wrong, at)
            return
        fresh = at > 0 and code[at - 1] in "\n;"
    yield from _at_end(source, opened)


def _step(code: str, at: int) -> tuple[int, str]:
    plain = _NEXT.match(code, at)
    if plain:
        return plain.end(), ""
    if at >= len(code):
        return at, ""
    edge = _EDGE_TEXT.match(code, at)
    if edge:
        return edge.end() - 2, ""
    if code[at] == "@" and code.startswith("@{", at):
        return _shape(code, at)
    if code[at] == '"':
        end = code.find('"', at + 1)
        return (end + 1, "") if end >= 0 else (at, "This quote is not closed.")
    label = _LABEL.match(code, at)
    return _label(code, label) if label else (at + 1, "")


def _shape(code: str, at: int) -> tuple[int, str]:
    end = code.find("}", at)
    return (end + 1, "") if end >= 0 else (at, "This `@{` is not closed.")


def _label(code: str, label: re.Match[str]) -> tuple[int, str]:
    text = _TEXT.match(code, label.end())
    end = text.end() if text else label.end()
    close = "".join(_CLOSE.get(mark, "") for mark in reversed(label[0].partition("[|")[0] or "["))
    if code.startswith(close, end):
        return end + len(close), ""
    if end >= len(code):
        return label.start(), f"This label is not closed: `{close}` is missing."
    return end, 'This does not belong into the label; put a label with brackets or quotes in quotes: `["a (b)"]`.'


def _at_end(source: Source, opened: list[int]) -> Iterator[Problem]:
    if opened:
        yield source.problem_in(Rule.SYNTAX, "This subgraph is not closed: `end` is missing.", opened[-1])
    code = source.code
    lines = code.split("\n")
    reserved = next((line for line in lines if _RESERVED.search(_SAID.sub("", line))), None)
    if reserved is not None:
        message = "`end` is a word of mermaid and no name for a node; write `End` or another name."
        yield source.problem(Rule.SYNTAX, message, lines.index(reserved) + 1, 1)
    tail = code[-200:].rstrip()
    if _CUT.search(tail) and not tail.endswith("|"):
        yield source.problem_in(Rule.SYNTAX, "The code ends with an arrow that leads nowhere.", len(code.rstrip()))
