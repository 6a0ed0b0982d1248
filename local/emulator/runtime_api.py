"""The Lambda Runtime API, through which a process of a function takes its events and gives its answers.

Its paths and answers: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable

from aiohttp import web

from local.emulator.functions import Function
from local.emulator.process_pool import Invocation, StreamedAnswer

MAX_ANSWER_BYTES = 6 * 1024 * 1024 + 100  # 6 MB, as Lambda counts them; an answer that streams has no such limit here
_DELIMITER = bytes(8)
_END_SECONDS = 0.05  # how long the end of a stream is held back for its process to be free again
_MAX_PRELUDE_BYTES = 16 * 1024  # delimiter included


class RuntimeApi:
    """The API of one process, on a port of its own, so that it is known who asks.

    Args:
        function: what the process runs.
        on_next: is called when the process asks for an event.
        on_problem: is told what is wrong with the process's start or answer.
    """

    def __init__(self, function: Function, on_next: Callable[[], None], on_problem: Callable[[str], None]) -> None:
        self._function = function
        self._on_next = on_next
        self._on_problem = on_problem
        self._listener: web.AppRunner | None = None
        self._invocation: Invocation | None = None
        self._poll: asyncio.Future[Invocation | None] | None = None
        self._deliver: Callable[[], None] = lambda: None
        self._stream: StreamedAnswer | None = None
        self._ended = False

    async def listen(self) -> str:
        """Listen on any free port; return the address as the runtime takes it."""
        app = web.Application(client_max_size=MAX_ANSWER_BYTES)
        runtime = "/2018-06-01/runtime"
        app.router.add_get(f"{runtime}/invocation/next", self._next)
        app.router.add_post(f"{runtime}/invocation/{{id}}/response", self._response)
        app.router.add_post(f"{runtime}/invocation/{{id}}/error", self._error)
        app.router.add_post(f"{runtime}/init/error", self._init_error)
        self._listener = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._listener.setup()
        await web.TCPSite(self._listener, "127.0.0.1", 0).start()
        host, port = self._listener.addresses[0][:2]
        return f"{host}:{port}"

    async def close(self) -> None:
        """Stop listening."""
        if self._listener:
            await self._listener.cleanup()

    def hand(self, invocation: Invocation) -> None:
        """Give the process this event; it is waiting for one."""
        self._invocation = invocation
        if self._poll:
            self._poll.set_result(invocation)

    def end(self) -> Invocation | None:
        """Deliver the last answer of the process, which is gone; return the event that it leaves without one."""
        self._ended = True
        self._deliver()
        if self._stream:
            self._stream.end()
        if self._poll and not self._poll.done():
            self._poll.set_result(None)
        return self._invocation

    async def _next(self, _: web.Request) -> web.Response:
        """Have the process, which is free, wait for an event."""
        if self._ended:
            return _refusal(410, "Gone")
        self._poll = asyncio.get_running_loop().create_future()
        self._on_next()
        self._deliver()
        invocation = await self._poll
        if invocation is None:
            return _refusal(410, "Gone")
        deadline = time.time() + self._function.timeout_seconds
        headers = {
            "Lambda-Runtime-Aws-Request-Id": invocation.request_id,
            "Lambda-Runtime-Deadline-Ms": str(int(deadline * 1000)),
            "Lambda-Runtime-Invoked-Function-Arn": self._function.arn,
            "Lambda-Runtime-Trace-Id": invocation.trace_id,
        }
        return web.Response(body=invocation.event, headers=headers, content_type="application/json")

    async def _response(self, request: web.Request) -> web.Response:
        invocation = self._invocation
        if invocation is None or invocation.request_id != request.match_info["id"]:
            return _refusal(400, "InvalidRequestID")
        if request.headers.get("Lambda-Runtime-Function-Response-Mode") == "streaming":
            return await self._streamed_response(request, invocation)
        try:
            answer = await request.read()
        except web.HTTPRequestEntityTooLarge:
            self._on_problem(f"answered with more than {MAX_ANSWER_BYTES} bytes")
            invocation.settle(None)
            return _refusal(413, "Function.ResponseSizeTooLarge")
        return self._finish(invocation, answer)

    async def _streamed_response(self, request: web.Request, invocation: Invocation) -> web.Response:
        """Pass an answer on as it comes; if the process is gone before its end, `end` ends it."""
        try:
            return await self._pass_on(request.content.iter_any(), invocation)
        except ConnectionError:
            return _refusal(499, "Gone")  # nobody reads this; `end` tells of the event that the process leaves

    async def _pass_on(self, chunks: AsyncIterator[bytes], invocation: Invocation) -> web.Response:
        head = b""
        async for chunk in chunks:
            head += chunk
            if _DELIMITER in head or len(head) > _MAX_PRELUDE_BYTES:
                break
        prelude, delimiter, rest = head.partition(_DELIMITER)
        if not delimiter or len(prelude) + len(delimiter) > _MAX_PRELUDE_BYTES:
            self._on_problem(f"streamed an answer without a prelude of at most {_MAX_PRELUDE_BYTES} bytes")
            return self._finish(invocation, None)
        self._stream = stream = StreamedAnswer(prelude)
        invocation.settle(stream)
        if rest:
            stream.add(rest)
        try:
            async for chunk in chunks:
                stream.add(chunk)
        finally:
            # Its end is told when the process is free again, a moment later: the caller's next event finds it so. One
            # that works on, as after a 202, keeps nobody waiting.
            self._deliver = stream.end
            asyncio.get_running_loop().call_later(_END_SECONDS, stream.end)
        self._stream = self._invocation = None
        return web.json_response({"status": "OK"}, status=202)

    async def _error(self, request: web.Request) -> web.Response:
        """End an event whose handler raised; the runtime has logged it already."""
        await request.read()
        if self._invocation is None or self._invocation.request_id != request.match_info["id"]:
            return _refusal(400, "InvalidRequestID")
        return self._finish(self._invocation, None)

    async def _init_error(self, request: web.Request) -> web.Response:
        error = json.loads(await request.read())
        self._on_problem(f"failed to start: {error.get('errorType')}: {error.get('errorMessage')}")
        return web.json_response({"status": "OK"}, status=202)

    def _finish(self, invocation: Invocation, answer: bytes | None) -> web.Response:
        """Keep the answer until the process is free again, a moment later: the caller's next event finds it so."""
        self._deliver = lambda: invocation.settle(answer)
        self._invocation = None
        return web.json_response({"status": "OK"}, status=202)


def _refusal(status: int, error_type: str) -> web.Response:
    return web.json_response({"errorType": error_type, "errorMessage": error_type}, status=status)
