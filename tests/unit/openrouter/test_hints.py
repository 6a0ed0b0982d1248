"""Retry hints in every form that hosts write them in."""

from decimal import Decimal
from typing import Any

import pytest

from shared.openrouter.hints import retry_after_seconds

NOW = 1_795_255_200.0  # 2026-11-21T10:00:00Z


@pytest.mark.parametrize(
    ("headers", "error", "seconds"),
    [
        ({}, {}, None),
        ({"retry-after": "3"}, {}, 3.0),
        ({"retry-after": "0"}, {}, 0.0),
        ({"retry-after": "2.5"}, {}, 2.5),
        ({"retry-after": "3600"}, {}, 3600.0),
        ({"retry-after": "-1"}, {}, None),
        ({"retry-after": "soon"}, {}, None),
        ({"retry-after": "inf"}, {}, None),
        ({"retry-after": "nan"}, {}, None),
        ({"retry-after": ""}, {}, None),
        ({"retry-after-ms": "1500", "retry-after": "9"}, {}, 1.5),
        ({"retry-after-ms": "x", "retry-after": "9"}, {}, 9.0),
        ({"retry-after": "Sat, 21 Nov 2026 10:00:30 GMT"}, {}, 30.0),
        ({"retry-after": "Sat, 21 Nov 2026 09:59:00 GMT"}, {}, 0.0),
        ({}, {"availability": {"retry_after": 7}}, 7.0),
        ({}, {"availability": {"retry_after": Decimal("0.5")}}, 0.5),
        ({}, {"availability": {"retry_after": None}}, None),
        ({}, {"availability": {"retry_after": True}}, None),
        ({}, {"availability": "later"}, None),
        ({}, {"metadata": {"headers": {"X-RateLimit-Reset": "1795255204000"}}}, 4.0),
        ({}, {"metadata": {"headers": {"X-RateLimit-Reset": 1_795_255_200_500}}}, 0.5),
        ({}, {"metadata": {"headers": {"X-RateLimit-Reset": "1795255000000"}}}, 0.0),
        ({}, {"metadata": {"headers": None}}, None),
        ({}, {"message": "reached max concurrency: 1, please try again after 1 seconds"}, 1.0),
        ({}, {"message": "Please retry in 250ms."}, 0.25),
        ({}, {"message": "Try again in 2 minutes"}, 120.0),
        ({}, {"message": "try again after 5"}, 5.0),
        ({}, {"message": "please try again after a while"}, None),
        ({}, {"message": ["3"]}, None),
        ({}, {"availability": {"retry_after": 10**400}}, None),
    ],
)
def test_a_hint(headers: dict[str, str], error: dict[str, Any], seconds: float | None) -> None:
    assert retry_after_seconds(headers, error, now=lambda: NOW) == (None if seconds is None else pytest.approx(seconds))
