"""The log lines of costs since `make run` began, of which the oldest are forgotten beyond a bound."""

from collections import deque

from local.costs.log import OF_COSTS

MAX_LINES = 20_000
MAX_CHARACTERS = 20_000_000


class CostLog:
    """The newest lines of costs.

    Attributes:
        requests: how many requests have been answered, also those whose lines are forgotten.
        written: how many lines of costs there were.
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
        """Keep a line of a function's log, if it is one of costs."""
        text = line.decode(errors="replace").rstrip("\n")
        name = OF_COSTS.search(text)
        if not name:
            return
        self.written += 1
        self.requests += name[1] == "cost"
        self._lines.append(text)
        self._size += len(text)
        while len(self._lines) > self._max_lines or self._size > self._max_characters:
            self._size -= len(self._lines.popleft())

    def lines(self) -> tuple[str, ...]:
        """Return what is kept, the oldest first."""
        return tuple(self._lines)
