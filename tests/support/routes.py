"""Routes of `make run`, asked over HTTP on their own: without functions, and with the address as it is written."""

import asyncio
import json
from collections.abc import Iterable
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, read as JSON."""
        assert self.headers["content-type"].startswith("application/json")
        return json.loads(self.body)


def get(routes: Iterable[web.RouteDef], target: str, **headers: str) -> Answer:
    """Ask these routes for an address; `..` and `%2F` in it are sent as they are."""
    return asyncio.run(_get(routes, target, headers))


async def _get(routes: Iterable[web.RouteDef], target: str, headers: dict[str, str]) -> Answer:
    app = web.Application()
    app.add_routes(routes)
    async with TestServer(app) as server:
        assert server.port
        return await asyncio.to_thread(_ask, server.port, target, headers)


def _ask(port: int, target: str, headers: dict[str, str]) -> Answer:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", target, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
    finally:
        connection.close()
