"""Times: milliseconds since 1970 inside, `YYYY-MM-DD HH:MM:SS.mmm` in UTC outside, and the periods of `bin`."""

import re
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_YEAR_10000 = 253_402_300_800_000
_PERIOD = re.compile(r"(\d{1,4})([a-z]+)")
_UNITS = {
    "ms": (1, 1000),
    "s": (1000, 60),
    "m": (60_000, 60),
    "h": (3_600_000, 24),
    "d": (86_400_000, 1),
}
"""Milliseconds, and how many of it may be one period."""
_NAMES = {
    "ms": ("ms", "msec", "msecs", "millisecond", "milliseconds"),
    "s": ("s", "sec", "secs", "second", "seconds"),
    "m": ("m", "min", "mins", "minute", "minutes"),
    "h": ("h", "hr", "hrs", "hour", "hours"),
    "d": ("d", "day", "days"),
}
_UNIT = {name: unit for unit, names in _NAMES.items() for name in names}


def milliseconds(text: object) -> int | None:
    """The time that an RFC 3339 text tells; None for anything else."""
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    if moment is None or moment.tzinfo is None:
        return None
    since = (moment - _EPOCH) // _MILLISECOND
    return since if 0 <= since < _YEAR_10000 else None


def shown(since: int) -> str:
    """As CloudWatch writes a timestamp in a result."""
    return (_EPOCH + since * _MILLISECOND).replace(tzinfo=None).isoformat(" ", "milliseconds")


def period(text: str) -> int:
    """The milliseconds of a period such as `5m` or `1d`.

    CloudWatch caps the number by its unit (1000 ms, 60 s, 60 m, 24 h: its documentation, 2026), so `300s` is 60 s
    there. Where longer bins begin, and such as do not divide the cap, is not documented.

    Raises:
        ValueError: none that is known here; the message says why.
    """
    match = _PERIOD.fullmatch(text.lower())
    unit = _UNIT.get(match[2]) if match else None
    if match is None or unit is None:
        msg = f"{text} is no period that is known here; known are ms, s, m, h and d"
        raise ValueError(msg)
    length, cap = _UNITS[unit]
    count = int(match[1])
    if not 1 <= count <= cap or cap % count:
        msg = f"a period in {unit} is a divisor of {cap} here: where the bins of {text} begin is not documented"
        raise ValueError(msg)
    return count * length
