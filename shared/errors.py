"""The root of the error tree: everything that may end a request, and what the answer says of it.

    Failure
    ├── edge.errors       the request is wrong, or its caller cannot be checked
    ├── guard.errors      limits, budget and idempotency
    ├── artifacts.errors  what is wrong with what the model wrote
    └── model_host.errors what went wrong between this service and the model host

Each branch is defined beside the code that raises it. A message is public: it says what happened and what to do, and
never holds a prompt, generated code, a key or a model host's own words.
"""

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar


class Failure(Exception):  # noqa: N818 - it is an outcome for the caller as well as an exception
    """A request ended without its result, for a reason that the caller is told.

    Attributes:
        code: the stable name of the failure, as in the contract.
        status: the HTTP status of the answer.
        retryable: whether the same request may succeed later.
        message: one or two public sentences: what happened and what to do.
        retry_after_seconds: when to try again, if known.
        field: the request field that is wrong, if there is one.
    """

    code: ClassVar[str] = "internal_error"
    status: ClassVar[int] = 500
    retryable: bool = False
    message: str = "Internal error. Changing the request will not help; please report the request ID."

    def __init__(
        self,
        message: str | None = None,
        *,
        retry_after_seconds: float | None = None,
        field: str | None = None,
    ) -> None:
        self.message = message or type(self).message
        self.retry_after_seconds = retry_after_seconds
        self.field = field
        super().__init__(self.message)

    @property
    def retry_after_whole_seconds(self) -> int | None:
        """When to try again in whole seconds, rounded up, as answers give it."""
        return None if self.retry_after_seconds is None else math.ceil(self.retry_after_seconds)


class ServiceMisconfigured(Failure):
    """This service is not set up correctly: its operator has to act, not the caller."""

    code: ClassVar[str] = "service_misconfigured"
    status: ClassVar[int] = 503
    message = "This service is not set up correctly, and its operator has to act. Please report the request ID."
    problem: str = "the service is not set up correctly"
    """What the operator has to correct, for the log; never for the caller."""


class DeadlineExceeded(Failure):
    """The time that a request has is used up."""

    code: ClassVar[str] = "deadline_exceeded"
    status: ClassVar[int] = 504
    retryable = True
    message = "The model did not finish in the time that a request has. Try again, or ask for something smaller."


class RequestFailure(Failure):
    """The request cannot be served as it is."""

    status: ClassVar[int] = 400
    headers: Mapping[str, str] = MappingProxyType({})
    """Headers that the answer must have."""


class InvalidRequest(RequestFailure):
    """The JSON does not match the contract."""

    code: ClassVar[str] = "invalid_request"
    message = "The body must be a JSON object."
