"""Reads a host's response into an answer, wherever its bytes are split: server-sent events, or one JSON body.

Lines are split on bytes: `str.splitlines` and httpx's `iter_lines` also split on U+2028 and U+0085, which are legal
inside JSON strings.
"""

from collections.abc import Iterator

from shared.model_host.answer import Answer
from shared.model_host.errors import AnswerTooLarge
from shared.model_host.json_object import UnreadableChunkError

DOCUMENT_LIMIT = 8 * 1024 * 1024
"""Bytes of one JSON document, an event or the body. Parsing one takes up to 24 times as much memory for a moment."""

_BLANK = b" \t\r\n\xef\xbb\xbf"
"""Bytes that may come before an answer: blanks that keep the connection alive, and a byte order mark."""
_FIELDS = b":deir"
"""The first byte of a line of server-sent events: a comment, or one of the fields data, event, id and retry."""


class AnswerReader:
    """Reads an answer from bytes: server-sent events, or one JSON body from a host that ignores `stream: true`.

    The first byte decides which of the two it is; the headers are not always right.
    """

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._events = EventSplitter()
        self._body: list[bytes] | None = None
        self._size = 0
        self._began = False
        self.unread = False
        """Whether bytes came that were not read, and may hold what the model wrote."""

    def feed(self, chunk: bytes) -> bool:
        """Read bytes; return whether they brought content or reasoning.

        Raises:
            UnreadableChunkError: the response is neither of the two, or an event is not a JSON object.
            AnswerTooLarge: a document is larger than `DOCUMENT_LIMIT`, or the text than is kept.
        """
        self.unread = True
        wrote_on = self._feed(chunk)
        self.unread = False
        return wrote_on

    def close(self) -> None:
        """Read the rest of the answer at its end.

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
                return  # the stream ended inside this line
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
    """Return a list for the pieces of a JSON body; None if the first byte is that of a stream."""
    if first in _FIELDS:
        return None
    if first != ord("{"):
        raise UnreadableChunkError
    return []


def _check(size: int) -> None:
    if size > DOCUMENT_LIMIT:
        raise AnswerTooLarge


class EventSplitter:
    """Splits a stream into the payloads of its `data:` lines, each one event; ignores comments and other fields."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self.held = 0
        """Bytes of the unfinished line."""

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        r"""Yield the payloads that this chunk completes. A chunk may end anywhere, also between `\r` and `\n`."""
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
        """Return the last payload if the stream ends without a line end."""
        last = b"".join(self._pieces)
        return last[5:].strip(b" ") if last.startswith(b"data:") else None
