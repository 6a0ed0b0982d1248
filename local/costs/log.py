"""A log file, read for the queries."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import Self

from local.insights import Events
from local.log_lines import OF_COSTS

_OF_METRICS = '"message":"metrics"'


@dataclass(frozen=True)
class Log:
    """The events of a log, and what is wrong with it.

    The lines of the metrics are left out: they are half of the log, and no saved query looks at them.
    """

    events: Events
    damaged: tuple[int, ...]
    """The numbers, from 1, of the lines that speak of a cost and cannot be read."""

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a file, or standard input for `-`; OSError where it cannot be read."""
        if str(path) != "-":
            with path.open(encoding="utf-8", errors="replace", newline="\n") as text:
                return cls._of(text)
        if isinstance(sys.stdin, TextIOWrapper):
            sys.stdin.reconfigure(encoding="utf-8", errors="replace", newline="\n")
        return cls._of(sys.stdin)

    @classmethod
    def _of(cls, text: Iterable[str]) -> Self:
        numbered = enumerate(text, start=1)
        lines = [(number, line) for number, line in numbered if not line.isspace() and _OF_METRICS not in line]
        events = Events.read(line for _, line in lines)
        damaged = [
            number
            for (number, line), row in zip(lines, events.rows, strict=True)
            if not isinstance(row.get("message"), str) and OF_COSTS.search(line)
        ]
        return cls(events, tuple(damaged))
