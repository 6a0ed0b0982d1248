"""What answers tell a caller about a rate limit, whether it was reached or not."""

from typing import NamedTuple


class Allowance(NamedTuple):
    """A rate limit, and what is left of it."""

    limit: int
    """Requests per window."""
    remaining: int
    """Requests left in this window."""
    reset: int
    """When the next window begins, in seconds since the epoch."""

    @property
    def headers(self) -> dict[str, str]:
        """The rate-limit headers of an answer."""
        return {
            "x-ratelimit-limit": str(self.limit),
            "x-ratelimit-remaining": str(self.remaining),
            "x-ratelimit-reset": str(self.reset),
        }
