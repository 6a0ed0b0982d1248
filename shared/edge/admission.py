"""The guard's decision on one request: a replay, refused, or counted and admitted.

Without a guard every request is admitted.
"""

from collections.abc import Callable
from types import TracebackType
from typing import NamedTuple, Self, TypeVar

from shared.guard.errors import RateLimited
from shared.guard.guard import Guard
from shared.guard.idempotency import Claim, Replay
from shared.guard.limits import CountedRequest
from shared.run import Run

T = TypeVar("T")

_OK = 200


class StoredResponse(NamedTuple):
    """The status and body of the answer to an earlier request."""

    status: int
    body: bytes
    undelivered: bool = False
    """Whether its caller was let go, and nobody has had it yet."""
    age_seconds: float = 0.0

    @classmethod
    def read(cls, stored: bytes, age_seconds: float = 0.0) -> Self:
        """Return what was stored: a body, which is a JSON object; with its status before it until it is delivered."""
        if not stored[:1].isdigit():
            return cls(_OK, stored, age_seconds=age_seconds)
        status, _, body = stored.partition(b" ")
        return cls(int(status), body, undelivered=True, age_seconds=age_seconds)

    def to_store(self) -> bytes:
        """Return what is stored."""
        return b"%d %b" % (self.status, self.body) if self.undelivered else self.body


class Admission:
    """The admission of one request: a context manager that undoes on exit what was not used.

    An `Idempotency-Key` whose response was not stored is released, and a request that failed before any attempt is
    not counted. The rate-limit headers of the answer are written into `headers`.
    """

    def __init__(self, guard: Guard | None, run: Run, headers: dict[str, str]) -> None:
        self._guard = guard
        self._run = run
        self._headers = headers
        self._claim: Claim | None = None
        self._held = False
        self.stored = False
        """Whether a later request with the same `Idempotency-Key` gets the response."""
        self._counted: CountedRequest | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, error_type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._claim and not self._held:
            self._claim.release()
        if error_type and self._counted and not self._run.ledger.attempts:
            self._counted.refund()
            self._headers |= self._counted.allowance.headers

    def find_replay(self, key: str | None, body: bytes) -> StoredResponse | None:
        """Return the stored response to this caller's request with this `Idempotency-Key`; None if the key is new.

        A failure is delivered once: then the key is free again, as after a failure that was waited for.

        Raises:
            GuardFailure: the key is in use, belongs to another body, is invalid, was replayed too often, or cannot be
                checked.
        """
        guard = self._guard
        if guard is None or key is None:
            return None
        begun = guard.idempotency.begin(self._run, key, body)
        if isinstance(begun, Replay):
            return self._deliver(guard, key, begun)
        self._claim = begun
        return None

    def admit(self) -> None:
        """Count the request, and give it its spending limit.

        Raises:
            GuardFailure: a limit is reached, or cannot be checked.
        """
        guard = self._guard
        if guard is None:
            return
        self._counted = self._with_headers(lambda: guard.limits.count(self._run))
        self._headers |= self._counted.allowance.headers
        self._run.spending = guard.spending_limit(self._run)

    def hold_claim(self) -> None:
        """Never release the claim, as the caller is let go and asks again: a response ends it, or its expiry."""
        self._held = True

    def store_response(self, body: bytes) -> bool:
        """Store the response for the request's `Idempotency-Key`; return False only if that failed."""
        if self._claim is None:
            return True
        self.stored = self._claim.store(StoredResponse(_OK, body, undelivered=self._held).to_store())
        if self.stored:
            self._claim = None
        return self.stored

    def store_failure(self, status: int, body: bytes) -> bool:
        """Store a failure for a caller that was let go; return False only if a response is stored already.

        It may be, though its store did not say so.
        """
        claim, self._claim = self._claim, None
        return claim is None or claim.store_first(StoredResponse(status, body, undelivered=True).to_store())

    def _deliver(self, guard: Guard, key: str, replay: Replay) -> StoredResponse:
        """Return a stored response. The first one to a caller that was let go is not counted as a replay."""
        stored = StoredResponse.read(replay.answer, replay.age_seconds)
        if not stored.undelivered:
            self._with_headers(lambda: guard.limits.count_replay(self._run))
        elif stored.status == _OK:
            guard.idempotency.replace(self._run, key, replay, stored.body)
        else:
            guard.idempotency.forget(self._run, key, replay)
        return stored

    def _with_headers(self, count: Callable[[], T]) -> T:
        """Return what `count` returns; if a limit refuses the request, write that limit into the headers."""
        try:
            return count()
        except RateLimited as refusal:
            self._headers |= refusal.allowance.headers
            raise
