"""`make bench-standin`: how much CPU time the stand-in takes for a request, at its instant pace.

A load test needs a host that takes less than what it is to measure. Here counts the stand-in's process alone, and not
the client that calls it.
"""

import argparse
import http.client
import json
import os
import platform
import random
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from local.text_table import table

_HERE = Path(__file__).parents[1]
_AIM_MS = 3.0
_SYSTEM = "Answer with exactly one artifact. " * 60  # about as long as the functions' own


@dataclass(frozen=True)
class Request:
    """One request, by its name in the report."""

    name: str
    prompt: str
    stream: bool

    @property
    def body(self) -> bytes:
        """The JSON that is sent."""
        messages = [{"role": "system", "content": _SYSTEM}, {"role": "user", "content": self.prompt}]
        return json.dumps(
            {"model": "moonshotai/kimi-k2-thinking", "stream": self.stream, "messages": messages}
        ).encode()


REQUESTS = (
    Request("a component, streamed", "A todo list", stream=True),
    Request("a drawing, streamed", "A rocket icon", stream=True),
    Request("a component, in one body", "A todo list", stream=False),
)


class Host:
    """A stand-in that listens."""

    def __init__(self, port: int, pid: int) -> None:
        self.port = port
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._clock = ~pid << 3 | 2  # Linux's id of a process's own clock, as clock_getcpuclockid(3) gives it

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def milliseconds(self, request: Request, calls: int) -> float:
        """Return the CPU time of one of so many calls."""
        before = time.clock_gettime(self._clock)
        for _ in range(calls):
            self.ask(request)
        return (time.clock_gettime(self._clock) - before) / calls * 1000

    def ask(self, request: Request) -> bytes:
        """Return the whole answer.

        Raises:
            RuntimeError: when it is none.
        """
        headers = {"Authorization": "Bearer none", "Content-Type": "application/json"}
        self._connection.request("POST", "/api/v1/chat/completions", request.body, headers)
        response = self._connection.getresponse()
        answer = response.read()
        if response.status != http.HTTPStatus.OK or b'"cost":' not in answer:
            msg = f"the stand-in answered {response.status}: {answer[:200]!r}"
            raise RuntimeError(msg)
        return answer


@contextmanager
def running(folder: Path) -> Iterator[Host]:
    """A stand-in of the checkout in this folder."""
    command = [sys.executable, "-m", "local.standin", "--port", "0", "--pace", "instant"]
    quiet = {name: value for name, value in os.environ.items() if not name.startswith("STANDIN_")}
    with subprocess.Popen(command, cwd=folder, env=quiet, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own
        try:
            said = process.stdout.readline() if process.stdout else ""
            listening = re.search(r":(\d+)/", said)
            if listening is None:
                msg = f"the stand-in in {folder} did not start"
                raise RuntimeError(msg)
            with closing(Host(int(listening[1]), process.pid)) as host:
                yield host
        finally:
            process.kill()


@dataclass(frozen=True)
class Figures:
    """What a request took, round by round: here, and in another checkout."""

    name: str
    answer_bytes: int
    here_ms: list[float] = field(default_factory=list)
    there_ms: list[float] = field(default_factory=list)

    def cells(self) -> list[str]:
        """The row of the report."""
        columns = [self.here_ms]
        if self.there_ms:
            columns += [self.there_ms, [there / here for here, there in zip(self.here_ms, self.there_ms, strict=True)]]
        return [self.name, f"{self.answer_bytes:,}", *(cell for column in columns for cell in _spread(column))]


def _spread(values: list[float]) -> tuple[str, str]:
    """The median, and the quartiles."""
    low, median, high = statistics.quantiles(values, n=4)
    return f"{median:.2f}", f"{low:.2f} to {high:.2f}"


def measure(hosts: Sequence[Host], rounds: int, calls: int) -> list[Figures]:
    """Ask every host for everything in each round, in random order, after a round that does not count."""
    figures = [Figures(request.name, len(hosts[0].ask(request))) for request in REQUESTS]
    for number in range(rounds + 1):
        pairs = [(request, host) for request in range(len(REQUESTS)) for host in range(len(hosts))]
        for request, host in random.sample(pairs, len(pairs)):
            took = hosts[host].milliseconds(REQUESTS[request], calls)
            if number:
                (figures[request].there_ms if host else figures[request].here_ms).append(took)
    return figures


def report(figures: Sequence[Figures]) -> str:
    """Return the table, and whether the aim is met."""
    heads = ["request", "bytes", "CPU ms", "quartiles"]
    if figures[0].there_ms:
        heads += ["CPU ms there", "quartiles", "times as long there", "quartiles"]
    most = max(statistics.median(row.here_ms) for row in figures)
    met = "met" if most < _AIM_MS else "missed"
    rows = table(heads, [row.cells() for row in figures])
    return f"{rows}\n\nthe dearest request: {most:.2f} ms; less than {_AIM_MS:.0f} ms: {met}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.standin", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="of which medians and quartiles are taken (15)")
    parser.add_argument("--calls", type=int, default=20, help="of each request in a round (20)")
    parser.add_argument("--against", type=Path, help="another checkout, whose stand-in is measured in the same rounds")
    parser.add_argument("--json", action="store_true", help="print JSON")
    chosen = parser.parse_args(arguments)
    folders = [_HERE] + ([chosen.against] if chosen.against else [])
    with ExitStack() as stack:
        hosts = [stack.enter_context(running(folder)) for folder in folders]
        figures = measure(hosts, chosen.rounds, chosen.calls)
    if chosen.json:
        print(json.dumps([asdict(row) for row in figures]))
    else:
        print(f"CPython {platform.python_version()}, {os.cpu_count()} cores\n\n{report(figures)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
