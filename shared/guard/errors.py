"""Why a request is not let through, or not known to be.

Failure
├── GuardFailure
│   ├── RateLimited              more requests than the limit of the window
│   ├── BudgetExhausted          the spending limit of the day
│   │   ├── BudgetReserved       what is left of it is set aside for requests under way
│   │   └── BudgetTooSmall       more than a whole day's limit
│   ├── RequestInProgress        the same Idempotency-Key is at work
│   ├── IdempotencyMismatch      the same Idempotency-Key, and another body
│   ├── InvalidIdempotencyKey    a key that is none
│   └── StoreUnavailable         the table does not answer: nobody is waved through
└── ServiceMisconfigured
    └── StoreRefused             the table is not there, or not ours to use: the operator has to act
"""

from typing import ClassVar

from shared.errors import Failure, ServiceMisconfigured
from shared.guard.allowance import Allowance


class GuardFailure(Failure):
    """The request is not let through."""


class RateLimited(GuardFailure):
    """More requests came than the limit allows; `allowance` is the limit that refused."""

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
    """What is left of the spending limit is set aside for requests under way."""

    def __init__(self, seconds: int) -> None:
        message = f"The spending limit is reserved by requests under way. Try again in {seconds} seconds."
        super().__init__(message, retry_after_seconds=seconds)


class BudgetTooSmall(BudgetExhausted):
    """Not even a whole day's limit pays one call of this size."""

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
    """The Idempotency-Key is not one."""

    code: ClassVar[str] = "invalid_request"
    status: ClassVar[int] = 400
    message = "The header `Idempotency-Key` must have 1 to 255 printable ASCII characters."


class StoreUnavailable(GuardFailure):
    """The table did not answer in time, or not with an answer."""

    code: ClassVar[str] = "store_unavailable"
    status: ClassVar[int] = 503
    retryable = True
    message = "The rate-limit store is unavailable. Try again shortly."


class StoreRefused(ServiceMisconfigured):
    """The table is not there, or this function may not use it."""

    def __init__(self, why: str) -> None:
        self.problem = f"the guard's table cannot be used: {why}"
        super().__init__()
