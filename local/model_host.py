"""Which model host the functions talk to: the real one if there is a key for it, else the stand-in, started here."""

import asyncio
import os
import re
from asyncio.subprocess import Process
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from local.child import kill, start_python
from local.output import Output, copy_lines
from local.settings import Settings

_ROOT = Path(__file__).parent.parent
_START_SECONDS = 10


class ModelHostError(Exception):
    """The stand-in did not start, or has ended."""


@dataclass(frozen=True)
class ModelHost:
    """The address of a model host, and whether it is the stand-in."""

    url: str
    stand_in: bool

    @property
    def environment(self) -> dict[str, str]:
        """What a function needs to be told in order to use the stand-in."""
        return {"OPENROUTER_BASE_URL": self.url, "OPENROUTER_K2T_KEY": "stand-in"} if self.stand_in else {}


class StandIn:
    """The stand-in model host as a child process."""

    def __init__(self, settings: Settings, output: Output) -> None:
        self._settings = settings
        self._output = output
        self._process: Process | None = None
        self._copies: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Start it on a free port; it listens a moment later."""
        names = ("PATH", "HOME")
        given = self._settings.environment
        env = {name: value for name, value in given.items() if name in names or name.startswith("STANDIN_")}
        env |= {"PYTHONPATH": os.fspath(_ROOT), "PYTHONUNBUFFERED": "1"}
        self._process = await start_python("-m", "local.standin", "--port", "0", cwd=_ROOT, env=env)
        self._copy(self._process.stderr)

    async def ready(self) -> ModelHost:
        """Wait until it listens; ModelHostError if it never does."""
        line = ""
        if self._process and self._process.stdout:
            with suppress(TimeoutError):
                line = (await asyncio.wait_for(self._process.stdout.readline(), _START_SECONDS)).decode()
        listening = re.search(r"http://\S+", line)
        if not listening:
            msg = f"the stand-in model host did not start: {line.strip() or 'it said nothing'}"
            raise ModelHostError(msg)
        self._copy(self._process.stdout if self._process else None)
        return ModelHost(listening[0], stand_in=True)

    async def ended(self) -> None:
        """Raise ModelHostError when it has ended by itself; wait for ever if it was never started."""
        if not self._process:
            await asyncio.Event().wait()
            return
        status = await self._process.wait()
        msg = f"the stand-in model host has ended with status {status}, and nothing works without it"
        raise ModelHostError(msg)

    async def stop(self) -> None:
        """Kill it, and return when it is gone."""
        if self._process:
            kill(self._process)
            await self._process.wait()

    def _copy(self, stream: asyncio.StreamReader | None) -> None:
        if stream:
            self._copies.append(asyncio.create_task(copy_lines(stream, self._output.to_stderr)))
