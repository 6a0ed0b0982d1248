"""What a log's attempts cost: what the log says, what OpenRouter says of its own, and what stays unknown."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from local.reconcile.attempts import Attempts
from local.reconcile.booked_costs import BookedCosts
from local.reconcile.calls import Call, listed
from local.reconcile.generations import dollars
from local.reconcile.replacements import Replaced, Replacement
from local.text_table import table
from shared.guard.unknown_costs import UnknownCosts
from shared.model_host.host import OPENROUTER

_LISTED = 10

LookUp = Callable[[list[str]], Mapping[str, int]]
"""Returns what generations cost at OpenRouter, in nano-dollars by ID; called only where there is one to ask for."""


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
    def asked(self) -> list[Call]:
        """Return the attempts that OpenRouter has a figure for."""
        return [call for call in self.calls if call.cost_nano_usd is not None]

    @property
    def asked_nano_usd(self) -> int:
        """Return what they cost; a generation that two of them name counts once."""
        return sum({call.generation_id: call.cost_nano_usd or 0 for call in self.asked}.values())

    @property
    def estimated(self) -> list[Call]:
        """Return the attempts with an estimate in the log, of hosts that cannot be asked."""
        return [call for call in self.calls if not (call.can_be_asked or call.is_unknown)]

    @property
    def estimated_nano_usd(self) -> int:
        """Return what they cost by these estimates."""
        return sum(call.logged_nano_usd or 0 for call in self.estimated)

    @property
    def left(self) -> list[Call]:
        """Return the attempts of unknown cost."""
        return [call for call in self.calls if call.is_unknown]

    @property
    def total_nano_usd(self) -> int:
        """Return the sum of what is known or estimated."""
        return self.reported_nano_usd + self.asked_nano_usd + self.estimated_nano_usd

    def text(self) -> str:
        """Return tables for a person."""
        parts = list(listed(self.calls))
        reported = self.attempts - len(self.calls)
        parts.append(
            table(
                ["calls", "", "cost"],
                [
                    [str(reported), "reported in the log", dollars(self.reported_nano_usd)],
                    [str(len(self.asked)), f"asked of {OPENROUTER}", dollars(self.asked_nano_usd)],
                    [str(len(self.estimated)), "estimated, cannot be asked for", dollars(self.estimated_nano_usd)],
                    [str(len(self.left)), "still unknown, not in the sum", "-"],
                    [str(self.attempts), "all", dollars(self.total_nano_usd)],
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
            "estimated_nano_usd": self.estimated_nano_usd,
            "total_nano_usd": self.total_nano_usd,
            "calls": [asdict(call) for call in self.calls if call.can_be_asked],
            "cannot_be_asked_for": [asdict(call) for call in self.calls if not call.can_be_asked],
            "unreadable_lines": self.unreadable,
        }


def reconcile(
    log: Iterable[str], look_up: LookUp, booked: BookedCosts | None = None, *, apply: bool = False
) -> Reconciled:
    """Return what the log's attempts cost, with what OpenRouter says of those of its own that the log does not know.

    Where the guard's table is given, what is counted there is compared or replaced.

    Raises:
        LookUpError: OpenRouter cannot be asked.
        ServiceMisconfigured: its key is missing or cannot be used.
        BooksError: the table cannot be used.
    """
    attempts = Attempts.read(log)
    sure = [line for line in attempts.ended if line.is_sure]
    unsure = [line for line in attempts.ended if not line.is_sure]
    items = booked.read(line.request_id for line in unsure) if booked else []
    ids = [line.generation_id for line in unsure if line.generation_id and line.host == OPENROUTER]
    # The table has the IDs of its attempts only: what another host cannot be asked for is counted there without one.
    ids += [attempt.generation_id for item in items for attempt in item.attempts if attempt.generation_id]
    costs = look_up(list(dict.fromkeys(ids))) if ids else {}
    calls = [*(Call.ended(line, costs) for line in unsure), *map(Call.killed, attempts.killed)]
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


def _listed(numbers: Sequence[int]) -> str:
    more = f" and {len(numbers) - _LISTED} more" if len(numbers) > _LISTED else ""
    return f"at line {', '.join(map(str, numbers[:_LISTED]))}{more}"
