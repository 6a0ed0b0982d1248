"""Child processes that cannot outlive `make run`, however it ends.

`start_python` starts any of them; a `Service` is one that serves others, and says on its first line where it listens.
"""

import asyncio
import ctypes
import os
import re
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process, SubprocessStreamProtocol
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from local.emulator.output import Output
from local.emulator.settings import Settings

_ROOT = Path(__file__).parents[2]
_PR_SET_PDEATHSIG = 1
_ON_LINUX = sys.platform == "linux"
_WATCHED = Path(__file__).with_name("watched.py")
# Far more than any line: a StreamReader refuses a longer one. It also stops reading when twice as much is waiting.
_LONGEST_LINE = 1 << 30


class _ChildProtocol(SubprocessStreamProtocol):
    def __init__(self) -> None:
        super().__init__(limit=_LONGEST_LINE, loop=asyncio.get_running_loop())
        self.exited = asyncio.Event()

    def process_exited(self) -> None:
        super().process_exited()
        self.exited.set()


class Child(Process):
    """A child process whose `wait` returns when it is gone: asyncio's own waits for whoever holds its streams too."""

    def __init__(self, transport: asyncio.SubprocessTransport, protocol: _ChildProtocol) -> None:
        super().__init__(transport, protocol, asyncio.get_running_loop())
        self._exited = protocol.exited

    async def wait(self) -> int:
        """Wait until it has ended, and return its status."""
        await self._exited.wait()
        return self.returncode or 0


async def start_python(*arguments: str, cwd: Path, env: Mapping[str, str]) -> Child:
    """Start this Python with these arguments and exactly this environment, its output in pipes.

    The child leads a session of its own: Ctrl-C in the terminal reaches `make run` only, which then ends the child.
    """
    libc = ctypes.CDLL(None)
    # A parent that is killed cannot end its children. Linux does it; elsewhere a process does, once the pipe to the
    # child's standard input is closed: nothing else may close it, so `communicate` is not for these children.
    watched = () if _ON_LINUX else (sys.executable, "-I", "-S", os.fspath(_WATCHED))
    transport, protocol = await asyncio.get_running_loop().subprocess_exec(
        _ChildProtocol,
        *watched,
        sys.executable,
        *arguments,
        cwd=cwd,
        env=env,
        stdin=DEVNULL if _ON_LINUX else PIPE,
        stdout=PIPE,
        stderr=PIPE,
        start_new_session=True,
        preexec_fn=(lambda: libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)) if _ON_LINUX else None,
    )
    return Child(transport, protocol)


def kill(process: Process) -> None:
    """Kill a child and what it started; nothing happens if it has ended already."""
    if process.returncode is None:
        # macOS refuses to signal a group that has ended and was not collected yet.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)


def is_running(process: Process) -> bool:
    """Return whether the child still runs; the kernel is asked, since asyncio hears of an end a little later."""
    if process.returncode is not None:
        return False
    try:
        if _ON_LINUX:
            # Says so before the last thread is gone, and so before the process can be waited for.
            state = Path(f"/proc/{process.pid}/stat").read_bytes().rpartition(b")")[2].split()[0]
            return state not in (b"Z", b"X")
        if hasattr(os, "waitid"):
            return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None
        # Python before 3.13 has no `waitid` on macOS. There a thread of asyncio's collects a child as soon as it ends.
        os.kill(process.pid, 0)
    except OSError:
        return False
    return True


async def copy_lines(source: asyncio.StreamReader, write: Callable[[bytes], None]) -> None:
    """Copy a child's lines as they come, whole and unaltered, until it closes the stream."""
    async for line in source:
        write(line)


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
