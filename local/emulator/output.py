"""Where lines go: the functions' own to stdout and stderr, what `make run` has to say to stderr."""

import os
from queue import SimpleQueue
from threading import Thread

from local.emulator.cost_log import CostLog


class LineWriter:
    """Writes whole lines to one file descriptor, one after the other.

    A thread does the writing: whoever reads slowly, or holds the terminal with Ctrl-S, stops no function by it.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lines: SimpleQueue[bytes | None] = SimpleQueue()
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def write(self, line: bytes) -> None:
        """Write this line after those before it; the last line of a killed process gets the newline it lacks."""
        self._lines.put(line if line.endswith(b"\n") else line + b"\n")

    def close(self) -> None:
        """Write what is left, but wait no longer than half a second for a reader."""
        self._lines.put(None)
        self._thread.join(0.5)

    def _run(self) -> None:
        while (line := self._lines.get()) is not None:
            try:
                rest = memoryview(line)
                while rest:
                    rest = rest[os.write(self._descriptor, rest) :]
            except OSError:
                return  # nobody reads any more


class Output:
    """The two streams of `make run`.

    Attributes:
        costs: the functions' lines that tell of costs.
    """

    def __init__(self) -> None:
        self.costs = CostLog()
        self._stdout = LineWriter(1)
        self._stderr = LineWriter(2)

    def to_stdout(self, line: bytes) -> None:
        """Pass on a function's line."""
        self.costs.add(line)
        self._stdout.write(line)

    def to_stderr(self, line: bytes) -> None:
        """Pass on a line of a child's stderr."""
        self._stderr.write(line)

    def say(self, message: str) -> None:
        """Tell the person at the terminal, apart from the functions' own lines."""
        self._stderr.write(f"{message}\n".encode())

    def close(self) -> None:
        """Write what is left."""
        self._stdout.close()
        self._stderr.close()
