"""One request being served: who asks, how long it may take, what it has cost and may cost, and who watches it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from shared.costs.ledger import Ledger
from shared.costs.spending import SpendingLimit, Unlimited
from shared.deadline import Deadline
from shared.errors import Failure, ServiceMisconfigured
from shared.progress import SILENT, Progress

Report = Callable[[str], None]
"""Writes one diagnostic line; the text names no caller, key or prompt."""

_MAX_CLEANUP_SECONDS = 2.0
"""What an answer that is ready may wait for a write that it does not depend on."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sent a request."""

    id: str
    """The same for every request of this caller; a hash, so that it may be logged and stored."""
    is_guest: bool = False


NOBODY = Caller("")
"""The caller of a request before, or without, authentication."""


@dataclass(slots=True)
class Run:
    """A request being served; the endpoint makes it and fills in what becomes known."""

    id: str
    """Lambda's request id."""
    function: str
    deadline: Deadline
    ledger: Ledger
    report: Report
    """Reports a write that failed and that no answer depends on."""
    caller: Caller = NOBODY
    spending: SpendingLimit = field(default_factory=Unlimited)
    progress: Progress = SILENT

    def best_effort(self, write: Callable[[float], object], what: str) -> bool:
        """Make a write that no answer depends on, and return whether it is known to be made.

        Args:
            write: makes it, in at most the seconds that it is given.
            what: reported where it fails.
        """
        try:
            write(min(_MAX_CLEANUP_SECONDS, self.deadline.cleanup_time()))
        except Failure as failure:
            why = failure.problem if isinstance(failure, ServiceMisconfigured) else failure.code
            self.report(f"{what} ({why})")
            return False
        return True
