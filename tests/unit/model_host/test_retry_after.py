"""Retry hints in every form that hosts write them in."""

from decimal import Decimal
from typing import Any

import pytest

from shared.model_host.retry_after import retry_after_seconds

MONTH = 31 * 24 * 3600.0
NOW = 1_795_255_200.0  # 2026-11-21T10:00:00Z


@pytest.mark.parametrize(
    ("headers", "error", "seconds"),
    [
        ({}, {}, None),
        ({"retry-after": "3"}, {}, 3.0),
        ({"retry-after": "2.5"}, {}, 2.5),
        ({"retry-after": " 7 "}, {}, 7.0),
        ({"retry-after": "3600"}, {}, 3600.0),
        # Nothing to wait for, or nothing that can be meant: the backoff holds.
        ({"retry-after": "0"}, {}, None),
        ({"retry-after": "-1"}, {}, None),
        ({"retry-after": "2678400"}, {}, MONTH),
        ({"retry-after": "2678401"}, {}, None),
        ({"retry-after": "1795255230"}, {}, None),  # a date where seconds belong
        ({"retry-after": "9" * 400}, {}, None),
        ({"retry-after": "soon"}, {}, None),
        ({"retry-after": "inf"}, {}, None),
        ({"retry-after": "nan"}, {}, None),
        ({"retry-after": ""}, {}, None),
        ({"retry-after-ms": "1500", "retry-after": "9"}, {}, 1.5),
        ({"retry-after-ms": "0.5"}, {}, 0.0005),
        ({"retry-after-ms": "0", "retry-after": "9"}, {}, 9.0),
        ({"retry-after-ms": "-5", "retry-after": "9"}, {}, 9.0),
        ({"retry-after-ms": "x", "retry-after": "9"}, {}, 9.0),
        ({"retry-after": "Sat, 21 Nov 2026 10:00:30 GMT"}, {}, 30.0),
        ({"retry-after": "Saturday, 21-Nov-26 10:00:30 GMT"}, {}, 30.0),
        ({"retry-after": "Sat Nov 21 10:00:30 2026"}, {}, 30.0),
        ({"retry-after": "Sat, 21 Nov 2026 10:00:30 -0000"}, {}, 30.0),
        ({"retry-after": "Sat, 21 Nov 2026 12:00:30 +0200"}, {}, 30.0),
        ({"retry-after": "Sat, 21 Nov 2026 10:00:00 GMT"}, {}, None),
        ({"retry-after": "Sat, 21 Nov 2026 09:59:00 GMT"}, {}, None),
        ({"retry-after": "Fri, 21 Nov 2126 10:00:00 GMT"}, {}, None),
        ({"retry-after": "Sat, 99 Nov 2026 10:00:00 GMT"}, {}, None),
        ({"retry-after": "soon"}, {"availability": {"retry_after": 7}}, 7.0),
        ({"retry-after": "3"}, {"availability": {"retry_after": 7}}, 3.0),
        ({}, {"availability": {"retry_after": 7}}, 7.0),
        ({}, {"availability": {"retry_after": Decimal("0.5")}}, 0.5),
        ({}, {"availability": {"retry_after": Decimal("NaN")}}, None),
        ({}, {"availability": {"retry_after": None}}, None),
        ({}, {"availability": {"retry_after": True}}, None),
        ({}, {"availability": {"retry_after": [3]}}, None),
        ({}, {"availability": "later"}, None),
        ({}, {"metadata": {"headers": {"X-RateLimit-Reset": "1795255204000"}}}, 4.0),
        ({}, {"metadata": {"headers": {"x-ratelimit-reset": "1795255204000"}}}, 4.0),
        ({}, {"metadata": {"headers": {"X-RateLimit-Reset": 1_795_255_200_500}}}, 0.5),
        ({}, {"metadata": {"headers": {"X-RateLimit-Reset": "1795255000000"}}}, None),
        ({}, {"metadata": {"headers": {"X-RateLimit-Reset": "1795255204"}}}, None),  # seconds: long past
        ({}, {"metadata": {"headers": None}}, None),
        ({}, {"message": "reached max concurrency: 1, please try again after 1 seconds"}, 1.0),
        ({}, {"message": "Please retry in 250ms."}, 0.25),
        ({}, {"message": "Try again in 2 minutes"}, 120.0),
        ({}, {"message": "Please try again in 7m12.5s."}, 432.5),
        ({}, {"message": "Retry in 1 minute and 30 seconds"}, 90.0),
        ({}, {"message": "Try again in 1h 30m"}, 5400.0),
        ({}, {"message": "Try again after 5 2026"}, 5.0),
        ({}, {"message": "Try again in 5 seconds, 3 times"}, 5.0),
        ({}, {"message": "try again after 5"}, 5.0),
        ({}, {"message": "Try again in 6 hours."}, 21_600.0),
        ({}, {"message": "try again in 1 day"}, 86_400.0),
        ({}, {"message": "try again in 3 moons"}, None),
        ({}, {"metadata": {"raw": "please try again after 3 seconds"}}, 3.0),
        ({}, {"metadata": {"raw": {"a": 1}}}, None),
        ({}, {"message": "try again after 0 seconds"}, None),
        ({}, {"message": "please try again after a while"}, None),
        ({}, {"message": ["3"]}, None),
        ({}, {"availability": {"retry_after": 10**400}}, None),
    ],
)
def test_a_hint(headers: dict[str, str], error: dict[str, Any], seconds: float | None) -> None:
    assert retry_after_seconds(headers, error, now=lambda: NOW) == (None if seconds is None else pytest.approx(seconds))
