"""Serves the functions' URLs, and the page with what belongs to it, on one port."""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web

from local.emulator.function_process import FunctionProcess
from local.emulator.function_url import MAX_REQUEST_BYTES, FunctionUrl
from local.emulator.functions import Function
from local.emulator.model_host import ModelHosts
from local.emulator.output import Output
from local.emulator.process_pool import Pool

_OUR_NAMES = {"127.0.0.1", "localhost"}


@web.middleware
async def _ours_only(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Reject a request for another host: a page from elsewhere may have rebound its name to this machine."""
    if request.host.partition(":")[0] not in _OUR_NAMES:
        return web.json_response({"error": f"This is served as {' and '.join(sorted(_OUR_NAMES))} only."}, status=421)
    return await handler(request)


class Emulator:
    """The functions of a template, served by at most `concurrency` processes each, and the page's own routes."""

    def __init__(
        self,
        functions: list[Function],
        hosts: ModelHosts,
        concurrency: int,
        output: Output,
        pages: Sequence[web.RouteDef],
    ) -> None:
        self._hosts = hosts
        self._concurrency = concurrency
        self._output = output
        # Starting a process takes a whole core, so more at once than there are cores helps none of them.
        gate = asyncio.Semaphore(max(2, os.cpu_count() or 1))
        self._pools = {function.route: self._pool(function, gate) for function in functions}
        self._urls = {
            function.route: FunctionUrl(function, self._pools[function.route], output) for function in functions
        }
        self._pages = pages
        self._server: web.AppRunner | None = None
        self._listener: socket.socket | None = None

    async def start(self, listener: socket.socket) -> None:
        """Start one process of each function ahead, then serve on this socket."""
        await asyncio.gather(*(pool.warm() for pool in self._pools.values()))
        self._listener = listener
        await self._listen(listener)

    async def stop(self) -> None:
        """Stop accepting, then end all processes; what is under way is not waited for."""
        if self._listener:
            # Closing comes last: asyncio trips over a connection that it has just accepted when it is closed.
            asyncio.get_running_loop().remove_reader(self._listener)
        await asyncio.gather(*(pool.close() for pool in self._pools.values()))
        if self._server:
            await self._server.cleanup()

    def addresses(self, port: int) -> dict[str, str]:
        """Return what is served where, by name."""
        address = f"http://127.0.0.1:{port}/"
        return {"page": address} | {route: address + route for route in self._urls}

    def _pool(self, function: Function, gate: asyncio.Semaphore) -> Pool:
        def new_process(pool: Pool) -> FunctionProcess:
            return FunctionProcess(function, pool, self._output, self._hosts.environment)

        return Pool(self._concurrency, new_process, gate)

    async def _listen(self, listener: socket.socket) -> None:
        app = web.Application(client_max_size=MAX_REQUEST_BYTES, middlewares=[_ours_only])
        app.add_routes(self._pages)
        app.router.add_route("*", "/{path:.*}", self._call)
        self._server = web.AppRunner(
            app,
            access_log=None,
            auto_decompress=False,  # the function gets the body as it was sent
            max_field_size=1 << 16,  # and judges long headers itself
            max_line_size=1 << 16,
            shutdown_timeout=0.1,
        )
        await self._server.setup()
        await web.SockSite(self._server, listener).start()

    async def _call(self, request: web.Request) -> web.StreamResponse:
        route, _, rest = request.raw_path.partition("?")[0].removeprefix("/").partition("/")
        if route not in self._urls:
            routes = [f"/{name}" for name in self._urls]
            return web.json_response({"error": f"Nothing is served at /{route}.", "routes": routes}, status=404)
        return await self._urls[route].answer(request, f"/{rest}")
