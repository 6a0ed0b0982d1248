"""What can be wrong with a request.

Failure
└── RequestFailure            never retryable: the caller has to change something
    ├── InvalidJson           the body is not JSON
    ├── InvalidRequest        the JSON is not what the contract asks for; names the field
    ├── NotFound              another path than `/`
    ├── MethodNotAllowed      another method than POST
    ├── PayloadTooLarge       a body over 1 MiB
    ├── UnsupportedMediaType  another content type than application/json, another charset, a compressed body
    └── HeadersTooLarge       headers of more than 16 KiB in all
"""

from typing import ClassVar

from shared.errors import Failure


class RequestFailure(Failure):
    """The request cannot be served as it is."""

    status: ClassVar[int] = 400


class InvalidJson(RequestFailure):
    """The body is not JSON."""

    code: ClassVar[str] = "invalid_json"
    message = "The body is not valid JSON. Send a JSON object."


class InvalidRequest(RequestFailure):
    """The JSON is not what the contract asks for."""

    code: ClassVar[str] = "invalid_request"
    message = "The body must be a JSON object."


class NotFound(RequestFailure):
    """There is nothing at this path."""

    code: ClassVar[str] = "not_found"
    status: ClassVar[int] = 404
    message = "There is nothing at this path. Send the request to `/`."


class MethodNotAllowed(RequestFailure):
    """The method is not POST."""

    code: ClassVar[str] = "method_not_allowed"
    status: ClassVar[int] = 405
    message = "Only POST is allowed here."


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
