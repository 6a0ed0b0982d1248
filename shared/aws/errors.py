"""How a call of AWS can fail. The texts are for the operator.

AwsError
├── NotConfigured  no region, no credentials, or an address that is none: nothing was sent
├── NoAnswer       nothing came that can be read: the call may have had its effect, or may still have it
└── ErrorAnswer    the service answered with an error
"""

from collections.abc import Mapping
from typing import Any

_THROTTLED = {
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
}
_TOO_MANY_REQUESTS = 429
"""HTTP's own status for it: a proxy knows no code of AWS's."""


class AwsError(Exception):
    """A call failed; the text says why, and nothing of what was sent or of credentials."""


class NotConfigured(AwsError):  # noqa: N818 - as those below: what happened, said as shortly as it can be
    """The environment does not say how to call the service."""


class NoAnswer(AwsError):  # noqa: N818
    """No answer came in time, or none that can be read."""


class ErrorAnswer(AwsError):  # noqa: N818
    """The service answered with an error.

    Attributes:
        code: its name for the reason, without the namespace, such as `ResourceNotFoundException`.
        status: the HTTP status.
        body: the whole answer; empty if it is no JSON object.
    """

    def __init__(self, code: str, status: int, body: Mapping[str, Any], hint: str = "") -> None:
        self.code = code
        self.status = status
        self.body = body
        super().__init__(f"{code} ({hint})" if hint else code)

    @property
    def is_throttled(self) -> bool:
        """Whether the service had no capacity for the call, which had no effect."""
        return self.code in _THROTTLED or self.status == _TOO_MANY_REQUESTS

    @property
    def is_server_error(self) -> bool:
        """Whether the service itself failed: the call may have had its effect."""
        return self.status >= 500  # noqa: PLR2004 - where HTTP's server errors begin
