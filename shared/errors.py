"""The root of the one error tree: whatever may end a request, and what its caller is told.

    Failure
    ├── edge.errors       what is wrong with the request, or with this service's own set-up
    ├── guard.errors      who may call how often and for how much, and a request that is made twice
    ├── artifacts.errors  what is wrong with what the model wrote
    └── model_host.errors what went wrong between us and the model host

Each branch lives beside the code that raises it. A message is public: it says what happened and what to do, and never
holds a prompt, generated code, a key or a model host's own words.
"""

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar


class Failure(Exception):  # noqa: N818 - it is the caller's outcome as much as an exception
    """A request ended without its artifact, for a reason that its caller can act on.

    Attributes:
        code: the stable name of the failure, as in the contract.
        status: the HTTP status of the answer.
        retryable: whether sending the same request again may succeed.
        message: one public sentence or two: what happened and what to do.
        retry_after_seconds: when to try again, where that is known.
        field: the request field that is at fault, where there is one.
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
        """When to try again, rounded up, as an answer says it."""
        return None if self.retry_after_seconds is None else math.ceil(self.retry_after_seconds)


class ServiceMisconfigured(Failure):
    """This service cannot work as it is set up: the operator's business, never the caller's."""

    code: ClassVar[str] = "service_misconfigured"
    status: ClassVar[int] = 503
    message = "This service is not set up correctly, and its operator has to act. Please report the request ID."
    problem: str = "the service is not set up correctly"
    """What the operator has to mend, for the log; never for the caller."""


class DeadlineExceeded(Failure):
    """The time that the platform gives a request is used up."""

    code: ClassVar[str] = "deadline_exceeded"
    status: ClassVar[int] = 504
    retryable = True
    message = "The model did not finish in the time that a request has. Try again, or ask for something smaller."


class RequestFailure(Failure):
    """The request cannot be served as it is."""

    status: ClassVar[int] = 400
    headers: Mapping[str, str] = MappingProxyType({})
    """What the answer has to say in its headers."""


class InvalidRequest(RequestFailure):
    """The JSON is not what the contract asks for."""

    code: ClassVar[str] = "invalid_request"
    message = "The body must be a JSON object."
