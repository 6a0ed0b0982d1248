"""What can go wrong between us and the model host, and whether to try again.

    Failure
    ├── ModelHostFailure
    │   ├── Transient                  may be gone at the next attempt
    │   │   ├── RateLimited            too many requests, ours or the provider's
    │   │   ├── Overloaded             the host or its provider cannot take or finish the call now
    │   │   ├── HostFailed             an error of the host's that may pass, or an answer that nobody can read
    │   │   ├── Unreachable            no connection could be made
    │   │   ├── ConnectionLost         the connection ended before the answer did
    │   │   └── Stalled                the host kept the line open and sent nothing of use
    │   ├── RequestRejected            the host does not take this request: never tried again
    │   │   └── ModelGone              this model is not there: the next one may be
    │   ├── CallsExhausted             the request has called the host as often as it may
    │   ├── AnswerTooLarge             more than may be kept in memory
    │   └── Refused                    the model or its host will not write this
    ├── ServiceMisconfigured
    │   ├── KeyMissing                 no key to call the host with
    │   ├── KeyUnreadable              the secret that holds it cannot be read
    │   ├── KeyMalformed               no key can look like this
    │   ├── KeyRejected                our key, or what it may do
    │   └── CreditExhausted            our money
    └── DeadlineExceeded               no time is left

What is retried is decided in `retry`.
"""

from typing import ClassVar

from shared.errors import Failure, ServiceMisconfigured


class ModelHostFailure(Failure):
    """The model host gave no answer that can be used."""

    code: ClassVar[str] = "upstream_error"
    status: ClassVar[int] = 502
    retry_advised: bool | None = None
    """What the host itself says of a retry (`error.availability.retryable`); None where it says nothing."""
    message = "The model host could not answer this request."


class Transient(ModelHostFailure):
    """A failure that may be gone at the next attempt."""

    retryable = True
    message = "The model host failed several times. Try again in a minute."


class RateLimited(Transient):
    """Too many requests, ours or the provider's."""

    code: ClassVar[str] = "upstream_rate_limited"
    status: ClassVar[int] = 429
    message = "The model host is limiting requests. Try again later."


class Overloaded(Transient):
    """The host or its provider cannot take or finish the call now."""

    code: ClassVar[str] = "upstream_overloaded"
    status: ClassVar[int] = 503
    message = "The model host is overloaded. Try again in a minute."


class HostFailed(Transient):
    """An error of the host's that may pass, or an answer that nobody can read."""


class Unreachable(Transient):
    """No connection could be made."""

    message = "The model host could not be reached. Try again in a minute."


class ConnectionLost(Transient):
    """The connection ended before the answer did."""

    message = "The connection to the model host broke several times. Try again in a minute."


class Stalled(Transient):
    """The host kept the line open and sent nothing of use."""

    message = "The model host stopped answering. Try again in a minute."


class RequestRejected(ModelHostFailure):
    """The host does not take this request, and would not take it a second time."""

    message = "The model host does not accept this request. Sending it again will not help."


class ModelGone(RequestRejected):
    """This model is not there; another may be."""


class CallsExhausted(ModelHostFailure):
    """The request has called the host as often as it may (`MAX_CALLS`)."""

    retryable = True
    message = "The limit of model calls for one request is reached. Try again in a minute."


class AnswerTooLarge(ModelHostFailure):
    """The answer is larger than any artifact, and was given up."""

    message = "The model's answer grew beyond every limit and was given up. Ask for something smaller."


class Refused(ModelHostFailure):
    """The model or its host will not write this."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 422
    message = "The model declined this request. Ask for something else, or in other words."


class KeyMissing(ServiceMisconfigured):
    """There is no key to call the host with."""

    problem = "there is no API key: set OPENROUTER_SECRET_ARN (deployed) or OPENROUTER_K2T_KEY (locally)"


class KeyUnreadable(ServiceMisconfigured):
    """The secret that holds the key cannot be read, or holds none."""

    def __init__(self, why: str) -> None:
        self.problem = f"the secret named by OPENROUTER_SECRET_ARN cannot be used: {why}"
        super().__init__()


class KeyMalformed(ServiceMisconfigured):
    """What is set as the key is nothing that a header can hold."""

    problem = "the API key holds characters that no key has: check the secret, or OPENROUTER_K2T_KEY"


class KeyRejected(ServiceMisconfigured):
    """The host does not know our key, or does not let it do this."""

    problem = (
        "the model host rejected the API key or its permissions (401 or 403): check the secret, or OPENROUTER_K2T_KEY"
    )


class CreditExhausted(ServiceMisconfigured):
    """There is no money left at the host, or not enough for this call."""

    problem = "the model host reports that credit or quota is used up (402, or 429 that no retry mends): top it up"
