"""One event on its way through a function, from the URL to the process and back."""

import asyncio
from dataclasses import dataclass, field


@dataclass(eq=False)
class Invocation:
    """An event for a function, and the answer to come.

    Attributes:
        request_id: Lambda's request id, which the handler finds in its context.
        trace_id: the X-Ray header, handed on to the runtime.
        event: the event as JSON.
        answer: what the handler returned, as JSON; None when it raised, crashed, ran out of time or never started.
    """

    request_id: str
    trace_id: str
    event: bytes
    answer: asyncio.Future[bytes | None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def settle(self, answer: bytes | None) -> None:
        """Give the answer; the first one counts."""
        if not self.answer.done():
            self.answer.set_result(answer)
