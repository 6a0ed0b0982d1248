"""What a caller is told of a limit, allowed or refused."""

from typing import NamedTuple


class Allowance(NamedTuple):
    """A limit, and what is left of it."""

    limit: int
    """Requests per window."""
    remaining: int
    """Requests that are left in this window."""
    reset: int
    """When the next window begins, in seconds since the epoch."""

    @property
    def headers(self) -> dict[str, str]:
        """The headers that say so."""
        return {
            "x-ratelimit-limit": str(self.limit),
            "x-ratelimit-remaining": str(self.remaining),
            "x-ratelimit-reset": str(self.reset),
        }
