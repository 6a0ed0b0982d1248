"""A log file, read for the queries."""

import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import Self

from local.insights import Events

OF_COSTS = re.compile(r'\bmessage\\*"\s*:\s*\\*"(attempt_started|attempt|cost)\\*"')
"""What says which line it is, also where that stands quoted in JSON, as `aws logs filter-log-events` prints it."""
_NAMES = {"attempt_started", "attempt", "cost"}
_OF_METRICS = '"message":"metrics"'


@dataclass(frozen=True)
class Log:
    """The events of a log, and what is wrong with it.

    The lines of the metrics are left out: they are half of the log, and no saved query looks at them.
    """

    events: Events
    damaged: tuple[int, ...]
    """The numbers, from 1, of the lines that speak of a cost and cannot be read; no query sees them."""

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a file, or standard input for `-`; OSError where it cannot be read."""
        if str(path) != "-":
            with path.open(encoding="utf-8", errors="replace", newline="\n") as text:
                return cls._of(text)
        if isinstance(sys.stdin, TextIOWrapper):
            sys.stdin.reconfigure(encoding="utf-8", errors="replace", newline="\n")
        return cls._of(sys.stdin)

    @property
    def is_empty(self) -> bool:
        """Whether no line of a cost is in it: it may be another file."""
        return not self.damaged and not any(row.get("message") in _NAMES for row in self.events.rows)

    @classmethod
    def _of(cls, text: Iterable[str]) -> Self:
        # A line that is there twice, as where two pieces of a log overlap, is one.
        once: dict[str, int] = {}
        for number, line in enumerate(text, start=1):
            if _OF_METRICS not in line and not line.isspace():
                once.setdefault(line, number)
        events = Events.read(once)
        damaged = {line: number for (line, number), row in zip(once.items(), events.rows, strict=True)
                   if not _is_whole(row) and OF_COSTS.search(line)}  # fmt: skip
        if damaged:
            events = Events.read(line for line in once if line not in damaged)
        return cls(events, tuple(damaged.values()))


def _is_whole(row: Mapping[str, object]) -> bool:
    """Whether the line has what every query relies on."""
    name = row.get("message")
    ended = name == "attempt_started" or isinstance(row.get("outcome"), str)
    return name in _NAMES and ended and row["@timestamp"] is not None
