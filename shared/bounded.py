"""A call with a limit on its total time, whatever it waits for: a DNS look-up, a connection, a slow response.

The time-outs of the AWS library limit each wait on the socket, not their sum, and do not limit a DNS look-up at all.
"""

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
