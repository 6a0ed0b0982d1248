"""Loads the handler and serves one event after the other, as Lambda's own runtime does, and streams the answers.

A handler returns what it would return to Lambda's own runtime, or the same with an iterable of bytes as its `body`.
That is sent as it comes; if it has a method `close`, this is called once all is sent, or once sending has failed, and
may take its time: the caller has the whole answer by then.
"""

import base64
import importlib
import json
import os
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NoReturn

from shared.lambda_runtime import log
from shared.lambda_runtime.context import Context
from shared.lambda_runtime.runtime_api import Error, Invocation, ResponseStream, RuntimeApi, RuntimeApiError

Handler = Callable[[Any, Context], Any]

_LAYER = __file__.removesuffix("/shared/lambda_runtime/runtime.py")
"""The folder that this package is in: `/opt/python`, where the layers are, or that of a checkout."""
_MAX_FRAMES = 20
"""Frames of a report, the innermost ones: it is sent as one line, which must not be too long."""
_NOTHING = b"\n"
"""Sent instead of an empty body, after whose prelude a function URL would wait for ever."""


def run() -> None:
    """Serve events until the process is ended."""
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr] # a line is to be out when the process dies
    log.set_up(os.environ)
    # A traceback would show what an exception says, which may hold a prompt, code or a key.
    sys.excepthook = lambda _, failure, __: log.error(_describe(failure))
    api = RuntimeApi(os.environ["AWS_LAMBDA_RUNTIME_API"])
    handler = _load_handler(os.environ["_HANDLER"])
    while True:
        serve_next(api, handler)


def fail_start(error_type: str, message: str) -> NoReturn:
    """Report that the function cannot start, and exit."""
    error: Error = {"errorType": error_type, "errorMessage": message, "stackTrace": []}
    log.error(error)
    RuntimeApi(os.environ["AWS_LAMBDA_RUNTIME_API"]).fail_start(error)
    sys.exit(1)


def serve_next(api: RuntimeApi, handler: Handler) -> None:
    """Wait for an event, and answer it.

    Raises:
        SystemExit: the answer broke off in the middle, or could not be sent; a new process has to serve what follows.
    """
    invocation = api.next()
    os.environ["_X_AMZN_TRACE_ID"] = invocation.trace_id
    try:
        event = json.loads(invocation.event)
        context = Context(invocation, os.environ, streams=_comes_from_url(event))
        answer = handler(event, context)
        response = _parts(answer) if context.streams else json.dumps(answer).encode()
    except Exception as failure:  # noqa: BLE001 - reported to Lambda, which answers the caller
        error = _describe(failure)
        log.error(error, invocation.request_id)
        api.fail(invocation.request_id, error)
        return
    if isinstance(response, bytes):
        api.respond(invocation.request_id, response)
    else:
        _stream(api, invocation, *response)


def _load_handler(name: str) -> Handler:
    """Return the handler that is named `module.function`, looked up as Lambda's own runtime does it."""
    _set_path()
    module_name, _, function = name.rpartition(".")
    try:
        handler: Handler = getattr(importlib.import_module(module_name.replace("/", ".")), function)
    except Exception as failure:  # noqa: BLE001 - whatever a module raises when it is imported
        fail_start("Runtime.ImportModuleError", f"Unable to load handler {name!r}: {type(failure).__name__}: {failure}")
    return handler


def _set_path() -> None:
    """Have modules looked up in the function, then in its layers, then in what the platform brings."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    sys.path[:0] = [os.environ["LAMBDA_TASK_ROOT"], f"{_LAYER}/lib/{version}/site-packages", _LAYER]
    if platform := os.environ.get("LAMBDA_RUNTIME_DIR"):
        sys.path.append(platform)


def _comes_from_url(event: object) -> bool:
    """Return whether a function URL sent this event (payload format 2.0): only there an answer may stream."""
    request = event.get("requestContext") if isinstance(event, dict) else None
    return isinstance(request, dict) and isinstance(request.get("http"), dict)


def _stream(api: RuntimeApi, invocation: Invocation, prelude: dict[str, Any], body: Iterable[bytes]) -> None:
    """Send an answer, and exit the process where it breaks off in the middle."""
    try:
        _send(api, invocation.request_id, prelude, body)
    finally:
        if close := getattr(body, "close", None):
            close()


def _send(api: RuntimeApi, request_id: str, prelude: dict[str, Any], body: Iterable[bytes]) -> None:
    stream: ResponseStream | None = None
    try:
        for chunk in filter(None, body):
            stream = stream or api.stream(request_id, prelude)
            stream.write(chunk)
        if stream is None:
            stream = api.stream(request_id, prelude)
            stream.write(_NOTHING)
        stream.end()
    except BaseException as failure:  # noqa: BLE001 - whatever it is, the platform is told of it
        error = _describe(failure)
        log.error(error, request_id)
        if stream is None and isinstance(failure, Exception):
            api.fail(request_id, error)
            return
        if stream is not None and not isinstance(failure, RuntimeApiError):
            stream.fail(error)
        sys.exit(1)


def _parts(answer: object) -> tuple[dict[str, Any], Iterable[bytes]]:
    """Return prelude and body; what has no status is the body of a 200, as a function URL takes it."""
    if not isinstance(answer, dict) or "statusCode" not in answer:
        headers = {"content-type": "application/json"}
        return {"statusCode": 200, "headers": headers}, _in_one(json.dumps(answer).encode())
    prelude = {"statusCode": answer["statusCode"], "headers": answer.get("headers") or {}}
    if answer.get("cookies"):
        prelude["cookies"] = answer["cookies"]
    body = answer.get("body") or ""
    if isinstance(body, str):
        return prelude, _in_one(base64.b64decode(body) if answer.get("isBase64Encoded") else body.encode())
    return prelude, body


def _in_one(body: bytes) -> Iterator[bytes]:
    if body:
        yield body


def _describe(failure: BaseException) -> Error:
    """Return what is reported of an exception: without its text, which may hold a prompt, code or a key."""
    frames = traceback.extract_tb(failure.__traceback__)[-_MAX_FRAMES:]
    return {
        "errorType": type(failure).__name__,
        "errorMessage": "The log has where it was raised.",
        "stackTrace": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }
