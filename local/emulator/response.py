"""What a handler returned as an HTTP response, by a function URL's payload format 2.0; `relay` sends one as it comes.

https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
"""

import base64
import binascii
import json

from aiohttp import web

from local.emulator.process_pool import StreamedAnswer

# Of this connection, not of the answer: aiohttp writes its own.
_CONNECTION_HEADERS = {"connection", "content-length", "date", "keep-alive", "server", "transfer-encoding"}


class PayloadError(Exception):
    """A handler returned what cannot be made an answer of."""


def to_response(answer: bytes) -> web.Response:
    """Return the HTTP response for what a handler returned; PayloadError where it is none."""
    value = json.loads(answer)
    if not isinstance(value, dict) or "statusCode" not in value:
        return web.Response(body=answer, content_type="application/json")
    try:
        response = web.Response(status=_status(value["statusCode"]), body=_decoded(value))
        _set_headers(response, value)
    except (TypeError, ValueError, AttributeError, binascii.Error) as error:
        msg = f"the handler's return value is not an answer: {error}"
        raise PayloadError(msg) from error
    return response


def to_streamed_response(answer: StreamedAnswer) -> web.StreamResponse:
    """Return the HTTP response that begins with this answer's prelude; PayloadError where it is none."""
    try:
        value = json.loads(answer.prelude)
        response = web.StreamResponse(status=_status(value["statusCode"]))
        _set_headers(response, value)
    except (TypeError, ValueError, AttributeError, KeyError) as error:
        msg = f"the answer's prelude is not one: {error}"
        raise PayloadError(msg) from error
    return response


async def relay(answer: StreamedAnswer, response: web.StreamResponse, request: web.Request) -> None:
    """Send the body as it comes. A caller that goes away stops nothing: the function is not told, as in the cloud."""
    try:
        await response.prepare(request)
        async for chunk in answer:
            if request.method != "HEAD":
                await response.write(chunk)
        await response.write_eof()
    except ConnectionError:
        return


def _status(value: object) -> int:
    status = int(str(value))
    if not 100 <= status <= 599:  # noqa: PLR2004 - the range of HTTP
        msg = f"{status} is not an HTTP status"
        raise ValueError(msg)
    return status


def _decoded(value: dict[str, object]) -> bytes:
    body = value.get("body")
    if body is None:
        return b""
    text = body if isinstance(body, str) else json.dumps(body)
    return base64.b64decode(text, validate=True) if value.get("isBase64Encoded") else text.encode()


def _set_headers(response: web.StreamResponse, value: dict[str, object]) -> None:
    response.headers["Content-Type"] = "application/json"
    headers = value.get("headers") or {}
    cookies = value.get("cookies") or []
    if not isinstance(headers, dict) or not isinstance(cookies, list):
        msg = "headers must be an object and cookies a list"
        raise TypeError(msg)
    for name, content in headers.items():
        if name.lower() not in _CONNECTION_HEADERS:
            response.headers[name] = _line(content)
    for cookie in cookies:
        response.headers.add("Set-Cookie", _line(cookie))


def _line(content: object) -> str:
    text = str(content).lower() if isinstance(content, bool) else str(content)
    if "\r" in text or "\n" in text:
        msg = "a header must be one line"
        raise ValueError(msg)
    return text
