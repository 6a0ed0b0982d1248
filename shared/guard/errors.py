"""The errors of the guard: a request is not admitted, or cannot be checked.

Failure
├── GuardFailure
│   ├── RateLimited              more requests than the limit of the window
│   ├── BudgetExhausted          the spending limit of the day is used up
│   │   ├── BudgetReserved       the rest of it is reserved by requests under way
│   │   └── BudgetTooSmall       one attempt may cost more than a whole day's limit
│   ├── RequestInProgress        a request with the same Idempotency-Key has not ended
│   ├── IdempotencyMismatch      the same Idempotency-Key with another body
│   ├── InvalidIdempotencyKey    the Idempotency-Key is malformed
│   └── StoreUnavailable         the table does not answer: no request is admitted
└── ServiceMisconfigured
    └── StoreRefused             the table does not exist or may not be used: the operator has to act
"""

from typing import ClassVar, NamedTuple

from shared.errors import Failure, ServiceMisconfigured


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


class GuardFailure(Failure):
    """The request is not admitted."""


class RateLimited(GuardFailure):
    """More requests came than a limit allows; `allowance` is that limit."""

    code: ClassVar[str] = "rate_limited"
    status: ClassVar[int] = 429
    retryable = True
    message = "Too many requests. Wait as long as the answer says, then try again."

    def __init__(self, allowance: Allowance, seconds: float) -> None:
        self.allowance = allowance
        super().__init__(retry_after_seconds=seconds)


class BudgetExhausted(GuardFailure):
    """The spending limit of the day is used up."""

    code: ClassVar[str] = "budget_exhausted"
    status: ClassVar[int] = 429
    retryable = True
    message = "The spending limit of the day is used up. Try again tomorrow."


class BudgetReserved(BudgetExhausted):
    """The rest of the spending limit is reserved by requests under way."""

    def __init__(self, seconds: int) -> None:
        message = f"The spending limit is reserved by requests under way. Try again in {seconds} seconds."
        super().__init__(message, retry_after_seconds=seconds)


class BudgetTooSmall(BudgetExhausted):
    """One attempt of this size may cost more than a whole day's limit."""

    retryable = False
    message = (
        "This may cost more than the spending limit of a whole day. Send less, or have its operator raise the limit."
    )


class RequestInProgress(GuardFailure):
    """A request with the same Idempotency-Key has not ended yet."""

    code: ClassVar[str] = "request_in_progress"
    status: ClassVar[int] = 409
    retryable = True
    message = "A request with this Idempotency-Key is still at work. Ask again a little later for its answer."


class IdempotencyMismatch(GuardFailure):
    """The Idempotency-Key belongs to another body."""

    code: ClassVar[str] = "idempotency_mismatch"
    status: ClassVar[int] = 422
    message = "This Idempotency-Key was used with another body. Take a new key for a new request."


class InvalidIdempotencyKey(GuardFailure):
    """The Idempotency-Key is malformed."""

    code: ClassVar[str] = "invalid_request"
    status: ClassVar[int] = 400
    message = "The header `Idempotency-Key` must have 1 to 255 printable ASCII characters."


class StoreUnavailable(GuardFailure):
    """The table did not answer in time, or its answer cannot be read."""

    code: ClassVar[str] = "store_unavailable"
    status: ClassVar[int] = 503
    retryable = True
    message = "The rate-limit store is unavailable. Try again shortly."


class ResultLost(StoreUnavailable):
    """The result of a request whose caller was let go could not be stored."""

    message = "The result could not be stored, so it is lost. Ask again to have it made anew."


class StoreRefused(ServiceMisconfigured):
    """The table does not exist, or this function may not use it."""

    def __init__(self, why: str) -> None:
        self.problem = f"the guard's table cannot be used: {why}"
        super().__init__()
