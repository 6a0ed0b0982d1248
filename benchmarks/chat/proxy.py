"""The least that can stand between a caller and a host: a proxy that passes bytes on.

`python -m benchmarks.chat.proxy URL` serves until it is stopped, and says where on its first line.
"""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
from aiohttp import web

from benchmarks.stream import Server

_ROOT = Path(__file__).parents[2]


@contextmanager
def proxy(host_url: str) -> Iterator[Server]:
    """A proxy to this host, which is a process of its own."""
    command = [sys.executable, "-m", "benchmarks.chat.proxy", host_url]
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - this module
        try:
            url = process.stdout.readline().strip() if process.stdout else ""
            if not url:
                sys.exit("the proxy did not start")
            yield Server(url, process.pid)
        finally:
            process.kill()


async def _serve(host_url: str) -> None:
    async with aiohttp.ClientSession() as session:

        async def pass_on(request: web.Request) -> web.StreamResponse:
            headers = {"content-type": request.headers["content-type"]}
            async with session.post(f"{host_url}{request.path}", data=await request.read(), headers=headers) as answer:
                response = web.StreamResponse(headers={"content-type": answer.headers["content-type"]})
                await response.prepare(request)
                async for chunk in answer.content.iter_any():
                    await response.write(chunk)
                await response.write_eof()
            return response

        app = web.Application()
        app.router.add_post("/chat/completions", pass_on)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1]))
