"""Mermaid's errors in a diagram as sentences that tell what to write; the sentences are data (`messages.toml`)."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from shared.artifacts.problem import Problem, Rule, Source
from shared.artifacts.syntax.mermaid.places import Remaining

_TABLE: dict[str, Any] = tomllib.loads(Path(__file__).with_name("messages.toml").read_text("utf-8"))
_ENDS = frozenset({"EOF", "EOF_IN_STRUCT"})
_LINE_ENDS = frozenset({"NEWLINE", "NL", "SEMI", "SPACELINE"})
_NAMED = 5
"""Expected tokens that a message names."""
_MAX_SHOWN_CHARS = 30
"""Characters of the unexpected text that a message shows."""
_AROUND = {
    "name": (r"(?<!\w)", r"(?!\w)"),
    "part": (r"[:,]\s*", r"\s*(?:,|$)"),
    "relation": (r"^(?=.*(?:Rel|->|<-)).*?(?<!\w)", r"(?!\w)"),
}
"""The patterns before and behind a name that is searched for."""
_QUOTED = re.compile(r"[\"'`\[(]([^\"'`\[\]()]+)[\"'`\])]")


@dataclass(frozen=True, slots=True)
class _Said:
    """A parser's error, and the line where it stopped."""

    diagram: str
    message: str
    got: str
    """A token of a grammar; empty if the error comes from no grammar."""
    text: str
    expected: frozenset[str]
    ordered: tuple[str, ...]
    line: str
    rest: str
    """The rest of the line, from where the parser stopped."""


class _Fit(NamedTuple):
    says: str
    at: str = ""
    name: str = ""


def parser_problem(source: Source, diagram: str, found: dict[str, Any]) -> Problem:
    """Return the problem for a parser's error; `diagram` is the first word."""
    code = source.code.replace("\r\n", "\n").replace("\r", "\n")
    index = _index(code, found)
    start = code.rfind("\n", 0, index) + 1
    line = code[start:].partition("\n")[0] if found.get("got") else ""
    expected = tuple(found.get("expected") or ())
    said = _Said(diagram, found["message"], found.get("got") or "", found.get("text") or "",
                 frozenset(expected), expected, line, line[index - start :])  # fmt: skip
    fit = _first_fit(said) or _Fit(_generic(said))
    if fit.at == "line":
        index = start + len(line) - len(line.lstrip())
    elif fit.at in _AROUND:
        before, behind = _AROUND[fit.at]
        places = re.finditer(f"{before}({re.escape(fit.name)}){behind}", code, re.MULTILINE)
        index = max((each.start(1) for each in places), default=max(code.rfind(fit.name), 0))
    return source.problem(Rule.SYNTAX, fit.says, code.count("\n", 0, index) + 1, index - code.rfind("\n", 0, index))


def _index(code: str, found: dict[str, Any]) -> int:
    """Return where in the code the parser stopped, or where the text that it quotes is."""
    end = len(code.rstrip())
    if yaml := found.get("yaml"):
        return int(max(code.find(yaml), 0) + found["column"])
    if found.get("got"):
        line = found["line"]
        return end if found["got"] in _ENDS or not line else min(Remaining(code).index(line, found["column"]), end)
    named = (found.get("text"), *_QUOTED.findall(found["message"]))
    places = (code.rfind(name) for name in named if name)
    return next((place for place in places if place >= 0), 0)


def _first_fit(said: _Said) -> _Fit | None:
    for rule in _TABLE["rule"]:
        if match := _fits(rule, said):
            name = match.groupdict().get("name") or ""
            # No `format`: a sentence may contain braces.
            says = rule["says"].replace("{got}", _got(said)).replace("{name}", name.replace("`", "'"))
            return _Fit(says[0].upper() + says[1:], rule.get("at", ""), name)
    return None


def _fits(rule: dict[str, Any], said: _Said) -> re.Match[str] | None:
    """Return the match of the rule's `message`, which may be empty, if the whole rule fits."""
    fits = (
        (said.got in rule["got"] if "got" in rule else said.got or "message" in rule)
        and not (rule.get("empty") and said.text)
        and said.expected.issuperset(rule.get("expected", ()))
        and said.expected.isdisjoint(rule.get("absent", ()))
        and re.match(rule.get("diagram", ""), said.diagram)
        and re.search(rule.get("line", ""), said.line)
        and re.search(rule.get("rest", ""), said.rest)
    )
    return re.search(rule.get("message", ""), said.message) if fits else None


def _generic(said: _Said) -> str:
    if not said.got:
        return f"Mermaid refuses this: {said.message.partition(chr(10))[0].rstrip('. ')}."
    written = _TABLE["written"]
    # A token in capitals without an entry is no keyword, and its name explains nothing.
    named = [written.get(each) or f"`{each}`" for each in said.ordered if each in written or not each.isupper()]
    named = list(dict.fromkeys(named))[:_NAMED]
    after = f": it expects {_listed(named)}" if named else ""
    if said.got in _LINE_ENDS:
        return f"The line ends too early{after}."
    if said.got in _ENDS or not (said.text + said.rest).strip():
        return f"The diagram ends too early{after}."
    return f"Mermaid cannot read {_got(said)} here{after}."


def _got(said: _Said) -> str:
    if said.got in _ENDS:
        return "the end of the diagram"
    if said.got in _LINE_ENDS:
        return "the end of the line"
    word = (said.text.strip() or (said.rest.split() or [""])[0]).partition("\n")[0][:_MAX_SHOWN_CHARS].replace("`", "'")
    return f"`{word}`" if word else "this"


def _listed(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else names[0]
