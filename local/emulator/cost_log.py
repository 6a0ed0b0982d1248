"""The log lines that the saved queries read, since `make run` began; beyond a bound the oldest are forgotten."""

from collections import deque

from local.costs.log import OF_COSTS

_OF_OPERATOR = '"message":"operator_must_act"'
MAX_LINES = 20_000
MAX_CHARACTERS = 20_000_000


class CostLog:
    """The newest lines of costs, and of what the operator has to mend.

    Attributes:
        requests: how many requests have been answered, also those whose lines are forgotten.
        written: how many such lines there were.
    """

    def __init__(self, max_lines: int = MAX_LINES, max_characters: int = MAX_CHARACTERS) -> None:
        self._max_lines = max_lines
        self._max_characters = max_characters
        self._lines: deque[str] = deque()
        self._size = 0
        self.requests = self.written = 0

    @property
    def dropped(self) -> int:
        """Return how many lines are forgotten."""
        return self.written - len(self._lines)

    def add(self, line: bytes) -> None:
        """Keep a line of a function's log, if a saved query reads it."""
        text = line.decode(errors="replace").rstrip("\n")
        of_costs = OF_COSTS.search(text)
        if not (of_costs or _OF_OPERATOR in text):
            return
        self.written += 1
        self.requests += of_costs is not None and of_costs[1] == "cost"
        self._lines.append(text)
        self._size += len(text)
        while len(self._lines) > self._max_lines or self._size > self._max_characters:
            self._size -= len(self._lines.popleft())

    def lines(self) -> tuple[str, ...]:
        """Return what is kept, the oldest first."""
        return tuple(self._lines)
