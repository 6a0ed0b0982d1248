"""A call with a limit on its total time, such as the system's look-up of a host, which has none of its own."""

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


def bounded(call: Callable[[], T], seconds: float | None) -> T:
    """Return what the call returns, or raise what it raises, within this many seconds; None sets no limit.

    Raises:
        TimeoutError: it took longer. The call goes on in its thread, and may still take effect.
    """
    results: SimpleQueue[tuple[T, None] | tuple[None, BaseException]] = SimpleQueue()
    Thread(target=_run, args=(call, results), daemon=True).start()
    try:
        value, error = results.get(timeout=seconds)
    except Empty:
        raise TimeoutError from None
    if error is not None:
        raise error
    return value  # type: ignore[return-value] # set whenever there is no error


def _run(call: Callable[[], T], results: "SimpleQueue[tuple[T, None] | tuple[None, BaseException]]") -> None:
    try:
        results.put((call(), None))
    except BaseException as error:  # noqa: BLE001 - raised again in the waiting thread
        results.put((None, error))
