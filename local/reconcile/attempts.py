"""Reads the attempts from the functions' log lines: of a log file, of `aws logs tail` or of `make run`."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from local.costs.log import OF_COSTS
from shared.costs.usage import CostSource
from shared.model_host.host import OPENROUTER


class Started(BaseModel):
    """What is read of an `attempt_started` line."""

    model_config = ConfigDict(frozen=True, strict=True)

    request_id: str
    attempt: int
    host: str = OPENROUTER
    """A line without one was written when there was no other host."""
    model: str = ""
    timestamp: str = ""

    @property
    def call(self) -> tuple[str, int]:
        """Return the request ID and the number of the attempt."""
        return self.request_id, self.attempt


class Ended(Started):
    """What is read of an `attempt` line; a cost without a source is unknown."""

    outcome: str = ""
    cost_nano_usd: int | None = Field(default=None, ge=0)
    cost_source: CostSource = CostSource.UNKNOWN
    generation_id: str | None = Field(default=None, max_length=200)

    @property
    def is_sure(self) -> bool:
        """Return whether the log knows what the attempt cost."""
        return self.cost_nano_usd is not None and self.cost_source in {CostSource.REPORTED, CostSource.NONE}


@dataclass(frozen=True)
class Attempts:
    """The attempts in a log."""

    ended: list[Ended] = field(default_factory=list)
    """The `attempt` lines."""
    killed: list[Started] = field(default_factory=list)
    """The `attempt_started` lines that no `attempt` follows: the process was killed during it."""
    unreadable: list[int] = field(default_factory=list)
    """The numbers, from 1, of damaged lines about an attempt."""

    @classmethod
    def read(cls, text: Iterable[str]) -> "Attempts":
        """Read the attempts; a line that the log holds twice counts once."""
        started: dict[tuple[str, int], Started] = {}
        ended: dict[tuple[str, int], Ended] = {}
        unreadable = []
        for number, line in enumerate(text, start=1):
            spoken = OF_COSTS.search(line)
            if not spoken or spoken[1] == "cost":
                continue
            fields = line[max(0, line.find("{")) :]
            try:
                if spoken[1] == "attempt_started":
                    begun = Started.model_validate_json(fields)
                    started.setdefault(begun.call, begun)
                else:
                    found = Ended.model_validate_json(fields)
                    ended.setdefault(found.call, found)
            except ValidationError:
                unreadable.append(number)
        killed = [line for call, line in started.items() if call not in ended]
        return cls(list(ended.values()), killed, unreadable)
