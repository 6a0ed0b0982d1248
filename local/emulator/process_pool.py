"""The processes of one function and the line of events in front of them.

As on Lambda, a process has one event at a time, a free one is used again, and a new one is started when none is free.
Unlike on Lambda, what exceeds the limit waits in line instead of being refused.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Protocol


class StreamedAnswer:
    """An answer that is sent on as it comes.

    Attributes:
        prelude: status, headers and cookies, as JSON.
    """

    def __init__(self, prelude: bytes) -> None:
        self.prelude = prelude
        self._chunks: asyncio.Queue[bytes | None] = asyncio.Queue()

    def add(self, chunk: bytes) -> None:
        """Add a part of the body."""
        self._chunks.put_nowait(chunk)

    def end(self) -> None:
        """End the body, whether it is whole or not: a caller cannot tell, here as in the cloud."""
        self._chunks.put_nowait(None)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the body as it comes."""
        while (chunk := await self._chunks.get()) is not None:
            yield chunk


@dataclass(eq=False)
class Invocation:
    """An event for a function, and the answer to come.

    Attributes:
        request_id: Lambda's request id, which the handler finds in its context.
        trace_id: the X-Ray header, handed on to the runtime.
        event: the event as JSON.
        answer: what the handler returned, as JSON or as it comes; None when it raised, crashed, ran out of time or
            never started.
    """

    request_id: str
    trace_id: str
    event: bytes
    answer: asyncio.Future[bytes | StreamedAnswer | None] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )

    def settle(self, answer: bytes | StreamedAnswer | None) -> None:
        """Give the answer; the first one counts."""
        if not self.answer.done():
            self.answer.set_result(answer)


class Worker(Protocol):
    """What a pool asks of a process."""

    async def start(self) -> None:
        """Start it; returns when it first asked for an event, or ended without."""

    def hand(self, invocation: Invocation) -> None:
        """Give it this event; it is waiting for one."""

    def is_starting(self) -> bool:
        """Return whether it has yet to ask for its first event."""

    def is_running(self) -> bool:
        """Return whether it can take an event."""

    async def stop(self) -> None:
        """Kill it, and return when it is gone."""


class Pool:
    """Hands each event to the process that was busy last, else to a new one, else to whichever is free first.

    Args:
        limit: the most processes at any time, those starting and dying included.
        new_worker: makes a process that reports to the pool it is given.
        gate: how many processes may start at once, over all pools: a start is all computation, and too many together
            would run each other out of the time for it.
    """

    def __init__(self, limit: int, new_worker: Callable[["Pool"], Worker], gate: asyncio.Semaphore) -> None:
        self._limit = limit
        self._new_worker = new_worker
        self._gate = gate
        self._line: deque[Invocation] = deque()
        self._workers: set[Worker] = set()
        self._idle: list[Worker] = []
        self._starts: set[asyncio.Task[None]] = set()
        self._closed = False

    def submit(self, invocation: Invocation) -> None:
        """Have this event answered, after those that came before it."""
        while self._idle:
            worker = self._idle.pop()
            if worker.is_running():
                worker.hand(invocation)
                return
        self._line.append(invocation)
        self._grow()

    async def warm(self) -> None:
        """Start one process ahead; returns when it is ready or has failed."""
        await asyncio.shield(self._start())

    def free(self, worker: Worker) -> None:
        """Give a process that is free its next event."""
        if self._line:
            worker.hand(self._line.popleft())
        else:
            self._idle.append(worker)

    def ended(self, worker: Worker) -> None:
        """Remove a process that is gone; one that never asked for an event takes the first in line with it."""
        self._workers.discard(worker)
        if worker in self._idle:
            self._idle.remove(worker)
        if worker.is_starting() and self._line:
            self._line.popleft().settle(None)
        self._grow()

    async def close(self) -> None:
        """End all processes; what is under way or in line gets no answer."""
        self._closed = True
        await asyncio.gather(*(worker.stop() for worker in self._workers), *self._starts)
        for invocation in self._line:
            invocation.settle(None)

    def _grow(self) -> None:
        starting = sum(worker.is_starting() for worker in self._workers)
        if not self._closed and starting < len(self._line) and len(self._workers) < self._limit:
            self._start()

    def _start(self) -> asyncio.Task[None]:
        worker = self._new_worker(self)
        self._workers.add(worker)
        task = asyncio.create_task(self._start_in_turn(worker))
        self._starts.add(task)
        task.add_done_callback(self._starts.discard)
        return task

    async def _start_in_turn(self, worker: Worker) -> None:
        async with self._gate:
            if not self._closed:
                await worker.start()
