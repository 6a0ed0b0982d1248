"""The errors of a request itself.

Failure
├── AuthUnavailable           the caller cannot be authenticated now
├── ServiceMisconfigured
│   └── ApiKeysMalformed      the secret with the hashes of API keys holds something else
└── RequestFailure            never retryable: the caller has to change something
    ├── Unauthorized          the request is not signed
    │   ├── TokenMissing      there is no bearer token
    │   ├── TokenRefused      the bearer token is not valid
    │   ├── ApiKeyMissing     there is no API key
    │   └── ApiKeyRefused     the API key is not valid
    ├── InvalidJson           the body is not JSON
    ├── InvalidRequest        the JSON does not match the contract; names the field
    │   └── AsyncNotPossible  the result cannot be had later
    ├── NotFound              a path that the function does not have
    ├── MethodNotAllowed      a method that the path does not have
    ├── PayloadTooLarge       a body over 1 MiB
    ├── UnsupportedMediaType  another content type than application/json, another charset, a compressed body
    └── HeadersTooLarge       headers of more than 16 KiB in all
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import ClassVar

from shared.errors import Failure, InvalidRequest, RequestFailure, ServiceMisconfigured


class AuthUnavailable(Failure):
    """The caller cannot be authenticated now: the issuer's keys, or the hashes of API keys, are unavailable."""

    code: ClassVar[str] = "auth_unavailable"
    status: ClassVar[int] = 503
    retryable = True
    message = "Your identity cannot be verified right now. Try again."

    def __init__(self, problem: str, *, retry_after_seconds: float | None = None) -> None:
        self.problem = problem
        """What the operator may have to correct, for the log; never for the caller."""
        super().__init__(retry_after_seconds=retry_after_seconds)


class ApiKeysMalformed(ServiceMisconfigured):
    """The secret with the hashes of API keys does not hold what it should."""

    def __init__(self, why: str) -> None:
        self.problem = f"the secret named by API_KEYS_SECRET_ARN cannot be used: {why}"
        super().__init__()


class Unauthorized(RequestFailure):
    """The request is not signed."""

    code: ClassVar[str] = "unauthorized"
    status: ClassVar[int] = 401
    message = "The request must be signed with AWS Signature Version 4."


class TokenMissing(Unauthorized):
    """There is no bearer token."""

    headers = MappingProxyType({"www-authenticate": "Bearer"})
    message = "Sign in first: send a token in the header, `Authorization: Bearer …`."


class TokenRefused(Unauthorized):
    """The bearer token is not valid."""

    headers = MappingProxyType({"www-authenticate": "Bearer"})
    message = "The bearer token is not valid here. Sign in again."


class ApiKeyMissing(Unauthorized):
    """There is no API key."""

    headers = MappingProxyType({"www-authenticate": "Bearer"})
    message = "An API key is needed: send it in the header, `Authorization: Bearer …`."


class ApiKeyRefused(Unauthorized):
    """The API key is not valid."""

    headers = MappingProxyType({"www-authenticate": "Bearer"})
    message = "The API key is not valid here. Check that it is complete, or ask for another one."


class InvalidJson(RequestFailure):
    """The body is not JSON."""

    code: ClassVar[str] = "invalid_json"
    message = "The body is not valid JSON. Send a JSON object."


class NotFound(RequestFailure):
    """There is nothing at this path."""

    code: ClassVar[str] = "not_found"
    status: ClassVar[int] = 404
    message = "There is nothing at this path. Send the request to `/`."

    def __init__(self, paths: Sequence[str] = ("/",)) -> None:
        known = " or ".join(f"`{path}`" for path in paths)
        super().__init__(f"There is nothing at this path. Send the request to {known}.")


class MethodNotAllowed(RequestFailure):
    """The path does not have this method."""

    code: ClassVar[str] = "method_not_allowed"
    status: ClassVar[int] = 405
    headers: Mapping[str, str] = MappingProxyType({"allow": "POST"})
    message = "Only POST is allowed here."

    def __init__(self, methods: Sequence[str] = ("POST",)) -> None:
        self.headers = {"allow": ", ".join(methods)}
        super().__init__(f"Only {' and '.join(methods)} is allowed here.")


class PayloadTooLarge(RequestFailure):
    """The body is over 1 MiB."""

    code: ClassVar[str] = "payload_too_large"
    status: ClassVar[int] = 413
    message = "The body is over 1 MiB. Send less."


class UnsupportedMediaType(RequestFailure):
    """The content type is not application/json."""

    code: ClassVar[str] = "unsupported_media_type"
    status: ClassVar[int] = 415
    message = "The body must be JSON, and the header must say so: `Content-Type: application/json`."


class HeadersTooLarge(RequestFailure):
    """The headers, names and cookies included, are over 16 KiB in all."""

    code: ClassVar[str] = "headers_too_large"
    status: ClassVar[int] = 431
    message = "The headers are over 16 KiB in all. Send fewer, or shorter ones."


class AsyncNotPossible(InvalidRequest):
    """The caller wants the result later, and there is nothing that it could be asked for by."""

    def __init__(self, *, guarded: bool) -> None:
        message = (
            "`Prefer: respond-async` needs the header `Idempotency-Key`: the result is had later by the same request."
            if guarded
            else "`Prefer: respond-async` cannot be had here, because no answers are stored. Leave it out, and wait."
        )
        super().__init__(message, field="Idempotency-Key")
