"""How long the check takes: of a component, of a large one, and of text made to be slow."""

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.syntax.corpus import File, Progress
from shared.artifacts.syntax import react
from shared.artifacts.syntax.imports import Imports
from shared.artifacts.syntax.problem import Source

_ENOUGH_MS = 4000
"""After this, one text has been measured long enough."""

LARGE = "a component of 200 KB"
LARGE_MS = 100
"""How long its check may take."""
HOSTILE = {
    "100,000 open brackets": "(" * 100_000,
    "50,000 open tags": "<a>" * 50_000,
    "30,000 tags in each other": f"x={'<a>' * 30_000}{'</a>' * 30_000}",
    "100,000 open type arguments": "a<" * 100_000,
    "200 KB of prose": "This is a sentence of prose. " * 7_000,
    "40,000 fence lines": "```\n" * 40_000,
    "90,000 names joined by dots": "a." * 90_000,
    "30,000 ifs in each other": "if(a)" * 30_000,
}


@dataclass(frozen=True, slots=True)
class Timing:
    """How long one text takes."""

    case: str
    size: int
    """Characters."""
    median: float
    """Milliseconds."""
    slowest: float
    """Milliseconds."""


def run(files: Sequence[File], progress: Progress, *, rounds: int) -> list[Timing]:
    """Good components of two sizes, and hostile ones."""
    cases = {"a component of 10 KB": _component(files, 10_000), LARGE: _component(files, 200_000)}
    return [_timed(case, code, progress, rounds) for case, code in (cases | HOSTILE).items()]


def _component(files: Sequence[File], size: int) -> str:
    """Whole components behind each other, until there are so many characters."""
    code, enough = "", size * 0.95
    for file in sorted(files, key=lambda each: len(each.code), reverse=True):
        if len(code) + len(file.code) <= size:
            code += file.code
        if len(code) >= enough:
            break
    return code


def _timed(case: str, code: str, progress: Progress, rounds: int) -> Timing:
    progress(f"time: {case}")
    spent = []
    for _ in range(rounds):
        start = time.perf_counter()
        react.problems(Source(code), Imports(("react",)))
        spent.append((time.perf_counter() - start) * 1000)
        if sum(spent) > _ENOUGH_MS:
            break
    return Timing(case, len(code), statistics.median(spent), max(spent))
