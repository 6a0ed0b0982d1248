"""What a log's attempts cost: what the log says, what the host says of the rest, and what stays unknown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from local.reconcile.attempts import Attempts, Ended, Started
from local.reconcile.booked_costs import BookedCosts
from local.reconcile.generations import Generations, Progress, dollars
from local.reconcile.replacements import Replaced, Replacement
from local.text_table import table
from shared.guard.unknown_costs import UnknownCosts

_LISTED = 10


@dataclass(frozen=True)
class Call:
    """One attempt whose cost the host did not report in its answer. Amounts in nano-dollars."""

    timestamp: str
    request_id: str
    attempt: int
    model: str
    outcome: str
    generation_id: str | None
    logged_nano_usd: int | None
    """As the log has it: an estimate, or None."""
    cost_nano_usd: int | None
    """As the host has it; None where it is unknown."""


@dataclass(frozen=True)
class Reconciled:
    """What a log's attempts cost. Amounts in nano-dollars."""

    attempts: int
    reported_nano_usd: int
    calls: list[Call]
    unreadable: list[int]
    """The numbers of the log's damaged lines about an attempt."""
    books: Replaced | None = None
    """What is counted for them; None where no table is named."""

    @property
    def asked_nano_usd(self) -> int:
        """Return what the attempts cost that the host was asked for; a generation that two of them name counts once."""
        return sum({call.generation_id: call.cost_nano_usd or 0 for call in self.calls}.values())

    @property
    def left(self) -> list[Call]:
        """Return the attempts of unknown cost."""
        return [call for call in self.calls if call.cost_nano_usd is None]

    def text(self) -> str:
        """Return tables for a person."""
        parts = [_table(self.calls)] if self.calls else []
        left = len(self.left)
        parts.append(
            table(
                ["calls", "", "cost"],
                [
                    [str(self.attempts - len(self.calls)), "reported in the log", dollars(self.reported_nano_usd)],
                    [str(len(self.calls) - left), "asked of the host", dollars(self.asked_nano_usd)],
                    [str(left), "still unknown, not in the sum", "-"],
                    [str(self.attempts), "all", dollars(self.reported_nano_usd + self.asked_nano_usd)],
                ],
            )
        )
        if self.unreadable:
            parts.append(f"Not in the sum: damaged log lines that speak of a call, {_listed(self.unreadable)}.")
        if self.books:
            parts.append(self.books.text())
        return "\n\n".join(parts)

    def data(self) -> dict[str, Any]:
        """Return data for a program."""
        books = {"books": self.books.data()} if self.books else {}
        return books | {
            "attempts": self.attempts,
            "reported_nano_usd": self.reported_nano_usd,
            "asked_nano_usd": self.asked_nano_usd,
            "total_nano_usd": self.reported_nano_usd + self.asked_nano_usd,
            "calls": [asdict(call) for call in self.calls],
            "unreadable_lines": self.unreadable,
        }


def reconcile(
    log: Iterable[str],
    host: Generations,
    progress: Progress,
    booked: BookedCosts | None = None,
    *,
    apply: bool = False,
) -> Reconciled:
    """Return what the log's attempts cost, with what the host says of those that the log does not know.

    Where the guard's table is given, what is counted there is compared or replaced.

    Raises:
        LookUpError: the host cannot be asked.
        BooksError: the table cannot be used.
    """
    attempts = Attempts.read(log)
    sure = [line for line in attempts.ended if line.is_sure]
    unsure = [line for line in attempts.ended if not line.is_sure]
    items = booked.read(line.request_id for line in unsure) if booked else []
    ids = [line.generation_id for line in unsure if line.generation_id]
    ids += [attempt.generation_id for item in items for attempt in item.attempts if attempt.generation_id]
    costs = host.costs(list(dict.fromkeys(ids)), progress)
    calls = [*(_ended(line, costs) for line in unsure), *map(_killed, attempts.killed)]
    return Reconciled(
        attempts=len(attempts.ended) + len(attempts.killed),
        reported_nano_usd=sum(line.cost_nano_usd or 0 for line in sure),
        calls=sorted(calls, key=lambda call: call.timestamp),
        unreadable=attempts.unreadable,
        books=_replaced(booked, items, costs, apply=apply) if booked else None,
    )


def _replaced(booked: BookedCosts, items: Sequence[UnknownCosts], costs: Mapping[str, int], *, apply: bool) -> Replaced:
    if apply:
        return Replaced([booked.apply(item, costs) for item in items], applied=True)
    return Replaced([Replacement.of(item, item.with_costs(costs)) for item in items], applied=False)


def _ended(line: Ended, costs: Mapping[str, int]) -> Call:
    return Call(
        timestamp=line.timestamp,
        request_id=line.request_id,
        attempt=line.attempt,
        model=line.model,
        outcome=line.outcome,
        generation_id=line.generation_id,
        logged_nano_usd=line.cost_nano_usd,
        cost_nano_usd=costs.get(line.generation_id or ""),
    )


def _killed(line: Started) -> Call:
    return Call(
        timestamp=line.timestamp,
        request_id=line.request_id,
        attempt=line.attempt,
        model=line.model,
        outcome="killed",
        generation_id=None,
        logged_nano_usd=None,
        cost_nano_usd=None,
    )


def _table(calls: Sequence[Call]) -> str:
    heads = ["time", "request id", "attempt", "model", "outcome", "generation id", "logged", "cost"]
    rows = [
        [call.timestamp, call.request_id, str(call.attempt), call.model, call.outcome, call.generation_id or "-",
         dollars(call.logged_nano_usd), dollars(call.cost_nano_usd)]
        for call in calls
    ]  # fmt: skip
    return table(heads, rows)


def _listed(numbers: Sequence[int]) -> str:
    more = f" and {len(numbers) - _LISTED} more" if len(numbers) > _LISTED else ""
    return f"at line {', '.join(map(str, numbers[:_LISTED]))}{more}"
