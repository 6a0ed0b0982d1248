"""The functions' log lines, read back: out of a log file, out of `aws logs tail`, or out of `make run`."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

Line = dict[str, Any]


def read_lines(text: Iterable[str]) -> Iterator[Line]:
    """The JSON objects among lines of text, whatever stands before each; other lines are passed over."""
    for line in text:
        start = line.find("{")
        if start < 0:
            continue
        try:
            value = json.loads(line[start:], parse_float=Decimal)
        except ValueError:
            continue
        if isinstance(value, dict):
            yield value


@dataclass(frozen=True)
class Attempts:
    """The calls to the host that a log speaks of."""

    ended: list[Line] = field(default_factory=list)
    """The `attempt` lines."""
    killed: list[Line] = field(default_factory=list)
    """The `attempt_started` lines that no `attempt` follows: the process was killed in the middle."""

    @classmethod
    def read(cls, text: Iterable[str]) -> "Attempts":
        """Gather them; a line that the log holds twice counts once."""
        started: dict[tuple[Any, Any], Line] = {}
        ended: dict[tuple[Any, Any], Line] = {}
        for line in read_lines(text):
            lines = {"attempt_started": started, "attempt": ended}.get(str(line.get("message")))
            if lines is not None:
                lines.setdefault((line.get("request_id"), line.get("attempt")), line)
        return cls(list(ended.values()), [line for key, line in started.items() if key not in ended])
