"""A call that is waited for only so long, whatever it hangs on: a name look-up, a connection, an answer in drops.

The time-outs of the AWS library bound each wait on the socket and not their sum, and no look-up of a name at all.
"""

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


def bounded(call: Callable[[], T], seconds: float | None) -> T:
    """Return what the call returns, or raise what it raises, in at most so many seconds; None sets no limit.

    Raises:
        TimeoutError: it took longer than this. It goes on behind our back, and may still take effect.
    """
    results: SimpleQueue[tuple[T, None] | tuple[None, BaseException]] = SimpleQueue()
    Thread(target=_run, args=(call, results), daemon=True).start()
    try:
        value, error = results.get(timeout=seconds)
    except Empty:
        raise TimeoutError from None
    if error is not None:
        raise error
    return value  # type: ignore[return-value] # there is one where there is no error


def _run(call: Callable[[], T], results: "SimpleQueue[tuple[T, None] | tuple[None, BaseException]]") -> None:
    try:
        results.put((call(), None))
    except BaseException as error:  # noqa: BLE001 - handed on to the thread that waits
        results.put((None, error))
