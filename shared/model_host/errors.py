"""The errors between this service and the model host.

    Failure
    ├── ModelHostFailure
    │   ├── Transient                  may be over at the next attempt
    │   │   ├── RateLimited            too many requests, ours or the provider's
    │   │   ├── Overloaded             the host or its provider cannot accept or finish the call now
    │   │   ├── HostFailed             a temporary error of the host, or an answer that cannot be read
    │   │   ├── Unreachable            no connection could be made
    │   │   ├── ConnectionLost         the connection ended before the answer did
    │   │   └── Stalled                the host kept the connection open without making progress
    │   ├── RequestRejected            the host does not accept this request: never retried
    │   │   ├── ContextExceeded        the prompt is longer than the model's context
    │   │   └── ModelGone              this model is not available: the next one may be
    │   ├── CallsExhausted             the request has made as many attempts as it may
    │   ├── AnswerTooLarge             larger than may be kept in memory
    │   └── Refused                    the model or its host will not write this
    ├── ServiceMisconfigured
    │   └── HostMisconfigured          no model of this host can be asked; those of another may be
    │       ├── KeyMissing             no API key is set
    │       ├── KeyUnreadable          the secret that holds the key cannot be read
    │       ├── KeyMalformed           the key cannot be sent in a header
    │       ├── KeyRejected            the host rejects the key, or its permissions
    │       ├── ClientNotApproved      the host admits approved clients only
    │       ├── Redirected             the host's address is another one
    │       └── CreditExhausted        the credit at the host is used up
    └── DeadlineExceeded               no time is left

What is retried is decided in `retry`.
"""

from typing import ClassVar

from shared.errors import Failure, ServiceMisconfigured


class ModelHostFailure(Failure):
    """The model host gave no usable answer."""

    code: ClassVar[str] = "upstream_error"
    status: ClassVar[int] = 502
    retry_advised: bool | None = None
    """Whether the host itself advises a retry (`error.availability.retryable`); None if it does not say."""
    message = "The model host could not answer this request."


class Transient(ModelHostFailure):
    """A failure that may be over at the next attempt."""

    retryable = True
    message = "The model host failed. Try again in a minute."


class RateLimited(Transient):
    """Too many requests, ours or the provider's."""

    code: ClassVar[str] = "upstream_rate_limited"
    status: ClassVar[int] = 429
    message = "The model host is limiting requests. Try again later."


class Overloaded(Transient):
    """The host or its provider cannot accept or finish the call now."""

    code: ClassVar[str] = "upstream_overloaded"
    status: ClassVar[int] = 503
    message = "The model host is overloaded. Try again in a minute."


class HostFailed(Transient):
    """A temporary error of the host, or an answer that cannot be read."""


class Unreachable(Transient):
    """No connection could be made."""

    message = "The model host could not be reached. Try again in a minute."


class ConnectionLost(Transient):
    """The connection ended before the answer did."""

    message = "The connection to the model host broke. Try again in a minute."


class Stalled(Transient):
    """The host kept the connection open without making progress."""

    message = "The model host stopped answering. Try again in a minute."


class RequestRejected(ModelHostFailure):
    """The host does not accept this request, and would not accept it a second time."""

    message = "The model host does not accept this request. Sending it again will not help."


class ContextExceeded(RequestRejected):
    """The prompt, with what may be written, is longer than the model's context."""


class ModelGone(RequestRejected):
    """This model is not available; another may be."""


class CallsExhausted(ModelHostFailure):
    """The request has made as many attempts as it may (`MAX_CALLS`)."""

    retryable = True
    message = "The limit of model calls for one request is reached. Try again in a minute."


class AnswerTooLarge(ModelHostFailure):
    """The answer is larger than any artifact, so reading it was given up."""

    message = "The model's answer grew beyond every limit and was given up. Ask for something smaller."


class Refused(ModelHostFailure):
    """The model or its host will not write this."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 422
    message = "The model declined this request. Ask for something else, or in other words."


class HostMisconfigured(ServiceMisconfigured):
    """Key, credit or address at a host are at fault: no model of this host can be asked."""

    def name_host(self, host: str, settings: str) -> None:
        """Tell the operator which host it is, and which settings are at fault."""
        self.problem = f"{host} ({settings}): {self.problem}"


class KeyMissing(HostMisconfigured):
    """A host has no API key, or no address."""

    def __init__(self, host: str, setting: str) -> None:
        self.problem = f"{host} cannot be asked: set {setting}"
        super().__init__()


class KeyUnreadable(HostMisconfigured):
    """The secret that holds the key cannot be read, or is empty."""

    def __init__(self, setting: str, why: str) -> None:
        self.problem = f"the secret named by {setting} cannot be used: {why}"
        super().__init__()


class KeyMalformed(HostMisconfigured):
    """The key cannot be sent in a header."""

    problem = "the API key holds characters that no key has: check its secret, or the key that is set"


class KeyRejected(HostMisconfigured):
    """The host does not know the key, or does not permit this call with it."""

    problem = "the host rejected the API key or its permissions (401 or 403): check its secret, or the key that is set"


class ClientNotApproved(HostMisconfigured):
    """The host serves the clients that it has approved, and this is none of them."""

    problem = (
        "this endpoint admits approved clients only, and this service is none of them (403 access_terminated_error): "
        "no other key or repetition changes that"
    )


class Redirected(HostMisconfigured):
    """The host names another address; that is not followed, because the key would go there too."""

    problem = "the host answers with a redirect (3xx), which is not followed with a key: correct its address"


class CreditExhausted(HostMisconfigured):
    """The credit at the host is used up, or does not suffice for this call."""

    problem = "the host reports that credit or quota is used up (402, or 429 that no retry mends): top it up"
