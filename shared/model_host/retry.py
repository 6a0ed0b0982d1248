"""Decides what is retried, and when: by one table, exponential backoff with full jitter, and the host's hint.

`ACTIONS` is the table; docs/architecture.md repeats it.
"""

from collections.abc import Callable, Mapping
from enum import Enum
from types import MappingProxyType
from typing import NamedTuple

from shared.errors import DeadlineExceeded, Failure
from shared.model_host.errors import (
    AnswerTooLarge,
    CallsExhausted,
    ClientNotApproved,
    ConnectionLost,
    ContextExceeded,
    CreditExhausted,
    HostFailed,
    KeyMalformed,
    KeyMissing,
    KeyRejected,
    KeyUnreadable,
    ModelGone,
    ModelHostFailure,
    Overloaded,
    RateLimited,
    Redirected,
    Refused,
    RequestRejected,
    Stalled,
    Unreachable,
)

_BACKOFF_SECONDS = 1.0
_MAX_BACKOFF_SECONDS = 10.0


class Action(Enum):
    """What follows a failed attempt."""

    RETRY = "the same model again, then the next one"
    RETRY_THEN_OTHER_HOST = "the same model again, then the next one at another host"
    NEXT_MODEL = "the next model at once"
    OTHER_HOST = "the next model at another host at once"
    END = "the request ends"


_RETRIES = {Action.RETRY, Action.RETRY_THEN_OTHER_HOST}

ACTIONS: Mapping[type[Failure], Action] = MappingProxyType(
    {
        RateLimited: Action.RETRY,
        Overloaded: Action.RETRY,
        HostFailed: Action.RETRY,
        Unreachable: Action.RETRY_THEN_OTHER_HOST,
        ConnectionLost: Action.RETRY,
        Stalled: Action.RETRY,
        ModelGone: Action.NEXT_MODEL,
        RequestRejected: Action.END,
        ContextExceeded: Action.END,
        Refused: Action.END,
        AnswerTooLarge: Action.END,
        CallsExhausted: Action.END,
        DeadlineExceeded: Action.END,
        CreditExhausted: Action.OTHER_HOST,
        # The client reads the key's secret again first, once: it may have been rotated.
        KeyRejected: Action.OTHER_HOST,
        KeyMissing: Action.OTHER_HOST,
        KeyUnreadable: Action.OTHER_HOST,
        KeyMalformed: Action.OTHER_HOST,
        ClientNotApproved: Action.OTHER_HOST,
        Redirected: Action.OTHER_HOST,
    }
)


class Fallback(Enum):
    """Which of the further models may be asked instead."""

    ANY = "the next one"
    OTHER_HOST = "the next one at another host"
    NONE = "none"


def action_after(failure: Failure) -> Action:
    """Return what follows this failure; advice of the host on a retry overrides the table."""
    action = ACTIONS.get(type(failure), Action.END)
    advised = failure.retry_advised if isinstance(failure, ModelHostFailure) else None
    if advised is None:
        return action
    if advised:
        return Action.RETRY
    return Action.OTHER_HOST if action in _RETRIES else action


def disqualifies_host(failure: Failure) -> bool:
    """Return whether a second model at this host would fail for the same reason."""
    return ACTIONS.get(type(failure)) in {Action.RETRY_THEN_OTHER_HOST, Action.OTHER_HOST}


class RetryPolicy(NamedTuple):
    """The bounds of retrying; waits in seconds."""

    max_attempts: int
    """Attempts per model."""
    max_calls: int
    """Attempts per request, for any purpose, at all hosts."""
    max_wait: float
    """A host that requests a longer wait is not tried again."""
    jitter: Callable[[float, float], float]

    def delay(self, failure: Failure, *, attempts: int, calls: int, time_to_start: float) -> float | None:
        """Return the seconds to wait before the same model is tried again; None if it is not.

        Args:
            failure: the failure of the last attempt.
            attempts: how many attempts this model has had.
            calls: how many attempts the request has made.
            time_to_start: seconds until it is too late for an attempt (`Deadline.time_to_start`).
        """
        if action_after(failure) not in _RETRIES or attempts >= self.max_attempts or self.calls_exhausted(calls):
            return None
        if self._hint_exceeds_limit(failure, time_to_start):
            return None
        delay = failure.retry_after_seconds
        if delay is None:
            delay = self.jitter(0.0, min(_MAX_BACKOFF_SECONDS, _BACKOFF_SECONDS * 2.0 ** (attempts - 1)))
        return delay if delay <= time_to_start else None

    def fallback(self, failure: Failure, *, calls: int, time_to_start: float) -> Fallback:
        """Return which model may be asked after the last failure of one.

        A wait that a host requests does not concern another host.
        """
        if self.calls_exhausted(calls) or time_to_start < 0:
            return Fallback.NONE
        match action_after(failure):
            case Action.NEXT_MODEL:
                return Fallback.ANY
            case Action.RETRY:
                waits = type(failure) is not ModelGone and self._hint_exceeds_limit(failure, time_to_start)
                return Fallback.OTHER_HOST if waits else Fallback.ANY
            case Action.RETRY_THEN_OTHER_HOST | Action.OTHER_HOST:
                return Fallback.OTHER_HOST
            case _:
                return Fallback.NONE

    def calls_exhausted(self, calls: int) -> bool:
        """Return whether a request with this many attempts may make no further one."""
        return calls >= self.max_calls

    def _hint_exceeds_limit(self, failure: Failure, time_to_start: float) -> bool:
        """Return whether the host requests a longer wait than is made: then the caller gets the hint at once."""
        hint = failure.retry_after_seconds
        return hint is not None and (hint > self.max_wait or hint > time_to_start)
