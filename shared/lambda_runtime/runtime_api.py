"""A client of the Lambda Runtime API: takes events, and sends answers whole or as they come.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html. How a response streams is documented for custom runtimes
(https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html#runtimes-custom-response-streaming); AWS's own client
for Node (`aws-lambda-ric` 4.0.2) sends the same bytes, but the prelude's end in a chunk of its own. Every request has a
connection of its own: one that is kept may be closed while a handler works.
"""

import base64
import json
from http.client import HTTPConnection, HTTPException
from typing import Any, NamedTuple, TypedDict

_VERSION = "/2018-06-01/runtime"
_ERROR_TYPE_HEADER = "Lambda-Runtime-Function-Error-Type"
_ERROR_BODY_HEADER = "Lambda-Runtime-Function-Error-Body"
_DELIMITER = bytes(8)
_MAX_PRELUDE_BYTES = 16 * 1024
"""Of prelude and delimiter together."""


class Error(TypedDict):
    """What the platform is told of a failure."""

    errorType: str
    errorMessage: str
    stackTrace: list[str]


class Invocation(NamedTuple):
    """An event, and what the platform says of it."""

    request_id: str
    deadline_ms: int
    """When the platform kills the process, in milliseconds since the epoch."""
    function_arn: str
    trace_id: str
    event: bytes


class RuntimeApiError(Exception):
    """The Runtime API is gone or rejected a request, or an answer cannot be sent in its format."""


class RuntimeApi:
    """The Runtime API at this `host:port`."""

    def __init__(self, address: str) -> None:
        self._address = address

    def next(self) -> Invocation:
        """Wait for the next event, however long that takes: the platform freezes the process meanwhile."""
        connection = _connection(self._address)
        connection.request("GET", f"{_VERSION}/invocation/next")
        response = connection.getresponse()
        event = response.read()
        connection.close()
        _check(response.status)
        headers = response.headers
        return Invocation(
            request_id=headers["Lambda-Runtime-Aws-Request-Id"],
            deadline_ms=int(headers["Lambda-Runtime-Deadline-Ms"]),
            function_arn=headers.get("Lambda-Runtime-Invoked-Function-Arn", ""),
            trace_id=headers.get("Lambda-Runtime-Trace-Id", ""),
            event=event,
        )

    def respond(self, request_id: str, body: bytes) -> None:
        """Send a whole answer."""
        self._post(f"invocation/{request_id}/response", body, {"Content-Type": "application/json"})

    def stream(self, request_id: str, prelude: dict[str, Any]) -> "ResponseStream":
        """Begin an answer that is sent as it comes; `prelude` has `statusCode`, `headers` and any `cookies`."""
        return ResponseStream(self._address, f"{_VERSION}/invocation/{request_id}/response", prelude)

    def fail(self, request_id: str, error: Error) -> None:
        """Report that an event has no answer; nothing of one may have been sent."""
        self._post_error(f"invocation/{request_id}/error", error)

    def fail_start(self, error: Error) -> None:
        """Report that the function cannot start."""
        self._post_error("init/error", error)

    def _post_error(self, path: str, error: Error) -> None:
        headers = {"Content-Type": "application/vnd.aws.lambda.error+json", _ERROR_TYPE_HEADER: error["errorType"]}
        self._post(path, json.dumps(error).encode(), headers)

    def _post(self, path: str, body: bytes, headers: dict[str, str]) -> None:
        connection = _connection(self._address)
        connection.request("POST", f"{_VERSION}/{path}", body, headers)
        response = connection.getresponse()
        response.read()
        connection.close()
        _check(response.status)


class ResponseStream:
    """A response that is sent as it comes; it must hold at least one byte."""

    def __init__(self, address: str, path: str, prelude: dict[str, Any]) -> None:
        # JSON escapes NUL, so the delimiter is nowhere else.
        head = json.dumps(prelude, separators=(",", ":")).encode() + _DELIMITER
        if len(head) > _MAX_PRELUDE_BYTES:
            msg = f"status, headers and cookies take {len(head)} bytes, of at most {_MAX_PRELUDE_BYTES}"
            raise RuntimeApiError(msg)
        self._connection = _connection(address)
        self._connection.putrequest("POST", path, skip_accept_encoding=True)
        for name, value in (
            ("Lambda-Runtime-Function-Response-Mode", "streaming"),
            ("Trailer", _ERROR_TYPE_HEADER),
            ("Trailer", _ERROR_BODY_HEADER),
            ("Content-Type", "application/vnd.awslambda.http-integration-response"),
            ("Transfer-Encoding", "chunked"),
        ):
            self._connection.putheader(name, value)
        self._connection.endheaders(_chunk(head))

    def write(self, data: bytes) -> None:
        """Send a part of the body; an empty one would end it."""
        self._send(_chunk(data))

    def end(self) -> None:
        """End the body, and wait until the platform has taken it."""
        self._send(b"0\r\n\r\n")
        self._close()

    def fail(self, error: Error) -> None:
        """End the body with what went wrong. The platform notes it; a caller sees a body that ends."""
        body = {"errorType": error["errorType"], "errorMessage": error["errorMessage"], "trace": error["stackTrace"]}
        details = base64.b64encode(json.dumps(body).encode()).decode()
        trailers = f"{_ERROR_TYPE_HEADER}: {error['errorType']}\r\n{_ERROR_BODY_HEADER}: {details}\r\n"
        self._send(f"0\r\n{trailers}\r\n".encode())
        self._close()

    def _send(self, data: bytes) -> None:
        try:
            self._connection.send(data)
        except OSError as error:
            msg = "the Runtime API takes no more of the answer"
            raise RuntimeApiError(msg) from error

    def _close(self) -> None:
        try:
            response = self._connection.getresponse()
            response.read()
        except (OSError, HTTPException) as error:
            msg = "the Runtime API does not say whether it took the answer"
            raise RuntimeApiError(msg) from error
        finally:
            self._connection.close()
        _check(response.status)


def _connection(address: str) -> HTTPConnection:
    """Return one without a time-out, even where a library has set one for all sockets."""
    return HTTPConnection(address, timeout=None)


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def _check(status: int) -> None:
    if not 200 <= status < 300:  # noqa: PLR2004 - HTTP's range of success
        msg = f"the Runtime API answered {status}"
        raise RuntimeApiError(msg)
