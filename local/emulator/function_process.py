"""One process of a function and its real Lambda runtime, from start to end, within Lambda's limits of time."""

import asyncio
import signal
from asyncio.subprocess import Process
from collections.abc import Mapping

from local.emulator.child_process import copy_lines, is_running, kill, start_python
from local.emulator.functions import Function
from local.emulator.output import Output
from local.emulator.process_pool import Invocation, Pool
from local.emulator.runtime_api import RuntimeApi

INIT_SECONDS = 10  # Lambda's limit for a process to become ready


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
        self._api = RuntimeApi(function, self._become_free, self._explain)
        self._process: Process | None = None
        self._life: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._ready = asyncio.Event()
        self._polled = self._ended = self._stopping = False
        self._why: str | None = None

    async def start(self) -> None:
        """Start it; returns when it first asked for an event, or ended without."""
        try:
            address = await self._api.listen()
            self._process = await start_python(
                *self._function.runtime,
                cwd=self._function.code,
                env={**self._function.environment, **self._environment, "AWS_LAMBDA_RUNTIME_API": address},
            )
        except OSError as error:
            self._end(f"could not be started: {error}")
            await self._api.close()
            return
        if self._stopping:
            kill(self._process)
        self._limit(self._init_seconds, f"was not ready within {self._init_seconds:g} s and was killed")
        self._life = asyncio.create_task(self._live(self._process))
        await self._ready.wait()

    def hand(self, invocation: Invocation) -> None:
        """Give it this event; it is waiting for one, and its time starts now."""
        seconds = self._function.timeout_seconds
        self._limit(seconds, f"ran out of time after {seconds:g} s and was killed")
        self._api.hand(invocation)

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

    def _become_free(self) -> None:
        """Accept the process's request for an event."""
        if self._timer:
            self._timer.cancel()
        self._polled = True
        self._ready.set()
        self._pool.free(self)

    def _explain(self, why: str) -> None:
        """Record why it is about to end."""
        self._why = why

    async def _live(self, process: Process) -> None:
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
        await self._api.close()

    def _limit(self, seconds: float, why: str) -> None:
        """Kill it after so many seconds."""
        if self._timer:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(seconds, self._time_out, why)

    def _time_out(self, why: str) -> None:
        self._explain(why)
        if self._process:
            kill(self._process)

    def _end(self, how: str) -> None:
        """Release whoever waits for the process, which is gone."""
        self._ended = True
        unanswered = self._api.end()
        if self._timer:
            self._timer.cancel()
        if not self._stopping:
            during = f" (request {unanswered.request_id})" if unanswered else ""
            self._output.say(f"{self._function.route}: a process {self._why or how}{during}")
        if unanswered:
            unanswered.settle(None)
        self._pool.ended(self)
        self._ready.set()


def _signal_name(number: int) -> str:
    return next((known.name for known in signal.Signals if known == number), f"signal {number}")
