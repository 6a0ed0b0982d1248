"""Processes that serve a rehearsal, and end with it however it ends."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_STOP_SECONDS = 5


@contextmanager
def running(
    command: Sequence[str], *, cwd: Path, environment: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command in a session of its own, its output in a file; at the end it and what it started are stopped."""
    libc = ctypes.CDLL(None)
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own, or the emulator
            command,
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            # A rehearsal that is killed cannot stop anything any more. Linux then does.
            preexec_fn=(lambda: libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)) if sys.platform == "linux" else None,  # noqa: PLW1509 - no threads yet
        )
    try:
        yield process
    finally:
        _signal(process, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_STOP_SECONDS)
        _signal(process, signal.SIGKILL)
        process.wait()


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Signal the whole group: a function's processes are the emulator's children."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
