"""A call that is waited for only so long, whatever it hangs on: a name look-up, a connection, an answer in drops.

The time-outs of the AWS library bound each wait on the socket and not their sum, and no look-up of a name at all.
"""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


def bounded(call: Callable[[], T], seconds: float) -> T:
    """What the call returns or raises.

    Raises:
        TimeoutError: it took longer than this. It goes on behind our back, and may still take effect.
    """
    future: Future[T] = Future()
    Thread(target=_run, args=(call, future), daemon=True).start()
    return future.result(seconds)


def _run(call: Callable[[], T], future: Future[T]) -> None:
    try:
        future.set_result(call())
    except BaseException as error:  # noqa: BLE001 - handed on to the thread that waits
        future.set_exception(error)
