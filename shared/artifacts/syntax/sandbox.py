"""Work in a child process that is ended when it exceeds its memory, its CPU time or its wall-clock time.

A parser written in C can end the whole process: it holds the interpreter while it computes, and the platform kills a
process that exceeds its memory. No `except` helps then, and a paid attempt would be lost without an answer.

The child is a copy of this process (`fork`), so what is loaded here is loaded there, and its start takes some
milliseconds. It runs only the work: no destructor, no exit handler and no other thread.
"""

import contextlib
import gc
import os
import pickle
import resource
import select
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn, TypeVar

T = TypeVar("T")

MEMORY_BYTES = 110 * 1024 * 1024
"""Memory of a child beyond that of this process; both together stay below 300 MB, of 512 in a function."""
_CHUNK = 65_536


class ExhaustedError(Exception):
    """The work exceeded its memory or CPU time, or ended its process, or no process could be started."""


class OverdueError(Exception):
    """The work did not end in time."""


class CrashedError(Exception):
    """The work raised an unexpected error.

    Attributes:
        exception_name: the class of the error; its text is dropped, as it may hold code.
        frames: where it was raised, as `file:line function`.
    """

    def __init__(self, exception_name: str, frames: list[str]) -> None:
        self.exception_name = exception_name
        self.frames = frames
        super().__init__(exception_name)


def run(work: Callable[[], T], seconds: float, cpu_seconds: float) -> T:
    """Return what the work returns, which is pickled in the child.

    Args:
        work: what to run; it changes nothing in this process.
        seconds: how long it may take (wall-clock time).
        cpu_seconds: how much CPU time it may use.

    Raises:
        ExhaustedError: it exceeded `MEMORY_BYTES` or its CPU time, its process died, or `fork` failed.
        OverdueError: it exceeded its wall-clock time.
        CrashedError: it raised.
    """
    reader, writer = os.pipe()
    try:
        with warnings.catch_warnings():
            # Python warns of locks that another thread may hold: the work takes none that threads here share.
            warnings.simplefilter("ignore", DeprecationWarning)
            child = os.fork()
    except OSError:
        os.close(reader)
        os.close(writer)
        raise ExhaustedError from None
    if child == 0:
        os.close(reader)
        _run_and_exit(work, writer, cpu_seconds)
    os.close(writer)
    try:
        answer = _read(reader, time.monotonic() + seconds)
    finally:
        os.close(reader)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return _result(answer)


def _read(reader: int, until: float) -> bytes:
    """Return all that the child writes before it ends."""
    chunks: list[bytes] = []
    while True:
        ready, _, _ = select.select([reader], [], [], max(0.0, until - time.monotonic()))
        if not ready:
            raise OverdueError
        chunk = os.read(reader, _CHUNK)
        if not chunk:
            return b"".join(chunks)
        chunks.append(chunk)


def _result(answer: bytes) -> T:  # type: ignore[type-var] # what was pickled
    if not answer:
        raise ExhaustedError
    result: T
    frames: list[str] | None
    result, name, frames = pickle.loads(answer)  # noqa: S301 - written by this very program
    if frames is not None:
        raise CrashedError(name, frames)
    return result


def _run_and_exit(work: Callable[[], object], writer: int, cpu_seconds: float) -> NoReturn:
    """Run the work in the child, write its result, and always end the process."""
    try:
        _set_limits(cpu_seconds)
        answer = _attempt(work)
        while answer:
            answer = answer[os.write(writer, answer) :]
    finally:
        os._exit(0)


def _attempt(work: Callable[[], object]) -> bytes:
    try:
        return pickle.dumps((work(), "", None))
    except MemoryError:
        return b""
    except Exception as error:  # noqa: BLE001 - sent to the waiting process
        frames = [
            f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)
        ]
        return pickle.dumps((None, type(error).__name__, frames))


def _set_limits(cpu_seconds: float) -> None:
    gc.disable()  # it would write to, and so copy, every page that the child shares with its parent
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 2)  # a library that aborts writes to it, and the log is JSON
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # macOS, on which only `make run` runs, does not heed this limit
        _limit_memory()
    for number in (signal.SIGPROF, signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, cpu_seconds)  # counts CPU time only; its signal ends the process


def _limit_memory() -> None:
    taken = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    limit = taken + MEMORY_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (limit if most == resource.RLIM_INFINITY else min(limit, most), most))
