"""The stand-in's own ledger: a row for every attempt, to be compared with what a client believes it has spent."""

from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime


def dollars(nano: int) -> int | float:
    """Nano-dollars as dollars, printed by `json` as exactly that decimal.

    A float's shortest decimal is the one it was made from as long as that has no more than 15 digits: nine of them
    behind the point leave room for a million dollars.
    """
    return nano / 10**9 if nano else 0


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(slots=True)
class Row:
    """One attempt. It is in the ledger from the request's first byte on and is right before the answer's last byte."""

    number: int
    host: str
    model: str = ""
    generation_id: str | None = None
    status: int = 0  # the HTTP status; 0: none was ever sent
    fault: str | None = None
    charged_nano_usd: int = 0  # what a real host would bill, attempts broken off before their usage included
    sent_nano_usd: int = 0  # the cost that was really written in a usage object
    prompt_tokens: int = 0
    completion_tokens: int = 0
    reasoning_tokens: int = 0
    cached_tokens: int = 0
    finished: bool = False  # the model came to its end, and said so
    unknown_fields: list[str] = field(default_factory=list)  # of the request; they mean nothing to the host
    options: dict[str, object] = field(default_factory=dict)  # of the request: seed, stop, temperature and the like
    at: str = field(default_factory=_now)

    def as_generation(self) -> dict[str, object]:
        """Return the row as `GET /generation` tells it."""
        return {
            "id": self.generation_id,
            "model": self.model,
            "provider_name": "Stand-in",
            "total_cost": dollars(self.charged_nano_usd),
            "tokens_prompt": self.prompt_tokens,
            "tokens_completion": self.completion_tokens,
            "native_tokens_prompt": self.prompt_tokens,
            "native_tokens_completion": self.completion_tokens,
            "native_tokens_reasoning": self.reasoning_tokens,
            "native_tokens_cached": self.cached_tokens,
            "cancelled": not self.finished,
            "created_at": self.at,
        }


@dataclass(slots=True)
class Ledger:
    """All attempts since the start, or since the ledger was emptied."""

    rows: list[Row] = field(default_factory=list)

    def open(self, host: str) -> Row:
        """Add a row at the end."""
        row = Row(number=self.rows[-1].number + 1 if self.rows else 1, host=host)
        self.rows.append(row)
        return row

    def find(self, host: str, generation_id: str) -> Row | None:
        """Return the row of a generation."""
        return next((row for row in self.of(host) if row.generation_id == generation_id), None)

    def of(self, host: str | None) -> list[Row]:
        """Return the rows of one host, or all."""
        return [row for row in self.rows if host in {None, row.host}]

    def empty(self, host: str | None) -> None:
        """Remove the rows of one host, or all."""
        self.rows = [row for row in self.rows if host not in {None, row.host}]

    def as_json(self, host: str | None = None) -> dict[str, object]:
        """Return rows and sums of one host, or of all."""
        rows = self.of(host)
        return {
            "calls": [asdict(row) for row in rows],
            "charged_nano_usd": sum(row.charged_nano_usd for row in rows),
            "sent_nano_usd": sum(row.sent_nano_usd for row in rows),
        }
