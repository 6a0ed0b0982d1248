"""A child process that serves something, and says on its first line where it listens."""

import asyncio
import os
import re
from asyncio.subprocess import Process
from contextlib import suppress
from pathlib import Path

from local.emulator.child_process import kill, start_python
from local.emulator.output import Output, copy_lines
from local.emulator.settings import Settings

_ROOT = Path(__file__).parents[2]


class ServiceError(Exception):
    """The service did not start, or has ended."""


class Service:
    """A Python module of ours as a child process.

    Args:
        name: what it is called in what is said of it.
        arguments: the module and its arguments.
        prefix: variables whose names begin so are passed on to it.
        start_seconds: how long it may take until it listens.
    """

    def __init__(
        self,
        name: str,
        arguments: tuple[str, ...],
        settings: Settings,
        output: Output,
        *,
        prefix: str | None = None,
        start_seconds: float = 10,
    ) -> None:
        self._name = name
        self._arguments = arguments
        self._settings = settings
        self._output = output
        self._prefix = prefix
        self._start_seconds = start_seconds
        self._process: Process | None = None
        self._copies: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Start it; it listens a moment later."""
        names = ("PATH", "HOME")
        given, prefix = self._settings.environment, self._prefix
        env = {name: value for name, value in given.items() if name in names or (prefix and name.startswith(prefix))}
        env |= {"PYTHONPATH": os.fspath(_ROOT), "PYTHONUNBUFFERED": "1"}
        self._process = await start_python("-m", *self._arguments, cwd=_ROOT, env=env)
        self._copy(self._process.stderr)

    async def address(self) -> str:
        """Wait until it listens; ServiceError if it never does."""
        line = ""
        if self._process and self._process.stdout:
            with suppress(TimeoutError):
                line = (await asyncio.wait_for(self._process.stdout.readline(), self._start_seconds)).decode()
        listening = re.search(r"http://\S+", line)
        if not listening:
            msg = f"the {self._name} did not start: {line.strip() or 'it said nothing'}"
            raise ServiceError(msg)
        self._copy(self._process.stdout if self._process else None)
        return listening[0]

    async def ended(self) -> None:
        """Raise ServiceError when it has ended by itself; wait for ever if it was never started."""
        if not self._process:
            await asyncio.Event().wait()
            return
        status = await self._process.wait()
        msg = f"the {self._name} has ended with status {status}, and nothing works without it"
        raise ServiceError(msg)

    async def stop(self) -> None:
        """Kill it, and return when it is gone."""
        if self._process:
            kill(self._process)
            await self._process.wait()

    def _copy(self, stream: asyncio.StreamReader | None) -> None:
        if stream:
            self._copies.append(asyncio.create_task(copy_lines(stream, self._output.to_stderr)))
