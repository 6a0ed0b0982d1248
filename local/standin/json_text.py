"""Text as it goes onto the wire: compact JSON, and pieces of about a token each."""

import json
import re
from typing import Final

_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
# About the size of a token, with the space before a word belonging to it.
_TOKEN: Final = re.compile(r"\s?\w{1,6}|\s?[^\w\s\ud800-\udfff]{1,3}|[\ud800-\udfff]|\s+")


def to_json(value: object) -> str:
    """Return compact JSON with every character as itself: U+2028 and U+0085 arrive raw."""
    return _ENCODER.encode(value)


def to_bytes(text: str) -> bytes:
    """Return JSON as UTF-8, half of a surrogate pair as the escape that JSON has for it."""
    return text.encode(errors="backslashreplace")


def tokens_of(text: str) -> list[str]:
    """Return the text in pieces of about a token each."""
    return _TOKEN.findall(text)
