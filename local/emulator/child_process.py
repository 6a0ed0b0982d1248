"""Starts child processes that cannot outlive `make run`, however it ends."""

import asyncio
import ctypes
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from local.emulator.output import LONGEST_LINE

_PR_SET_PDEATHSIG = 1


async def start_python(*arguments: str, cwd: Path, env: Mapping[str, str]) -> Process:
    """Start this Python with these arguments and exactly this environment, its output in pipes.

    The child leads a session of its own: Ctrl-C in the terminal reaches `make run` only, which then ends the child.
    """
    libc = ctypes.CDLL(None)
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        cwd=cwd,
        env=env,
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
        limit=LONGEST_LINE,
        start_new_session=True,
        # A parent that is killed cannot end its children: the kernel does it.
        preexec_fn=lambda: libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL),
    )


def kill(process: Process) -> None:
    """Kill a child and what it started; nothing happens if it has ended already."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def is_running(process: Process) -> bool:
    """Whether the child still runs, asked of the kernel: asyncio hears of an end a little later."""
    if process.returncode is not None:
        return False
    try:
        state = Path(f"/proc/{process.pid}/stat").read_bytes().rpartition(b")")[2].split()[0]
    except OSError:
        return False
    return state not in (b"Z", b"X")
