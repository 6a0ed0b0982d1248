"""When a host asks to be tried again, in every form that hosts write it in (recorded 2026)."""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

_WORDS = re.compile(
    r"(?:try again|retry) (?:after|in) (\d{1,6}(?:\.\d{1,3})?) ?(ms|milliseconds?|s|seconds?|m|minutes?)?\b"
)
_UNITS = (("ms", 0.001), ("milli", 0.001), ("m", 60.0), ("s", 1.0))


def retry_after_seconds(
    headers: Mapping[str, str],
    error: Mapping[str, Any],
    now: Callable[[], float] = time.time,
) -> float | None:
    """Seconds to wait, from the headers, else from the error object; None when there is no hint that makes sense.

    A time that has passed is 0. `now` gives seconds since the epoch.
    """
    return next((max(0.0, hint) for hint in _hints(headers, error, now()) if hint is not None), None)


def _hints(headers: Mapping[str, str], error: Mapping[str, Any], now: float) -> Iterator[float | None]:
    milliseconds = _number(headers.get("retry-after-ms"))
    yield None if milliseconds is None else milliseconds / 1000
    yield _number(headers.get("retry-after"))
    yield _date(headers.get("retry-after"), now)
    availability, metadata = error.get("availability"), error.get("metadata")
    if isinstance(availability, Mapping):
        yield _number(availability.get("retry_after"))
    if isinstance(metadata, Mapping) and isinstance(metadata.get("headers"), Mapping):
        reset = _number(metadata["headers"].get("X-RateLimit-Reset"))  # epoch milliseconds
        yield None if reset is None else reset / 1000 - now
    yield _words(error.get("message"))


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return _number(str(value)) if hasattr(value, "is_finite") else None  # a Decimal, as JSON floats are read
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if 0 <= number < float("inf") else None


def _date(value: str | None, now: float) -> float | None:
    try:
        return None if value is None else parsedate_to_datetime(value).timestamp() - now
    except (ValueError, OverflowError):
        return None


def _words(message: object) -> float | None:
    """Moonshot says it in the message alone: "please try again after 1 seconds"."""
    found = _WORDS.search(message.lower()) if isinstance(message, str) else None
    if found is None:
        return None
    unit = found[2] or "s"
    return float(found[1]) * next(seconds for prefix, seconds in _UNITS if unit.startswith(prefix))
