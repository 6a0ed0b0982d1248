"""A request being served, as an endpoint makes one: for tests of what it is handed to."""

import time
from typing import Any

from shared.costs.cost_line import CostLine, WorkFacts
from shared.costs.ledger import Ledger
from shared.costs.spending import SpendingLimit, Unlimited
from shared.deadline import Clock, Deadline
from shared.progress import SILENT, Phase, Progress, Silent
from shared.run import Caller, Report, Run

REQUEST_ID, FUNCTION, ANN, NO_FACTS = "r-1", "generate_artifact", Caller("iam:1"), WorkFacts()


class Lines(list[tuple[str, dict[str, Any]]]):
    """The log lines that a ledger writes: each with its name."""

    def emit(self, name: str, line: dict[str, Any]) -> None:
        self.append((name, line))

    def named(self, name: str) -> list[dict[str, Any]]:
        return [line for each, line in self if each == name]


class Recorder(Silent):
    """Notes all that is observed of a request, in order."""

    def __init__(self) -> None:
        self.events: list[str] = []

    def phase(self, phase: Phase) -> None:
        self.events.append(phase)

    def text(self, piece: str) -> None:
        self.events.append(f"+{piece}")

    def reset(self) -> None:
        self.events.append("reset")


def a_ledger(lines: Lines | None = None, function: str = FUNCTION, request_id: str = REQUEST_ID) -> Ledger:
    return Ledger(function, request_id, (Lines() if lines is None else lines).emit)


def a_run(
    seconds: float = 60.0,
    *,
    lines: Lines | None = None,
    ledger: Ledger | None = None,
    spending: SpendingLimit | None = None,
    clock: Clock = time.monotonic,
    request_id: str = REQUEST_ID,
    function: str = FUNCTION,
    caller: Caller = ANN,
    report: Report = lambda _problem: None,
    progress: Progress = SILENT,
) -> Run:
    """A run; of a ledger, its lines and the seconds to its deadline those that are given."""
    ledger = ledger or a_ledger(lines, function, request_id)
    deadline = Deadline(seconds, clock)
    return Run(request_id, function, deadline, ledger, report, caller, spending or Unlimited(), progress)


def cost_line(ledger: Ledger, outcome: str = "ok", status: int = 200, facts: WorkFacts = NO_FACTS) -> CostLine:
    """The cost line of a request that has ended after a second."""
    model = ledger.attempts[0].requested_model if ledger.attempts else None
    return CostLine.of(
        ledger,
        facts,
        outcome=outcome,
        status=status,
        caller=None,
        requested_model=model,
        replayed=False,
        seconds=1.0,
    )
