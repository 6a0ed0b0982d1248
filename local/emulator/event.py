"""An HTTP request as the event that a handler gets, in a function URL's payload format 2.0.

https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
"""

import base64
import json
from datetime import UTC, datetime
from urllib.parse import parse_qsl

from aiohttp import web

# A function URL hands these on as they are and anything else, form fields and bodies without a type included, in
# base64. So a handler must heed `isBase64Encoded` even where it expects text.
_TEXT_TYPES = ("application/json", "application/javascript", "application/xml")

_ACCOUNT = "123456789012"
# Whoever calls a signed URL here: nobody has to sign on loopback.
_LOCAL_SIGNER = {
    "accessKey": "AKIALOCALLOCALLOCAL0",
    "accountId": _ACCOUNT,
    "callerId": "AIDALOCALLOCALLOCAL0",
    "cognitoIdentity": None,
    "principalOrgId": None,
    "userArn": f"arn:aws:iam::{_ACCOUNT}:user/local",
    "userId": "AIDALOCALLOCALLOCAL0",
}


def to_event(
    request: web.Request, path: str, body: bytes, request_id: str, trace_id: str, *, signed: bool = False
) -> bytes:
    """Return the event for this request as JSON; `path` is what follows the function's route.

    Of a `signed` URL it says who signed: the one caller that there is on this machine.
    """
    raw_query = request.raw_path.partition("?")[2]
    headers = _headers(request, trace_id)
    now = datetime.now(UTC)
    event = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": raw_query,
        "headers": headers,
        "requestContext": {
            "accountId": _ACCOUNT if signed else "anonymous",
            "apiId": "local",
            **({"authentication": None, "authorizer": {"iam": _LOCAL_SIGNER}} if signed else {}),
            "domainName": request.host.rpartition(":")[0] or request.host,
            "domainPrefix": "local",
            "http": {
                "method": request.method,
                "path": path,
                "protocol": f"HTTP/{request.version.major}.{request.version.minor}",
                "sourceIp": _peer(request),
                "userAgent": headers.get("user-agent", ""),
            },
            "requestId": request_id,
            "routeKey": "$default",
            "stage": "$default",
            "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000"),
            "timeEpoch": int(now.timestamp() * 1000),
        },
        **_optional(request, raw_query),
        **_body(body, headers.get("content-type", "")),
    }
    return json.dumps(event).encode()


def _headers(request: web.Request, trace_id: str) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in request.headers.items():
        key = name.lower()
        headers[key] = f"{headers[key]},{value}" if key in headers else value
    for name in ("connection", "cookie", "keep-alive", "transfer-encoding"):  # cookies have a place of their own
        headers.pop(name, None)
    forwarded_for = [headers["x-forwarded-for"]] if "x-forwarded-for" in headers else []
    return headers | {
        "x-amzn-trace-id": trace_id,
        "x-forwarded-for": ",".join([*forwarded_for, _peer(request)]),
        "x-forwarded-port": str(request.transport.get_extra_info("sockname")[1] if request.transport else ""),
        "x-forwarded-proto": request.scheme,
    }


def _optional(request: web.Request, raw_query: str) -> dict[str, object]:
    """Return what is left out of the event when there is none of it."""
    cookies = [part.strip() for line in request.headers.getall("Cookie", []) for part in line.split(";")]
    parameters: dict[str, str] = {}
    for name, value in parse_qsl(raw_query, keep_blank_values=True):
        parameters[name] = f"{parameters[name]},{value}" if name in parameters else value
    optional = {"cookies": [cookie for cookie in cookies if cookie], "queryStringParameters": parameters}
    return {name: value for name, value in optional.items() if value}


def _body(body: bytes, content_type: str) -> dict[str, object]:
    if not body:
        return {"isBase64Encoded": False}
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type.startswith("text/") or media_type in _TEXT_TYPES:
        try:
            return {"body": body.decode(), "isBase64Encoded": False}
        except UnicodeDecodeError:
            pass  # text in another encoding stays whole in base64 only
    return {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}


def _peer(request: web.Request) -> str:
    return request.remote or ""
