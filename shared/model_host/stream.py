"""A host's response is read into an answer, wherever its bytes are split: server-sent events, or one JSON body.

Lines are split on bytes: `str.splitlines` and httpx's `iter_lines` also split on U+2028 and U+0085, which are legal
inside JSON strings.
"""

from collections.abc import Iterator

from shared.model_host.answer import Answer
from shared.model_host.errors import AnswerTooLarge
from shared.model_host.json_object import UnreadableChunkError

DOCUMENT_LIMIT = 8 * 1024 * 1024
"""Bytes of one JSON document, be it an event or the body. Parsed, it takes up to 24 times as much for a moment."""

_BLANK = b" \t\r\n\xef\xbb\xbf"
"""What may stand before an answer: the blanks that keep the connection alive, and a byte order mark."""
_FIELDS = b":deir"
"""The first byte of a line of server-sent events: a comment, or one of the fields data, event, id and retry."""


class AnswerReader:
    """Reads an answer out of bytes: server-sent events, or one JSON body from a host that ignores `stream: true`.

    Which of the two it is shows in its first byte; the headers are not always right.
    """

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._events = EventSplitter()
        self._body: list[bytes] | None = None
        self._size = 0
        self._began = False
        self.unread = False
        """Whether something came that was not taken in, and may hold what the model wrote."""

    def feed(self, chunk: bytes) -> bool:
        """Take in bytes; True when they brought content or reasoning.

        Raises:
            UnreadableChunkError: this is neither of the two, or an event is not a JSON object.
            AnswerTooLarge: there is more than is kept.
        """
        self.unread = True
        wrote_on = self._feed(chunk)
        self.unread = False
        return wrote_on

    def close(self) -> None:
        """Take in what the answer ends with.

        Raises:
            UnreadableChunkError: the body is not a JSON object.
        """
        self.unread = True
        if self._body is not None:
            self._answer.add(b"".join(self._body))
            self._answer.done = True
        elif (last := self._events.close()) is not None:
            try:
                self._answer.add(last)
            except UnreadableChunkError:
                return  # the stream was cut inside this line
        self.unread = False

    def _feed(self, chunk: bytes) -> bool:
        if not self._began:
            chunk = chunk.lstrip(_BLANK)
            if not chunk:
                return False
            self._began = True
            self._body = _body_if_json(chunk[0])
        if self._body is None:
            progress = [self._answer.add(payload) for payload in self._events.feed(chunk)]
            _check(self._events.held)
            return any(progress)
        self._body.append(chunk)
        self._size += len(chunk)
        _check(self._size)
        return False


def _body_if_json(first: int) -> list[bytes] | None:
    """Where to gather a JSON body; None where the answer begins as a stream does."""
    if first in _FIELDS:
        return None
    if first != ord("{"):
        raise UnreadableChunkError
    return []


def _check(size: int) -> None:
    if size > DOCUMENT_LIMIT:
        raise AnswerTooLarge


class EventSplitter:
    """Gives the payload of each `data:` line, which is one event; comments and other fields are passed over."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self.held = 0
        """Bytes of the line that has not ended yet."""

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        r"""The payloads that this chunk completes. A chunk may end anywhere, also between `\r` and `\n`."""
        self._pieces.append(chunk)
        self.held += len(chunk)
        if b"\n" not in chunk and b"\r" not in chunk:
            return
        data = b"".join(self._pieces)
        lines = data.splitlines()
        rest = b"" if data.endswith((b"\n", b"\r")) else lines.pop()
        self._pieces, self.held = [rest], len(rest)
        for line in lines:
            if line.startswith(b"data:"):
                yield line[5:].strip(b" ")

    def close(self) -> bytes | None:
        """The last payload, where the stream ends without a line end."""
        last = b"".join(self._pieces)
        return last[5:].strip(b" ") if last.startswith(b"data:") else None
