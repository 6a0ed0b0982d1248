"""`make bench-costs`: how long `make costs` takes for a log of many requests, from its start to its end.

The log is written by the code that writes it in earnest, once; the command is run several times on it.
"""

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from shared.catalog import built_in
from shared.costs import metrics
from shared.costs.cost_line import CostLine, WorkFacts
from shared.costs.ledger import AttemptRecord, Ledger
from shared.costs.usage import NOTHING, UNKNOWN, Cost, CostSource, Usage
from shared.logs import Logs

_AIM_SECONDS = 2.0
_MODELS = ("moonshotai/kimi-k2-thinking", "moonshotai/kimi-k2.6")
_KINDS = ("react", "html", "svg", "mermaid", "markdown", "code")
_FAILURES = (
    (NOTHING, "upstream_overloaded", 503),
    (NOTHING, "upstream_rate_limited", 429),
    (UNKNOWN, "upstream_error", 200),
)


def write(requests: int, logs: Logs) -> None:
    """Log so many requests of 50 callers; every third one needs a second call, the same ones every time."""
    mix = random.Random(7)  # noqa: S311 - no secret
    for number in range(requests):
        ledger = Ledger("generate_artifact" if number % 4 else "generate_artifact_fix", f"request-{number}", logs.emit)
        facts, caller = WorkFacts(artifact_type=mix.choice(_KINDS)), f"jwt:{mix.randrange(50):016x}"
        model = mix.choices(_MODELS, (12, 1))[0]
        usage = Usage(mix.randrange(300, 900), mix.randrange(8_000, 16_000), mix.randrange(4_000, 8_000), 200)
        cost = Cost(usage.cost(built_in(), model).usd, CostSource.REPORTED)
        told = {"status": 200, "provider": "Stand-in", "generation_id": f"gen-{number}", "finish_reason": "stop"}
        calls = [_call(model, "ok", cost, usage, mix.uniform(30, 200), first_token=40.0, **told)]
        if number % 3 == 0:
            lost, outcome, status = mix.choice(_FAILURES)
            calls.insert(0, _call(model, outcome, lost, Usage(), mix.uniform(0.1, 60), status=status))
        for call in calls:
            ledger.attempt_starts("first", model, call.host)
            ledger.attempt_ended("first", call)
        seconds = sum(call.duration for call in calls)
        line = CostLine.of(
            ledger,
            facts,
            outcome="ok",
            status=200,
            caller=caller,
            requested_model=model,
            replayed=False,
            seconds=seconds,
        )
        logs.emit("cost", line._asdict())
        for fields in metrics.lines(line, ledger.attempts):
            logs.measure(fields)


def _call(model: str, outcome: str, cost: Cost, usage: Usage, seconds: float, **told: Any) -> AttemptRecord:  # noqa: ANN401
    return AttemptRecord(model, model, outcome, outcome != "ok", cost, usage, seconds, **told)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.costs", description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000, help="how many requests the log holds (10,000)")
    parser.add_argument("--rounds", type=int, default=9, help="how often the command is run (9)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--write", action="store_true", help="only write the log, to standard output")
    chosen = parser.parse_args(arguments)
    if chosen.write:
        write(chosen.requests, Logs("kimi-artifacts"))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "functions.log")
        print(f"writing a log of {chosen.requests:,} requests", file=sys.stderr)
        with log.open("wb") as stream:
            command = [sys.executable, "-m", "benchmarks.costs", "--write", "--requests", str(chosen.requests)]
            subprocess.run(command, stdout=stream, check=True)  # noqa: S603 - this module itself
        lines, size = log.read_bytes().count(b"\n"), log.stat().st_size
        seconds = [_timed(log) for _ in range(chosen.rounds)]
    figures = {"requests": chosen.requests, "lines": lines, "bytes": size, "seconds": sorted(seconds)}
    print(json.dumps(figures) if chosen.json else _text(figures["seconds"], chosen.requests, lines, size))
    return 0


def _timed(log: Path) -> float:
    began = time.perf_counter()
    command = [sys.executable, "-m", "local.costs", str(log)]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)  # noqa: S603 - our own
    return time.perf_counter() - began


def _text(seconds: list[float], requests: int, lines: int, size: int) -> str:
    low, median, high = statistics.quantiles(seconds, n=4)
    met = "met" if median < _AIM_SECONDS else "missed"
    return (
        f"{requests:,} requests, {lines:,} lines, {size / 1e6:.0f} MB: every saved query in {median:.2f} s "
        f"(quartiles {low:.2f} to {high:.2f}, of {len(seconds)} runs); less than {_AIM_SECONDS:.0f} s: {met}"
    )


if __name__ == "__main__":
    sys.exit(main())
