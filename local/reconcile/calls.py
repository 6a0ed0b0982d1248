"""The attempts whose cost the log is not sure of: what is known of each, and the tables that list them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from local.reconcile.attempts import Ended, Started
from local.reconcile.generations import dollars
from local.text_table import table
from shared.costs.usage import CostSource
from shared.model_host.host import OPENROUTER


@dataclass(frozen=True)
class Call:
    """One attempt whose cost the host did not report in its answer. Amounts in nano-dollars."""

    timestamp: str
    request_id: str
    attempt: int
    host: str
    model: str
    outcome: str
    generation_id: str | None
    logged_nano_usd: int | None
    """As the log estimates it; None where it does not."""
    cost_nano_usd: int | None
    """As the host has it; None where it is unknown."""

    @property
    def can_be_asked(self) -> bool:
        """Return whether its host keeps a record by generation ID."""
        return self.host == OPENROUTER

    @property
    def is_unknown(self) -> bool:
        """Return whether its cost stays unknown; an estimate is the best there is where nobody can be asked."""
        return (self.cost_nano_usd if self.can_be_asked else self.logged_nano_usd) is None

    @classmethod
    def ended(cls, line: Ended, costs: Mapping[str, int]) -> Self:
        """Return the call of an `attempt` line, with what OpenRouter says by generation ID."""
        return cls(
            timestamp=line.timestamp,
            request_id=line.request_id,
            attempt=line.attempt,
            host=line.host,
            model=line.model,
            outcome=line.outcome,
            generation_id=line.generation_id,
            logged_nano_usd=line.cost_nano_usd if line.cost_source is CostSource.ESTIMATED else None,
            # Another host's ID can be one of OpenRouter's by chance.
            cost_nano_usd=costs.get(line.generation_id or "") if line.host == OPENROUTER else None,
        )

    @classmethod
    def killed(cls, line: Started) -> Self:
        """Return the call of an `attempt_started` line that no `attempt` follows."""
        return cls(
            timestamp=line.timestamp,
            request_id=line.request_id,
            attempt=line.attempt,
            host=line.host,
            model=line.model,
            outcome="killed",
            generation_id=None,
            logged_nano_usd=None,
            cost_nano_usd=None,
        )


def listed(calls: Sequence[Call]) -> Iterator[str]:
    """Yield the table of OpenRouter's calls, then for each other host its calls and where else to look."""
    if asked := [call for call in calls if call.can_be_asked]:
        yield _table(asked)
    for host in sorted({call.host for call in calls if not call.can_be_asked}):
        yield f"Cannot be asked for: {host} keeps no record by ID; compare with its console."
        yield _table([call for call in calls if call.host == host])


def _table(calls: Sequence[Call]) -> str:
    heads = ["time", "request id", "attempt", "host", "model", "outcome", "generation id", "logged", "cost"]
    rows = [
        [call.timestamp, call.request_id, str(call.attempt), call.host, call.model, call.outcome,
         call.generation_id or "-", dollars(call.logged_nano_usd), dollars(call.cost_nano_usd)]
        for call in calls
    ]  # fmt: skip
    return table(heads, rows)
