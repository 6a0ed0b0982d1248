"""`make bench-extraction`: how long it takes to find the artifact in an answer, and how that grows with its length.

Each text is extracted several times and the fastest counts. The growth is from 400,000 characters to ten times as many,
the longest answer that is read. In pieces means as a host streams it, a few characters at a time.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass

from local.text_table import table
from shared.artifacts.errors import ArtifactFailure
from shared.artifacts.extraction import extract
from shared.artifacts.extraction.streaming import CodePreview

_MILLION = 1_000_000
_LONGEST = 4_000_000
_PIECE = 12
_AIMS = {"ordinary": 20.0, "hostile": 300.0}
_GROWTH = 12.0
_ROW = '      <li key={3} className="p-4">A row with `inline code`, {a < 2 && b > 1 ? \'this\' : "that"} and 睡</li>\n'
_COMPONENT = "export default function A() {{\n  return (\n    <ul>\n{}    </ul>\n  );\n}}"
_OPENING = '<artifact type="application/vnd.ant.react" title="A">'
_NOTES = "## Notes\n\nSome prose with `code` and a list:\n\n- one\n- two\n\n```js\nlet a = 1;\n```\n\n"


def _fill(piece: str, size: int) -> str:
    return piece * (size // len(piece))


def _react(size: int) -> str:
    return f"Here it is.\n\n{_OPENING}\n{_COMPONENT.format(_fill(_ROW, size))}\n</artifact>\n\nHave fun.\n"


ORDINARY: dict[str, Callable[[int], str]] = {
    "a component in its tag": _react,
    "a component in a fence": lambda size: f"Here:\n\n```jsx\n{_COMPONENT.format(_fill(_ROW, size))}\n```\n",
    "a document with fences": lambda size: (
        f'<artifact type="text/markdown" title="N">\n{_fill(_NOTES, size)}</artifact>'
    ),
}
HOSTILE: dict[str, Callable[[int], str]] = {
    "<": lambda size: "<" * size,
    "nested openings": lambda size: _fill(f"{_OPENING}\n", size),
    "bare openings": lambda size: _fill("<artifact>", size),
    "unclosed quotes": lambda size: _fill('<artifact title="', size),
    "unclosed quotes of both kinds": lambda size: _fill("<artifact a='<artifact b=\"", size),
    "unclosed fences": lambda size: _fill("```jsx\n", size),
    "fences of many lengths": lambda size: _fill("```a\n````b\n`````c\n~~~d\n", size),
    "alternating <think>": lambda size: _fill("<think></think>", size),
    "<think> without end": lambda size: _fill("<think>", size),
    "</think>": lambda size: _fill("</think>", size),
    "closings": lambda size: _fill("</artifact>", size),
    "whole artifacts": lambda size: _fill('<artifact type="svg">a</artifact>', size),
    "closings in fences": lambda size: f"{_OPENING}\n" + _fill("```\n</artifact>\n```\n", size),
    "backticks": lambda size: _fill("` `` ``` ", size),
    "attributes": lambda size: "<artifact " + _fill("a=b ", size),
    "documents": lambda size: _fill("\n<html>\n<svg>\n", size),
    "tokens": lambda size: _fill("<|x|>", size),
    "blanks": lambda size: " " * size,
    "line breaks": lambda size: "\r\n" * (size // 2),
    "<artifact after <artifact": lambda size: _fill("<artifact ", size),
}


@dataclass(frozen=True)
class Row:
    """How long one text takes, in milliseconds."""

    text: str
    sort: str
    whole_ms: float
    tenth_ms: float
    longest_ms: float
    pieces_ms: float

    @property
    def growth(self) -> float:
        """How many times as long the text takes that is ten times as long."""
        return self.longest_ms / self.tenth_ms

    @property
    def met(self) -> bool:
        """Whether the aims are."""
        return self.whole_ms <= _AIMS[self.sort] and self.growth <= _GROWTH


def measure(text: str, sort: str, make: Callable[[int], str], rounds: int) -> Row:
    """Extract a text of a million characters, the longest that there may be, and one of a tenth of that."""
    whole = make(_MILLION)
    return Row(
        text,
        sort,
        whole_ms=_fastest(_extracted, whole, rounds),
        # A short time is measured more often: what disturbs the machine lasts as long for both.
        tenth_ms=_fastest(_extracted, make(_LONGEST // 10), 4 * rounds),
        longest_ms=_fastest(_extracted, make(_LONGEST), rounds),
        pieces_ms=_fastest(_streamed, whole, 1),
    )


def _fastest(read: Callable[[str], None], text: str, rounds: int) -> float:
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        with suppress(ArtifactFailure):
            read(text)
        times.append(time.perf_counter() - began)
    return min(times) * 1000


def _extracted(text: str) -> None:
    extract(text)


def _streamed(text: str) -> None:
    preview = CodePreview()
    for start in range(0, len(text), _PIECE):
        preview.feed(text[start : start + _PIECE])
    preview.end()
    extract(text)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.extraction", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often each text is extracted (5)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    chosen = parser.parse_args(arguments)
    rows = []
    for sort, texts in (("ordinary", ORDINARY), ("hostile", HOSTILE)):
        for text, make in texts.items():
            print(f"\r{text:40}", end="", file=sys.stderr, flush=True)
            rows.append(measure(text, sort, make, chosen.rounds))
    print("\r" + " " * 40, end="\r", file=sys.stderr)
    print(json.dumps([asdict(row) for row in rows], indent=2) if chosen.json else _table(rows))
    return 0


def _table(rows: Sequence[Row]) -> str:
    heads = [
        "text",
        "1,000,000 characters, ms",
        "aim, ms",
        "in pieces, ms",
        "400,000, ms",
        "4,000,000, ms",
        "times",
        "",
    ]
    cells = [
        [row.text, f"{row.whole_ms:.1f}", f"{_AIMS[row.sort]:.0f}", f"{row.pieces_ms:.0f}", f"{row.tenth_ms:.2f}",
         f"{row.longest_ms:.1f}", f"{row.growth:.1f}", "✓" if row.met else "✗"]
        for row in rows
    ]  # fmt: skip
    return table(heads, cells)


if __name__ == "__main__":
    sys.exit(main())
