"""One process of a function: a real `python -m awslambdaric` and the Lambda Runtime API that it talks to.

The API listens on a port of its own for each process, so that it is known who asks.
Its paths and answers: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import asyncio
import json
import signal
import time
from asyncio.subprocess import Process
from collections.abc import Callable, Mapping

from aiohttp import web

from local.emulator.child_process import copy_lines, is_running, kill, start_python
from local.emulator.functions import Function
from local.emulator.output import Output
from local.emulator.process_pool import Invocation, Pool

INIT_SECONDS = 10  # Lambda's limit for a process to become ready
MAX_ANSWER_BYTES = 6 * 1024 * 1024 + 100  # 6 MB, as Lambda counts them


class FunctionProcess:
    """A process of `function`, from its start to its end.

    Args:
        function: what it runs.
        pool: is told when the process asks for an event and when it ended.
        output: takes the process's lines, and says what became of it.
        environment: of the process, beside the function's own.
        init_seconds: how long it may take to ask for its first event.
    """

    def __init__(
        self,
        function: Function,
        pool: Pool,
        output: Output,
        environment: Mapping[str, str],
        init_seconds: float = INIT_SECONDS,
    ) -> None:
        self._function = function
        self._pool = pool
        self._output = output
        self._environment = environment
        self._init_seconds = init_seconds
        self._process: Process | None = None
        self._life: asyncio.Task[None] | None = None
        self._invocation: Invocation | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._poll: asyncio.Future[Invocation | None] | None = None
        self._ready = asyncio.Event()
        self._polled = self._ended = self._stopping = False
        self._why: str | None = None
        self._deliver: Callable[[], None] = lambda: None

    async def start(self) -> None:
        """Start it; returns when it first asked for an event, or ended without."""
        listener = web.AppRunner(self._routes(), access_log=None, shutdown_timeout=0.1)
        await listener.setup()
        try:
            await web.TCPSite(listener, "127.0.0.1", 0).start()
            host, port = listener.addresses[0][:2]
            self._process = await start_python(
                "-m",
                "awslambdaric",
                self._function.handler,
                cwd=self._function.code,
                env={**self._function.environment, **self._environment, "AWS_LAMBDA_RUNTIME_API": f"{host}:{port}"},
            )
        except OSError as error:
            self._end(f"could not be started: {error}")
            await listener.cleanup()
            return
        if self._stopping:
            kill(self._process)
        self._limit(self._init_seconds, f"was not ready within {self._init_seconds:g} s and was killed")
        self._life = asyncio.create_task(self._live(self._process, listener))
        await self._ready.wait()

    def hand(self, invocation: Invocation) -> None:
        """Give it this event; it is waiting for one, and its time starts now."""
        self._invocation = invocation
        seconds = self._function.timeout_seconds
        self._limit(seconds, f"ran out of time after {seconds:g} s and was killed")
        if self._poll:
            self._poll.set_result(invocation)

    def is_starting(self) -> bool:
        """Return whether it has yet to ask for its first event."""
        return not self._polled

    def is_running(self) -> bool:
        """Return whether it can take an event."""
        return not self._ended and self._process is not None and is_running(self._process)

    async def stop(self) -> None:
        """Kill it, and return when it is gone."""
        self._stopping = True
        if self._process and self._life:
            kill(self._process)
            await self._life

    def _routes(self) -> web.Application:
        app = web.Application(client_max_size=MAX_ANSWER_BYTES)
        runtime = "/2018-06-01/runtime"
        app.router.add_get(f"{runtime}/invocation/next", self._next)
        app.router.add_post(f"{runtime}/invocation/{{id}}/response", self._response)
        app.router.add_post(f"{runtime}/invocation/{{id}}/error", self._error)
        app.router.add_post(f"{runtime}/init/error", self._init_error)
        return app

    async def _next(self, _: web.Request) -> web.Response:
        """The process is free: have it wait for an event."""
        if self._ended:
            return _refusal(410, "Gone")
        if self._timer:
            self._timer.cancel()
        self._polled = True
        self._ready.set()
        self._poll = asyncio.get_running_loop().create_future()
        self._pool.free(self)
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
        try:
            answer = await request.read()
        except web.HTTPRequestEntityTooLarge:
            self._why = f"answered with more than {MAX_ANSWER_BYTES} bytes"
            invocation.settle(None)
            return _refusal(413, "Function.ResponseSizeTooLarge")
        self._finish(invocation, answer)
        return web.json_response({"status": "OK"}, status=202)

    async def _error(self, request: web.Request) -> web.Response:
        """The handler raised; the runtime has logged it already."""
        await request.read()
        if self._invocation is None or self._invocation.request_id != request.match_info["id"]:
            return _refusal(400, "InvalidRequestID")
        self._finish(self._invocation, None)
        return web.json_response({"status": "OK"}, status=202)

    async def _init_error(self, request: web.Request) -> web.Response:
        error = json.loads(await request.read())
        self._why = f"failed to start: {error.get('errorType')}: {error.get('errorMessage')}"
        return web.json_response({"status": "OK"}, status=202)

    async def _live(self, process: Process, listener: web.AppRunner) -> None:
        """Wait for the process's end and clear up behind it."""
        copies = [
            asyncio.create_task(copy_lines(stream, write))
            for stream, write in ((process.stdout, self._output.to_stdout), (process.stderr, self._output.to_stderr))
            if stream
        ]
        status = await process.wait()
        self._end(f"was ended by {_signal_name(-status)}" if status < 0 else f"exited with status {status}")
        # A process that it started may hold on to the streams.
        _, held = await asyncio.wait(copies, timeout=0.5)
        for copy in held:
            copy.cancel()
        await listener.cleanup()

    def _finish(self, invocation: Invocation, answer: bytes | None) -> None:
        """Keep the answer until the process is free again, a moment later: the caller's next event finds it so."""
        self._deliver = lambda: invocation.settle(answer)
        self._invocation = None

    def _limit(self, seconds: float, why: str) -> None:
        """Kill it after so many seconds."""
        if self._timer:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(seconds, self._time_out, why)

    def _time_out(self, why: str) -> None:
        self._why = why
        if self._process:
            kill(self._process)

    def _end(self, how: str) -> None:
        """It is gone: whoever waits for it waits no longer."""
        self._ended = True
        self._deliver()
        if self._timer:
            self._timer.cancel()
        if self._poll and not self._poll.done():
            self._poll.set_result(None)
        if not self._stopping:
            during = f" (request {self._invocation.request_id})" if self._invocation else ""
            self._output.say(f"{self._function.route}: a process {self._why or how}{during}")
        if self._invocation:
            self._invocation.settle(None)
        self._pool.ended(self)
        self._ready.set()


def _signal_name(number: int) -> str:
    return next((known.name for known in signal.Signals if known == number), f"signal {number}")


def _refusal(status: int, error_type: str) -> web.Response:
    return web.json_response({"errorType": error_type, "errorMessage": error_type}, status=status)
