"""How long the check takes: of components, beside the parser called bare, and of text made to be slow."""

import json
import re
import statistics
import tarfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from benchmarks.syntax.corpus import File, Package, Progress
from shared.artifacts.allowed_imports import AllowedImports
from shared.artifacts.kinds import Kind
from shared.artifacts.problem import Source
from shared.artifacts.syntax import examine, react
from shared.artifacts.syntax.parsers import NoVerdictError, Parser

_ENOUGH_MS = 4000
"""After this, one text has been measured long enough."""
_PINNED = Path(__file__).parents[2] / "local/parsers/package.json"
_IMPORTS = AllowedImports(("react",))
_BLOCKS = 200
"""Of the largest files, and of those that fit into a small component."""
_SMALL = 2_500
"""Characters."""

SIZES = (5_000, 10_000, 50_000, 200_000)
"""Characters of a component."""
MOST_TIMES = {10_000: 3.0, 200_000: 2.0}
"""How many times as long as the bare parser the check may take."""
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
    """How long a component takes, in milliseconds of computing but for the last."""

    size: int
    """Characters."""
    check: float
    bare: float
    """By the parser alone, in the same engine."""
    times: tuple[float, float, float]
    """The ratio, round by round: lower quartile, median, upper quartile."""
    answered: float
    """By the clock, in a process of its own, as a request has it."""


@dataclass(frozen=True, slots=True)
class Hostile:
    """How long a text made to be slow takes by the clock, as a request has it, and what is said of it."""

    case: str
    size: int
    """Characters."""
    median: float
    """Milliseconds."""
    slowest: float
    """Milliseconds."""
    said: str


def pinned(package: str) -> str:
    """Return the version of the package that the check is made with."""
    return str(json.loads(_PINNED.read_text("utf-8"))["devDependencies"][package])


def bare_parser(folder: Path, progress: Progress) -> Parser:
    """Return the parser of the check by itself, as npm has it, in the engine of the check."""
    name = "@babel/parser"
    package = Package(name, pinned(name))
    with tarfile.open(package.fetch(folder, progress)) as archive:
        content = archive.extractfile("package/lib/index.js")
        module = content.read().decode() if content else ""
    bundle = folder / f"babel-parser-{package.version}.js"
    script = module.rpartition("export {")[0]
    bundle.write_text(
        f"(() => {{ {script}\nglobalThis.parseBare = (code) => "
        "{ parse(code, { sourceType: 'module', plugins: ['jsx', 'typescript'] }); return '{}'; };\n})();",
        "utf-8",
    )
    return Parser(bundle, "parseBare")


def run(files: Sequence[File], bare: Parser, progress: Progress, *, rounds: int) -> list[Timing]:
    """Return the times of good components of several sizes."""
    ordered = sorted(files, key=lambda each: len(each.code), reverse=True)
    small = [each for each in ordered if len(each.code) <= _SMALL]
    blocks = [block for chosen in (ordered, small) for block in islice(_blocks(chosen, bare), _BLOCKS)]
    return [_timed(_component(blocks, size), bare, progress, rounds) for size in SIZES]


def run_hostile(progress: Progress, *, rounds: int) -> list[Hostile]:
    """Return the times of hostile texts."""
    return [_hostile(case, code, progress, rounds) for case, code in HOSTILE.items()]


def _component(blocks: Sequence[str], size: int) -> str:
    """Write one component out of the first blocks that fit, of no more characters than that."""
    code = "export default function App() { return <p/>; }\n"
    for block in blocks:
        if len(code) + len(block) <= size:
            code += block
    return code


_IMPORT = re.compile(
    r"""^import\s+(?:type\s+)?(?:([\w*{][^'";]*?)\s*from\s*)?(?:'[^'\n]+'|"[^"\n]+");?""", re.MULTILINE
)
_REEXPORT = re.compile(r"^export\s+(?:type\s+)?[*{][^;]*?;", re.MULTILINE)
_EXPORT = re.compile(r"^export\s+(?:default\s+)?", re.MULTILINE)


def _as_block(code: str) -> str:
    """Put a module into braces, so that several make one: constants instead of what it imports, and no exports."""

    def constants(found: re.Match[str]) -> str:
        parts = re.split(r"[{},]", found[1] or "")
        return "".join(f"const {part.split()[-1]} = 0; " for part in parts if part.strip())

    return f"{{\n{_EXPORT.sub('', _REEXPORT.sub('', _IMPORT.sub(constants, code)))}\n}}\n"


def _blocks(files: Sequence[File], bare: Parser) -> Iterator[str]:
    """Give those of the files that are still code as a block."""
    for file in files:
        block = _as_block(file.code)
        with suppress(NoVerdictError):
            bare.call(block)
            yield block


def _timed(code: str, bare: Parser, progress: Progress, rounds: int) -> Timing:
    progress(f"time: a component of {len(code):,} characters")
    check = partial(react.problems, Source(code), _IMPORTS)
    pairs = [(_spent(check), _spent(partial(bare.call, code))) for _ in range(rounds + 1)][1:]  # the first one warms up
    low, median, high = statistics.quantiles((ours / theirs for ours, theirs in pairs), method="inclusive")
    ours, theirs = (statistics.median(each) for each in zip(*pairs, strict=True))
    answered = statistics.median(_spent(partial(_examined, code), time.perf_counter) for _ in range(rounds))
    return Timing(len(code), ours, theirs, (low, median, high), answered)


def _spent(work: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    start = clock()
    work()
    return (clock() - start) * 1000


def _examined(code: str) -> str:
    verdict = examine(code, Kind.REACT, None, _IMPORTS)
    return verdict.problems[0].message if verdict.problems else ", ".join(verdict.warnings) or "accepted"


def _hostile(case: str, code: str, progress: Progress, rounds: int) -> Hostile:
    progress(f"time: {case}")
    spent: list[float] = []
    while len(spent) < rounds and sum(spent) < _ENOUGH_MS:
        spent.append(_spent(partial(_examined, code), time.perf_counter))
    return Hostile(case, len(code), statistics.median(spent), max(spent), _examined(code))
