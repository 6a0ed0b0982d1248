"""One request before the guard: who it is from, how long it has, and where to report what could not be put right."""

from collections.abc import Callable
from dataclasses import dataclass

from shared.deadline import Deadline
from shared.errors import Failure, ServiceMisconfigured

Report = Callable[[str], None]
"""Writes one diagnostic line; the text names no caller, key or prompt."""

_LONGEST_SECONDS = 2.0
"""What an answer that is made may wait."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A request of a caller's to a function."""

    function: str
    caller_id: str
    """The same for the same caller, whoever that is; guests have one as well."""
    guest: bool
    request_id: str
    deadline: Deadline
    report: Report

    @property
    def seconds(self) -> float:
        """How long the store may take to answer."""
        return self.deadline.remaining()

    def afterwards(self, write: Callable[[float], object], what: str) -> bool:
        """Make a write that an answer does not depend on, with the seconds that it may take; whether it is known to be.

        `what` is reported where it is not.
        """
        try:
            write(min(_LONGEST_SECONDS, self.deadline.grace()))
        except Failure as failure:
            why = failure.problem if isinstance(failure, ServiceMisconfigured) else failure.code
            self.report(f"{what} ({why})")
            return False
        return True
