"""One request's way past the guard: is it a repetition, is its caller within the limits, what may it spend.

Without a guard every way is open.
"""

from collections.abc import Callable
from typing import TypeVar

from shared.costs.ledger import Ledger
from shared.guard.errors import RateLimited
from shared.guard.guard import Guard
from shared.guard.idempotency import Claim, Replay
from shared.guard.limits import Taken
from shared.guard.visit import Visit

T = TypeVar("T")


class Passage:
    """What the guard has granted to one request, and has to be told of its end.

    `headers` is filled with what every answer to the request says of its limits.
    """

    def __init__(self, guard: Guard | None, visit: Visit, ledger: Ledger, headers: dict[str, str]) -> None:
        self._guard = guard
        self._visit = visit
        self._ledger = ledger
        self._headers = headers
        self._claim: Claim | None = None
        self._taken: Taken | None = None

    def repetition(self, key: str | None, body: bytes) -> bytes | None:
        """What the same request came to before, if its caller gave it this `Idempotency-Key` then; None if it is new.

        Raises:
            GuardFailure: the key is at work, belongs to another body, is none, was answered too often, or nobody knows.
        """
        if self._guard is None or key is None:
            return None
        begun = self._guard.idempotency.begin(self._visit, key, body)
        if isinstance(begun, Replay):
            limits = self._guard.limits
            self._told(lambda: limits.take_replay(self._visit))
            return begun.answer
        self._claim = begun
        return None

    def enter(self) -> None:
        """Count the request, and let its calls be paid.

        Raises:
            GuardFailure: a limit is reached, or nobody knows.
        """
        if self._guard is None:
            return
        limits = self._guard.limits
        self._taken = self._told(lambda: limits.take(self._visit))
        self._headers |= self._taken.allowance.headers
        self._ledger.purse = self._guard.budget.purse(self._visit)

    def _told(self, take: Callable[[], T]) -> T:
        """What this takes; a limit that refuses it stands in the headers."""
        try:
            return take()
        except RateLimited as refusal:
            self._headers |= refusal.allowance.headers
            raise

    def keep(self, answer: bytes) -> bool:
        """Keep the answer for the request's `Idempotency-Key`; whether it is kept, or need not be."""
        claim, self._claim = self._claim, None
        return claim is None or claim.remember(answer)

    def fail(self) -> None:
        """The request came to nothing: its key is free, and it counts only if the host was called for it."""
        claim, self._claim = self._claim, None
        if claim:
            claim.release()
        if self._taken and not self._ledger.attempts:
            self._taken.give_back()
            self._headers |= self._taken.allowance.headers
