"""One client in a process of its own, which can be stopped while it hangs: a thread could not."""

import multiprocessing
import time
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Self

from benchmarks.client.clients import CLIENTS
from benchmarks.client.judge import Said

_PROCESSES = multiprocessing.get_context("spawn")
_START_SECONDS = 60.0
_WARM_UP = "A warm-up"


class Worker:
    """Asks one host through one client, for at most `patience` seconds a prompt."""

    def __init__(self, client: str, url: str, *, timeout: float, patience: float) -> None:
        self._arguments = (client, url, timeout)
        self._patience = patience
        self._start()

    def ask(self, prompt: str) -> Said | None:
        """What the client gave its caller; None when it gave nothing in time: then call `restart`."""
        self._pipe.send(prompt)
        if not self._pipe.poll(self._patience):
            return None
        said: Said = self._pipe.recv()
        return said

    def restart(self) -> None:
        """Stop the process, whatever it waits for, and start another."""
        self._stop()
        self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def _start(self) -> None:
        self._pipe, theirs = _PROCESSES.Pipe()
        self._process = _PROCESSES.Process(target=_serve, args=(theirs, *self._arguments), daemon=True)
        self._process.start()
        theirs.close()
        if not self._pipe.poll(_START_SECONDS):
            msg = f"the client {self._arguments[0]!r} did not start"
            raise TimeoutError(msg)
        self._pipe.recv()

    def _stop(self) -> None:
        self._process.kill()
        self._process.join()
        self._pipe.close()


def _serve(pipe: Connection, client: str, url: str, timeout: float) -> None:
    """Ask what comes through the pipe, and send back what came of it."""
    _asked(client, url, timeout, _WARM_UP)  # what is imported at the first use is no part of any answer's time
    pipe.send("ready")
    while True:
        try:
            prompt = pipe.recv()
        except EOFError:
            return
        pipe.send(_asked(client, url, timeout, prompt))


def _asked(client: str, url: str, timeout: float, prompt: str) -> Said:
    """Ask with a new client, so that no fault can spoil the next prompt's connection."""
    fresh = CLIENTS[client](url, timeout)
    began = time.monotonic()
    try:
        content = fresh.ask(prompt)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what the caller gets
        return Said(time.monotonic() - began, error=type(error).__name__)
    else:
        return Said(time.monotonic() - began, content=content)
    finally:
        fresh.close()
