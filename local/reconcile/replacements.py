"""The replacement of what is counted for unknown costs by the host's figures, request by request."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from local.reconcile.generations import dollars
from local.text_table import table
from shared.guard.unknown_costs import UnknownCosts


@dataclass(frozen=True)
class Replacement:
    """What is counted for one request's attempts of unknown cost. Amounts in nano-dollars."""

    request_id: str
    unknown: int
    """The attempts that the host had no figure for before."""
    found: int
    """Those of them that it has one for now."""
    cost_nano_usd: int
    """What they cost."""
    booked_nano_usd: int
    """Before."""
    books_nano_usd: int
    """Afterwards; the same where nothing was changed."""
    problem: str | None = None
    """Why it was not changed though it should be."""

    @property
    def change_nano_usd(self) -> int:
        """Return what is added to each counter."""
        return self.books_nano_usd - self.booked_nano_usd

    @classmethod
    def of(cls, before: UnknownCosts, after: UnknownCosts, problem: str | None = None) -> Self:
        """Return the replacement of one by the other; with a problem, it was not made."""
        pairs = [(old, new) for old, new in zip(before.attempts, after.attempts, strict=True) if old.cost is None]
        return cls(
            request_id=before.request_id,
            unknown=len(pairs),
            found=sum(new.cost is not None for _, new in pairs),
            cost_nano_usd=sum(new.cost or 0 for _, new in pairs),
            booked_nano_usd=before.counted,
            books_nano_usd=before.counted if problem else after.counted,
            problem=problem,
        )


@dataclass(frozen=True)
class Replaced:
    """What became, or would become, of each request's item."""

    rows: Sequence[Replacement]
    applied: bool

    @property
    def problems(self) -> list[Replacement]:
        """Return those that could not be changed."""
        return [row for row in self.rows if row.problem]

    def text(self) -> str:
        """Return a table for a person."""
        heads = ["request id", "unknown", "found", "cost", "counted", "counted then", "change"]
        rows = [_cells(row.request_id, row) for row in self.rows]
        done = "Replaced in the day's books" if self.applied else "Would be replaced in the day's books by --apply"
        parts = [f"{done}:", table(heads, [*rows, _cells("all", *self.rows)])]
        parts += [f"{row.request_id} was left as it is: {row.problem}." for row in self.problems]
        return "\n\n".join(parts)

    def data(self) -> dict[str, Any]:
        """Return data for a program."""
        return {
            "applied": self.applied,
            "requests": [asdict(row) | {"change_nano_usd": row.change_nano_usd} for row in self.rows],
            "booked_nano_usd": sum(row.booked_nano_usd for row in self.rows),
            "cost_nano_usd": sum(row.cost_nano_usd for row in self.rows),
            "change_nano_usd": sum(row.change_nano_usd for row in self.rows),
        }


def _cells(name: str, *rows: Replacement) -> list[str]:
    counts = [str(sum(row.unknown for row in rows)), str(sum(row.found for row in rows))]
    amounts = [
        dollars(sum(row.cost_nano_usd for row in rows)),
        dollars(sum(row.booked_nano_usd for row in rows)),
        dollars(sum(row.books_nano_usd for row in rows)),
    ]
    change = sum(row.change_nano_usd for row in rows)
    return [name, *counts, *amounts, ("-" if change < 0 else "") + dollars(abs(change))]
