"""Mends broken code mechanically: the few things that can be put right without understanding any of it."""

import ast
import re
import warnings
from typing import Final

from local.standin import brackets, markup
from local.standin.kinds import Kind, with_comment

_HOOKS: Final = "useState useEffect useMemo useCallback useRef useReducer useContext useId useLayoutEffect".split()  # noqa: SIM905 - reads better
_REACT_IMPORT: Final = re.compile(
    r"""^import\s+(\w+)?\s*,?\s*(?:\{([^}]*)\})?\s*from\s*(['"])react\3;?""", re.MULTILINE
)
_MERMAID_CLOSERS: Final = {"[": "]", "(": ")", "{": "}"}
_MERMAID_BLOCK: Final = re.compile(r"^[ \t]*(?:subgraph|loop|alt|opt|par|critical|break|rect)\b", re.MULTILINE)
_MERMAID_END: Final = re.compile(r"^[ \t]*end[ \t]*$", re.MULTILINE)
_MERMAID_ARROW: Final = re.compile(r"\s*(?:-->|---|==>|-\.->)")
_MERMAID_MESSAGE: Final = re.compile(r"\s*\w+\s*-{1,2}>{1,2}\s*\w+\s*$")
_NEVER_CLOSED: Final = re.compile(r"'([(\[{])' was never closed")
_MAX_PASSES: Final = 20


def mended(code: str, error: str, kind: Kind, language: str | None) -> str:
    """The code with what can be mended mended, and in any case different from what came."""
    better = _by_kind(code, kind, language)
    if kind is Kind.REACT:
        better = _with_hooks_imported(better)
    if re.search(r"assignment to const", error, re.IGNORECASE):
        better = _with_variables(better)
    return better if better.strip() != code.strip() else with_comment(code, kind, language, "checked")


def _by_kind(code: str, kind: Kind, language: str | None) -> str:
    """The code with everything closed, by the rules of its kind."""
    if kind in {Kind.HTML, Kind.SVG}:
        return markup.closed(code, is_html=kind is Kind.HTML)
    if kind is Kind.MERMAID:
        return _closed_mermaid(code)
    if kind is Kind.MARKDOWN:
        return f"{code}\n```" if len(re.findall(r"^```", code, re.MULTILINE)) % 2 else code
    if language == "python":
        return _closed_python(code)
    return brackets.closed(code)


def _closed_mermaid(code: str) -> str:
    """Each line's quotes and brackets closed in that line, then each block by an `end`."""
    lines = [_closed_mermaid_line(line) for line in code.rstrip().split("\n")]
    missing = len(_MERMAID_BLOCK.findall(code)) - len(_MERMAID_END.findall(code))
    return "\n".join(lines + ["end"] * missing)


def _closed_mermaid_line(line: str) -> str:
    if line.lstrip().startswith("%%"):
        return line
    if _MERMAID_MESSAGE.match(line) and "-->" not in line:
        return f"{line.rstrip()}: …"
    stack: list[str] = []
    quoted = False
    for place, char in enumerate(line):
        if stack and not quoted and _MERMAID_ARROW.match(line, place):
            return line[:place] + "".join(reversed(stack)) + _closed_mermaid_line(line[place:])
        if char == '"':
            quoted = not quoted
        elif not quoted and char in _MERMAID_CLOSERS:
            stack.append(_MERMAID_CLOSERS[char])
        elif not quoted and stack and char == stack[-1]:
            stack.pop()
    if quoted and stack and line.endswith(stack[-1]):
        line = line[:-1]  # the closer ended up inside the quotes
    return line + '"' * quoted + "".join(reversed(stack))


def _closed_python(code: str) -> str:
    """What Python's own parser says is missing is put at the end of the line that it names, until it is content."""
    better = code
    for _ in range(_MAX_PASSES):
        problem = _python_problem(better)
        if problem is None:
            return better
        never_closed = _NEVER_CLOSED.search(problem.msg)
        if never_closed:
            missing = {"(": ")", "[": "]", "{": "}"}[never_closed[1]]
        elif problem.msg == "expected ':'":
            missing = ":"
        else:
            break
        lines = better.split("\n")
        lines[(problem.lineno or 1) - 1] += missing
        better = "\n".join(lines)
    return code


def _python_problem(code: str) -> SyntaxError | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an odd escape in a string is no error
        try:
            ast.parse(code)
        except SyntaxError as error:
            return error
        except ValueError:  # a null byte
            return None
    return None


def _with_hooks_imported(code: str) -> str:
    """The code with an import for each React hook that is called and comes from nowhere."""
    missing = [
        hook
        for hook in _HOOKS
        if re.search(rf"(?<![.\w]){hook}\s*[(<]", code) and not re.search(rf"[{{,]\s*{hook}\s*[,}}:]", code)
    ]
    if not missing:
        return code
    existing = _REACT_IMPORT.search(code)
    if existing is None:
        return f"import {{ {', '.join(missing)} }} from 'react';\n{code}"
    names = [name.strip() for name in (existing[2] or "").split(",") if name.strip()]
    default = f"{existing[1]}, " if existing[1] else ""
    line = f"import {default}{{ {', '.join(names + missing)} }} from 'react';"
    return code[: existing.start()] + line + code[existing.end() :]


def _with_variables(code: str) -> str:
    """The code with `let` instead of `const` for each name that is assigned to again."""
    for name in set(re.findall(r"\bconst\s+([A-Za-z_$][\w$]*)\s*=", code)):
        word = re.escape(name)
        assigned = rf"(?<!const )(?<![.\w$]){word}\s*(?:[-+*/%|&^]=|\+\+|--|=(?![=>]))|(?:\+\+|--){word}(?![\w$])"
        if re.search(assigned, code):
            code = re.sub(rf"\bconst(\s+{word}\s*=)", r"let\1", code)
    return code
