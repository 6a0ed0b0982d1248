"""Answers without a fault as bytes that are ready to be sent: the recorded dialect, and the content that is in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from local.standin.billing import JsonObject, Price, Usage
from local.standin.dialects.openrouter import BARE_COMMENT, COMMENT, OpenRouter
from local.standin.dialects.style import Identity
from local.standin.json_text import to_json

_HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nX-Generation-Id: gen-1\r\n{}\r\n\r\n"
_HOST = OpenRouter()
_IDENTITY = Identity("moonshotai/kimi-k2-thinking-20251106", "gen-1763730000-0123456789abcdef0123", 1_763_730_000)
_COMMENTS = (COMMENT, COMMENT, BARE_COMMENT, COMMENT)
_THOUGHT = " It has to work as it stands,"
# Code with what JSON has to escape in it, and with characters beyond ASCII.
_TEXT = 'const label = "prix : 3 €"; // …\n  return <li key={item.id}>\\u{item.name}</li>;\n\tif (n > 0) { add(n) }\n'
_USAGE = Usage(Price(prompt=600, cached=150, completion=2_500), 400, 0, 900, 100)


@dataclass(frozen=True, slots=True)
class Shape:
    """How large an answer is, and how it is put into HTTP/1.1."""

    thoughts: int
    """Events that bring reasoning."""
    pieces: int
    """Events that bring content."""
    characters: int
    """Characters of content in each of these."""
    chunked: bool = False
    """An HTTP chunk an event, as a live host sends it; otherwise one body of a known length."""

    @property
    def content(self) -> str:
        """All of the content."""
        return "".join(self._texts())

    def response(self) -> bytes:
        """Status line, headers and body."""
        return response(self._texts(), thoughts=self.thoughts, chunked=self.chunked)

    def _texts(self) -> list[str]:
        endless = _TEXT * (2 + self.characters // len(_TEXT))
        starts = (number * self.characters % len(_TEXT) for number in range(self.pieces))
        return [endless[start : start + self.characters] for start in starts]


SHAPES = {
    "small": Shape(thoughts=8, pieces=32, characters=6),
    "large": Shape(thoughts=8, pieces=20_000, characters=50),
    "large-chunked": Shape(thoughts=8, pieces=20_000, characters=50, chunked=True),
    "long": Shape(thoughts=8, pieces=32_000, characters=4, chunked=True),
}
"""By the first part of the URL's path."""


def response(texts: Sequence[str], *, thoughts: int, chunked: bool) -> bytes:
    """Return status line, headers and body of an answer whose content comes in these pieces.

    Args:
        texts: the content, an event each.
        thoughts: how many events bring reasoning before it.
        chunked: whether each event is an HTTP chunk; otherwise they are one body of a known length.
    """
    events = [f"{line}\n\n".encode() for line in _lines(texts, thoughts)]
    if not chunked:
        body = b"".join(events)
        return _HEAD.format(f"Content-Length: {len(body)}").encode() + body
    framed = b"".join(b"%x\r\n%b\r\n" % (len(event), event) for event in [*events, b""])
    return _HEAD.format("Transfer-Encoding: chunked").encode() + framed


def _lines(texts: Sequence[str], thoughts: int) -> Iterator[str]:
    yield from _COMMENTS
    for _ in range(thoughts):
        yield _data(_HOST.chunk(_IDENTITY, _HOST.reasoning_delta(_THOUGHT)))
    *before, last = texts
    for text in before:
        yield _data(_HOST.chunk(_IDENTITY, _delta(text)))
    yield _data(_HOST.chunk(_IDENTITY, _delta(last), "stop"))
    yield _data(_HOST.chunk(_IDENTITY, _delta(""), "stop") | {"usage": _HOST.usage(_USAGE)})
    yield "data: [DONE]"


def _delta(text: str) -> JsonObject:
    return {"role": "assistant", "content": text, "reasoning": None, "reasoning_details": []}


def _data(event: JsonObject) -> str:
    return f"data: {to_json(event)}"
