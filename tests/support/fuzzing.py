"""What tests send that try anything: texts, JSON, pieces of JSON, events."""

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

FUZZ = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
ANY_TEXT = st.text(st.characters(exclude_categories=[]), max_size=60)
ODD_TEXT = st.sampled_from(
    ["\x00", "a\x00b", "\ud800", "\udfff\ud800", "\x1b[31mred", "\u2028", "\ufeff", "x" * 50_001]
)
NUMBERS = st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False))
SCALARS = st.one_of(st.none(), st.booleans(), NUMBERS, ANY_TEXT, ODD_TEXT)
JSON = st.recursive(
    SCALARS, lambda part: st.lists(part, max_size=4) | st.dictionaries(ANY_TEXT, part, max_size=4), max_leaves=12
)
PIECES = st.sampled_from(
    [
        *'{}[],:" \n',
        '"prompt"',
        '"a"',
        "\\ud800",
        "\\u0000",
        "1e999999",
        "9" * 5_000,
        "NaN",
        "-Infinity",
        "null",
        "[" * 99,
    ]
)
"""Pieces of JSON, and of what only looks like it."""
CANARIES = st.text(st.characters(codec="ascii", categories=["L", "N"]), max_size=40).map("canary{}".format)


class Context:
    """Lambda's context of a request; where `streams`, of a runtime that sends a body while it is being written."""

    aws_request_id = "request-1"

    def __init__(self, *, streams: bool = False) -> None:
        self.streams = streams

    def get_remaining_time_in_millis(self) -> int:
        return 60_000


def event_of(
    body: Any, *, is_base64: bool = False, path: str = "/", method: str = "POST", **more: Any
) -> dict[str, Any]:
    """A function URL's event."""
    return {
        "version": "2.0",
        "rawPath": path,
        "headers": {"content-type": "application/json"},
        "requestContext": {"http": {"method": method, "path": path, "sourceIp": "127.0.0.1"}},
        "body": body,
        "isBase64Encoded": is_base64,
        **more,
    }
