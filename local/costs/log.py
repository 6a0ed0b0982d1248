"""A log file, read for the queries."""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from io import TextIOWrapper
from pathlib import Path
from typing import Any, Self

from local.costs.events import Events, decoded

OF_COSTS = re.compile(r'\bmessage\\*"\s*:\s*\\*"(attempt_started|attempt|cost)\\*"')
"""What says which line it is, also where that stands quoted in JSON, as `aws logs filter-log-events` prints it."""
_NAMES = {"attempt_started", "attempt", "cost"}
_OF_METRICS = '"message":"metrics"'


class Log:
    """The events of a log, and what is wrong with it.

    The lines of the metrics are left out: they are half of the log, and no saved query looks at them.

    Attributes:
        events: what the queries run on, with the fields that they read.
        damaged: the numbers, from 1, of the lines that speak of a cost and cannot be read; no query sees them.
    """

    def __init__(self, lines: Iterable[str], fields: AbstractSet[str]) -> None:
        self.damaged: list[int] = []
        self._whole = 0
        self.events = Events(self._events(lines), fields)

    @classmethod
    def read(cls, path: Path, fields: AbstractSet[str]) -> Self:
        """Read a file, or standard input for `-`; OSError where it cannot be read."""
        if str(path) != "-":
            with path.open(encoding="utf-8", errors="replace", newline="\n") as lines:
                return cls(lines, fields)
        if isinstance(sys.stdin, TextIOWrapper):
            sys.stdin.reconfigure(encoding="utf-8", errors="replace", newline="\n")
        return cls(sys.stdin, fields)

    @property
    def is_empty(self) -> bool:
        """Whether no line of a cost is in it: it may be another file."""
        return not self.damaged and not self._whole

    def _events(self, lines: Iterable[str]) -> Iterator[Mapping[str, Any]]:
        # A line that is there twice, as where two pieces of a log overlap, is one.
        seen = set()
        for number, line in enumerate(lines, start=1):
            if line in seen or _OF_METRICS in line or line.isspace():
                continue
            seen.add(line)
            event = decoded(line)
            is_whole = _is_whole(event)
            self._whole += is_whole
            if is_whole or not OF_COSTS.search(line):
                yield event
            else:
                self.damaged.append(number)


def _is_whole(event: Mapping[str, Any]) -> bool:
    """Whether the line has what every query relies on."""
    name = event.get("message")
    ended = name == "attempt_started" or isinstance(event.get("outcome"), str)
    return isinstance(name, str) and name in _NAMES and ended and event["@timestamp"] is not None
