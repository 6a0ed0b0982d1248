"""The first table: every client meets every fault, each client with a stand-in of its own, all clients at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from benchmarks.client.clients import CLIENTS, reference
from benchmarks.client.judge import Verdict, judged
from benchmarks.client.rows import ROWS, Row
from benchmarks.client.worker import Worker
from tests.support.standin import StandIn, standin

TIMEOUT_SECONDS = 3.0
"""What every client is given, as the time-out or deadline that it knows."""
PATIENCE_SECONDS = TIMEOUT_SECONDS + 3.0
"""After this, a client that has not come back hangs."""

Progress = Callable[[str], None]


def run(progress: Progress) -> dict[str, list[Verdict]]:
    """The verdicts by client, in the order of the rows."""
    # Nearly all of the time is spent waiting, so the clients do not get into each other's way.
    with ThreadPoolExecutor(len(CLIENTS)) as pool:
        lanes = {client: pool.submit(_lane, client, progress) for client in CLIENTS}
        return {client: lane.result() for client, lane in lanes.items()}


def _lane(client: str, progress: Progress) -> list[Verdict]:
    verdicts = []
    with (
        standin() as host,
        Worker(client, host.url, timeout=TIMEOUT_SECONDS, patience=PATIENCE_SECONDS) as worker,
    ):
        for number, row in enumerate(ROWS, start=1):
            progress(f"faults: {client}, {number} of {len(ROWS)}: {row.fault or 'no fault'}")
            verdicts.append(_meet(row, host, worker))
    return verdicts


def _meet(row: Row, host: StandIn, worker: Worker) -> Verdict:
    expected = reference(host.url, row.reference_prompt) if row.right.kind == "answer" else ""
    host.forget()
    said = worker.ask(row.prompt)
    calls = len(host.ledger()["calls"])
    if said is None:
        worker.restart()
    return judged(row.right, said, calls=calls, reference=expected, timeout=TIMEOUT_SECONDS, patience=PATIENCE_SECONDS)
