"""What a function URL's `Cors` block adds to answers. Origins are compared exactly, or `*` allows them all."""

from aiohttp import web

from local.emulator.functions import Cors


def is_preflight(request: web.Request) -> bool:
    """Return whether this is a CORS preflight request."""
    return (
        request.method == "OPTIONS"
        and "Origin" in request.headers
        and "Access-Control-Request-Method" in request.headers
    )


def answer_preflight(cors: Cors, request: web.Request) -> web.Response:
    """Answer as the URL itself does: 200, with permission only where origin, method and headers are all allowed."""
    method = request.headers["Access-Control-Request-Method"]
    names = [name.strip() for name in request.headers.get("Access-Control-Request-Headers", "").split(",")]
    headers = _origin_headers(cors, request)
    allowed = _allows(cors.allow_methods, method) and all(_allows(cors.allow_headers, name) for name in names if name)
    if not headers or not allowed:
        return web.Response(headers={"Vary": "Origin"})
    headers["Access-Control-Allow-Methods"] = ",".join(cors.allow_methods)
    headers["Access-Control-Allow-Headers"] = ",".join(cors.allow_headers)
    headers["Access-Control-Max-Age"] = str(cors.max_age)
    return web.Response(headers=headers)


def add_headers(cors: Cors, request: web.Request, response: web.StreamResponse) -> None:
    """Add to the function's answer what its browser needs to see it.

    Added, not set: a function that writes these headers as well doubles them, here as in the cloud.
    """
    headers = _origin_headers(cors, request)
    if headers and cors.expose_headers:
        headers["Access-Control-Expose-Headers"] = ",".join(cors.expose_headers)
    response.headers.extend(headers)


def _origin_headers(cors: Cors, request: web.Request) -> dict[str, str]:
    origin = request.headers.get("Origin")
    if origin is None or not ("*" in cors.allow_origins or origin in cors.allow_origins):
        return {}
    headers = {"Access-Control-Allow-Origin": "*" if "*" in cors.allow_origins else origin, "Vary": "Origin"}
    if cors.allow_credentials:
        headers["Access-Control-Allow-Credentials"] = "true"
    return headers


def _allows(names: tuple[str, ...], name: str) -> bool:
    return "*" in names or name.lower() in {allowed.lower() for allowed in names}
