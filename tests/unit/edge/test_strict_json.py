"""JSON that is taken, and what is refused as none: each with a sentence that says why."""

import json
from typing import Any

import pytest

from shared.edge.errors import InvalidJson
from shared.edge.strict_json import read_object
from shared.errors import InvalidRequest


def nested(levels: int) -> bytes:
    return b'{"a": ' + b"[" * (levels - 1) + b"]" * (levels - 1) + b"}"


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"{}", {}),
        (b'\xef\xbb\xbf{"a": "b"}', {"a": "b"}),
        ('{"é": "睡"}'.encode(), {"é": "睡"}),
        (rb'{"a": "\ud83d\ude00\u0000\ud800"}', {"a": "😀\0\ud800"}),
        (b'{"a": 1, "b": 1e308, "c": -0.5, "d": 1e-999999}', {"a": 1, "b": 1e308, "c": -0.5, "d": 0}),
        (b'{"a": {"x": 1}, "b": {"x": 1}}', {"a": {"x": 1}, "b": {"x": 1}}),
        (b'{"": null, "__proto__": {}}', {"": None, "__proto__": {}}),
    ],
)
def test_an_object_is_read(body: bytes, value: dict[str, Any]) -> None:
    assert read_object(body) == value


def test_an_integer_stays_one() -> None:
    """As in `max_tokens: 100`; of more than 53 bits too, where a float would round it."""
    found = read_object(b'{"a": 100, "b": -9007199254740993, "c": 1.0, "d": 0}')

    assert [repr(value) for value in found.values()] == ["100", "-9007199254740993", "1.0", "0"]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "is empty"),
        (b" \r\n\t", "is empty"),
        (b"{", "not valid JSON"),
        (b'{"a": 1,}', "not valid JSON"),
        (b'{"a": 01}', "not valid JSON"),
        (b'{"a": "\x00"}', "not valid JSON"),
        (b"{}\x00", "not valid JSON"),
        (b'{"a": NaN}', "NaN"),
        (b'{"a": [-Infinity]}', "-Infinity"),
        (b'{"a": 1e999999}', "number that is too large"),
        (b'{"a": -1e999999}', "number that is too large"),
        (b'{"a": 1' + b"0" * 10_000 + b"}", "number that is too large"),
        (b'{"a": 1' + b"0" * 1_000_000 + b"}", "number that is too large"),
        (b'{"a": "\xff"}', "not UTF-8"),
        (b'{"a": "\xed\xa0\x80"}', "not UTF-8"),  # half of a surrogate pair, written out
        ('{"a": 1}'.encode("utf-16"), "not UTF-8"),
        ('{"a": 1}'.encode("utf-32"), "not UTF-8"),
        (nested(33), "too many levels"),
        (nested(100_000), "too many levels"),
        (b'{"a":' * 100_000, "too many levels"),
    ],
    ids=lambda value: value if isinstance(value, str) else repr(value[:24]),
)
def test_what_is_refused(body: bytes, says: str) -> None:
    with pytest.raises(InvalidJson, match=says):
        read_object(body)


def test_thirty_two_levels_are_taken() -> None:
    assert read_object(nested(32))
    assert read_object(b'{"a":' * 31 + b"{}" + b"}" * 31)
    with pytest.raises(InvalidJson, match="at most 32"):
        read_object(b'{"a":' * 32 + b"{}" + b"}" * 32)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b'{"prompt": "a", "prompt": "b"}', "prompt"),
        (rb'{"prompt": "a", "\u0070rompt": "b"}', "prompt"),
        (b'{"a": [{"b": 1, "b": 1}]}', "b"),
        (b'{"a b": 1, "a b": 1}', None),
        ('{"é": 1, "é": 1}'.encode(), None),
        (rb'{"\ud800": 1, "\ud800": 1}', None),
        (json.dumps({"x" * 65: 1}).encode()[:-1] + b', "' + b"x" * 65 + b'": 2}', None),
    ],
)
def test_a_name_twice_is_named_where_it_can_be_ours(body: bytes, field: str | None) -> None:
    with pytest.raises(InvalidJson, match="twice") as raised:
        read_object(body)

    assert raised.value.field == field


@pytest.mark.parametrize("body", [b"[]", b'"text"', b"null", b"1", b"true", b"[[]]"])
def test_json_that_is_no_object(body: bytes) -> None:
    with pytest.raises(InvalidRequest):
        read_object(body)
