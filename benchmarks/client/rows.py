"""What is asked of every client: each fault of the stand-in, and what its caller should get, as data.

What is right follows from what the host says, never from what a client does: a failure that may pass is worth a second
call, one that cannot pass is worth none, a good answer is good in any dialect, and no wait outlives the time-out.
"""

from dataclasses import dataclass
from typing import Literal

_PROMPT = "Release notes of a small library"


@dataclass(frozen=True, slots=True)
class Right:
    """What a caller should get, after at most so many calls to the host."""

    kind: Literal["answer", "error"]
    most_calls: int | None = None
    """None: as many as there is time for."""
    at_once: bool = False
    """Whether waiting can only waste the caller's time."""

    def __str__(self) -> str:
        calls = {None: "", 1: ", 1 call"}.get(self.most_calls, f", {self.most_calls} calls")
        when = " at once" if self.at_once else " in time" if self.kind == "error" else ""
        return f"{self.kind}{when}{calls}"


@dataclass(frozen=True, slots=True)
class Row:
    """One fault, as a directive to the stand-in, and what is right there."""

    fault: str
    right: Right

    @property
    def prompt(self) -> str:
        """What the client is asked."""
        return f"{_PROMPT} [[fault {self.fault}]]" if self.fault else _PROMPT

    @property
    def reference_prompt(self) -> str:
        """What gives the right content: a fault that passes leaves it as it is, a dialect may change it."""
        return _PROMPT if "times=" in self.fault else self.prompt


_ANSWER = Right("answer", 1)
_SECOND_ANSWER = Right("answer", 2)
_REFUSED = Right("error", 1, at_once=True)
_IN_TIME = Right("error")

ROWS: tuple[Row, ...] = (
    Row("", _ANSWER),
    # It says when to come back.
    Row("rate-limit retry_after=1 times=1", _SECOND_ANSWER),
    # An hour is more than any request has; the caller can do something better with it.
    Row("rate-limit retry_after=3600", _REFUSED),
    # No money, no key, no room in the context: the second call would end as the first did.
    Row("quota", _REFUSED),
    Row("credit", _REFUSED),
    Row("key", _REFUSED),
    Row("context", _REFUSED),
    # What passes by itself, in the status, inside a 200, and in mid-stream.
    Row("status code=503 times=1", _SECOND_ANSWER),
    Row("html times=1", _SECOND_ANSWER),
    Row("error-200 times=1", _SECOND_ANSWER),
    Row("choices-null times=1", _SECOND_ANSWER),
    Row("choices-empty times=1", _SECOND_ANSWER),
    Row("choice-error times=1", _SECOND_ANSWER),
    Row("mid-error times=1", _SECOND_ANSWER),
    Row("finish-error times=1", _SECOND_ANSWER),
    Row("cut times=1", _SECOND_ANSWER),
    Row("reset times=1", _SECOND_ANSWER),
    # Good answers, written as one host or another writes them.
    Row("u2028", _ANSWER),
    Row("crlf", _ANSWER),
    Row("parts", _ANSWER),
    Row("reasoning-content", _ANSWER),
    Row("json", _ANSWER),
    Row("no-done", _ANSWER),
    # Without end: each of them keeps a connection open that will never bring an answer.
    Row("keepalive", _IN_TIME),
    Row("silence", _IN_TIME),
    Row("never", _IN_TIME),
    Row("trickle", _IN_TIME),
    Row("stall", _IN_TIME),
    Row("garbage", _IN_TIME),
    Row("slow-json", _IN_TIME),
)
