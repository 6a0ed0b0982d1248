"""The body of an answer that is sent while its request is being served, in a thread of its own: server-sent events.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from collections.abc import Callable, Iterator, Mapping
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import NamedTuple, cast

from shared.edge.event import Answer

_HEARTBEAT_SECONDS = 5.0
"""How long a stream may be silent. Proxies cut what is silent for longer; twice as much is promised."""
_HEARTBEAT = b": working\n\n"

_MAX_BUFFERED_BYTES = 2_500_000
"""Of the events of an answer that arrives at once. Lambda sends 6 MB as JSON, in which quotes take twice the room."""


class _Head(NamedTuple):
    """The beginning of an answer whose body follows."""

    status: int
    headers: Mapping[str, str]


class EventStream:
    """What the thread that serves a request tells the one that answers it, which takes it as an iterable of bytes.

    Args:
        abandon: is called when the answer cannot be sent on, while the request is still being served.
        heartbeat_seconds: how long it may be silent.
    """

    def __init__(self, abandon: Callable[[], None], heartbeat_seconds: float = _HEARTBEAT_SECONDS) -> None:
        self._abandon = abandon
        self._heartbeat_seconds = heartbeat_seconds
        self._items: SimpleQueue[_Head | bytes | Answer | None] = SimpleQueue()
        self._late: Callable[[], _Head] | None = None
        self._late_lock = Lock()
        self._thread: Thread | None = None
        self._failure: BaseException | None = None
        self._complete = False

    def begin(self, status: int, headers: Mapping[str, str]) -> None:
        """Begin the answer, which until then may still become an ordinary one; called by the serving thread."""
        self._items.put(_Head(status, headers))

    def begin_late(self, status: int, headers: Callable[[], Mapping[str, str]]) -> None:
        """Begin the answer with its first event, or when it has been silent for too long; called as `begin` is.

        Until then it may still become an ordinary one, whose status says what failed.
        """
        self._late = lambda: _Head(status, headers())

    def cancel(self) -> bool:
        """Return whether the answer that would begin late has not begun, and begin it no more."""
        with self._late_lock:
            late, self._late = self._late, None
        return late is not None

    def send(self, event: str, data: str) -> None:
        """Send an event, whose data is one line and whose name may be empty; called by the serving thread."""
        self._begin_now()
        name = f"event: {event}\n" if event else ""
        self._items.put(f"{name}data: {data}\n\n".encode())

    def send_all(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        """Send a whole answer, though the request is still being served, and is not given up; called as `begin` is."""
        self._complete = True
        self.begin(status, headers)
        self._items.put(body)
        self._items.put(None)

    def answer(self, serve: Callable[[], Answer | None], *, streams: bool) -> Answer | None:
        """Serve the request in a thread, and return its answer as soon as there is one; None if no thread can be had.

        Args:
            serve: serves it; returns the answer, or None if it began one by `begin`.
            streams: whether the runtime takes a body that is still being written; else it is waited for.
        """
        thread = Thread(target=self._run, args=(serve,), daemon=True)
        try:
            thread.start()
        except RuntimeError:
            return None
        self._thread = thread
        first = self._first(streams=streams)
        if isinstance(first, _Head):
            body = self if streams else self._whole()
            return {"statusCode": first.status, "headers": dict(first.headers), "body": body, "isBase64Encoded": False}
        self._complete = True
        self.close()
        return cast("Answer", first)

    def __iter__(self) -> Iterator[bytes]:
        """Yield events as they come, and those that wait as one piece."""
        ended = False
        while not ended:
            try:
                first = self._items.get(timeout=self._heartbeat_seconds)
            except Empty:
                yield _HEARTBEAT
                continue
            items = [first, *(self._items.get() for _ in range(self._items.qsize()))]
            events = [item for item in items if isinstance(item, bytes)]
            ended = len(events) < len(items)
            if events:
                yield b"".join(events)
        if not self._complete:  # as it is after `send_all`, while the request is still being served
            self._complete = True
            self._raise()

    def close(self) -> None:
        """Wait until the request is served; if its answer is not complete by now, it is given up.

        Raises:
            BaseException: what ended the serving thread, unless it was raised where the body was read.
        """
        if not self._complete:
            self._abandon()
        assert self._thread  # noqa: S101 - nobody has an answer to close before `answer`
        self._thread.join()
        self._raise()

    def _first(self, *, streams: bool) -> _Head | bytes | Answer | None:
        """Return the first item; one that begins late is begun if it is silent for too long."""
        while True:
            try:
                return self._items.get(timeout=self._heartbeat_seconds if streams else None)
            except Empty:
                self._begin_now(_HEARTBEAT)  # headers alone may be held back until a body begins

    def _begin_now(self, *pieces: bytes) -> None:
        """Begin what would begin late, with these pieces."""
        with self._late_lock:
            late, self._late = self._late, None
            if late is None:
                return
            self._items.put(late())
            for piece in pieces:
                self._items.put(piece)

    def _run(self, serve: Callable[[], Answer | None]) -> None:
        answer = None
        try:
            answer = serve()
        except BaseException as failure:  # noqa: BLE001 - raised again in the answering thread, whose process it ends
            self._failure = failure
        self._items.put(answer)

    def _raise(self) -> None:
        failure, self._failure = self._failure, None
        if failure:
            raise failure

    def _whole(self) -> str:
        """Return all events at once; without the code as it was being written, where that is too much."""
        events = []
        while isinstance(event := self._items.get(), bytes):
            events.append(event)
        self._complete = True
        self.close()
        if sum(map(len, events)) > _MAX_BUFFERED_BYTES:
            events = [event for event in events if not event.startswith(b"event: delta\n")]
        return b"".join(events).decode()
