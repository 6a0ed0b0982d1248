"""Reads how long a host asks to wait, in all the forms that hosts use (recorded 2026)."""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

_WORDS = re.compile(r"(?:try again|retry) (?:after|in) ")
_PART = re.compile(r"(?:,? and |,? )?([0-9]{1,6}(?:\.[0-9]{1,3})?)[0-9]* ?([a-z]*)")
"""A number and its unit; a wait may have several, as in 2m30s."""
_UNITS = {
    unit: seconds
    for units, seconds in (
        ("ms millisecond milliseconds", 0.001),
        ("s sec secs second seconds", 1.0),
        ("m min mins minute minutes", 60.0),
        ("h hour hours", 3600.0),
        ("d day days", 86_400.0),
    )
    for unit in units.split()
} | {"": 1.0}
_MAX_SECONDS = 31 * 24 * 3600.0
"""Quotas renew within a month; a longer wait is a mistake, such as a date in place of seconds."""


def retry_after_seconds(
    headers: Mapping[str, str],
    error: Mapping[str, Any],
    now: Callable[[], float] = time.time,
) -> float | None:
    """Return the seconds to wait: the first valid hint of the headers, then of the error object; None if there is none.

    A time in the past and a wait of more than a month are not valid. `now` gives seconds since the epoch; the headers'
    names are in lower case.
    """
    return next((hint for hint in _hints(headers, error, now()) if hint and 0 < hint <= _MAX_SECONDS), None)


def _hints(headers: Mapping[str, str], error: Mapping[str, Any], now: float) -> Iterator[float | None]:
    yield _scaled(headers.get("retry-after-ms"), 0.001)
    yield _number(headers.get("retry-after"))
    yield _date(headers.get("retry-after"), now)
    availability, metadata = error.get("availability"), error.get("metadata")
    if isinstance(availability, Mapping):
        yield _number(availability.get("retry_after"))
    if isinstance(metadata, Mapping):
        if isinstance(metadata.get("headers"), Mapping):
            named = {str(name).lower(): value for name, value in metadata["headers"].items()}
            reset = _scaled(named.get("x-ratelimit-reset"), 0.001)  # epoch milliseconds
            yield None if reset is None else reset - now
        yield _words(metadata.get("raw"))  # the provider's own words
    yield _words(error.get("message"))


def _scaled(value: object, factor: float) -> float | None:
    number = _number(value)
    return None if number is None else number * factor


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return _number(str(value)) if hasattr(value, "is_finite") else None  # a Decimal, as JSON floats are read
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None


def _date(value: str | None, now: float) -> float | None:
    try:
        date = None if value is None else parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    if date is None:
        return None
    return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp() - now  # HTTP dates are always in GMT


def _words(message: object) -> float | None:
    """Return the seconds named in a message; Moonshot's only hint is "please try again after 1 seconds"."""
    text = message.lower() if isinstance(message, str) else ""
    found = _WORDS.search(text)
    if found is None:
        return None
    waits = list(_waits(text, found.end()))
    return sum(waits) if waits else None


def _waits(text: str, at: int) -> Iterator[float]:
    """Yield the seconds of each number with a unit from here on; a number without a unit is the last."""
    while (part := _PART.match(text, at)) and part[2] in _UNITS:
        yield float(part[1]) * _UNITS[part[2]]
        at = part.end() if part[2] else len(text)
