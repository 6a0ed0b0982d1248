"""What a caller got, in words, and whether it was right; nothing here knows which client it was."""

from dataclasses import dataclass

from benchmarks.client.rows import Right

_AT_ONCE_SECONDS = 1.0
_LATE_SECONDS = 0.5
"""How much later than the time-out still counts as in time: timers and a busy machine take a little."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a client gave its caller: content, or the name of an exception."""

    seconds: float
    content: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """One cell of the report. `seconds` is None where the client had to be stopped."""

    got: str
    calls: int
    seconds: float | None
    right: bool


def judged(right: Right, said: Said | None, *, calls: int, reference: str, timeout: float, patience: float) -> Verdict:
    """The verdict on what a client said; None means that it had said nothing after `patience` seconds."""
    if said is None:
        return Verdict(f"hung > {patience:g} s", calls, None, right=False)
    got = said.error or _answer(said.content or "", reference)
    is_kind = got == "answer" if right.kind == "answer" else said.error is not None
    most_seconds = _AT_ONCE_SECONDS if right.at_once else timeout + _LATE_SECONDS
    few_calls = right.most_calls is None or calls <= right.most_calls
    return Verdict(got, calls, said.seconds, right=is_kind and few_calls and said.seconds <= most_seconds)


def _answer(content: str, reference: str) -> str:
    """What content is that came without any error."""
    if content == reference:
        return "answer"
    if not content:
        return "empty answer as success"
    return "cut answer as success" if reference.startswith(content) else "wrong answer as success"
