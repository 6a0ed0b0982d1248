"""Server-sent events, split out of bytes as they come.

Lines are split on bytes: `str.splitlines` and httpx's `iter_lines` also split on U+2028 and U+0085, which are legal
inside JSON strings.
"""

import re
from collections.abc import Iterator

_LINE_END = re.compile(rb"\r\n|\n|\r")


class EventSplitter:
    """Gives the payload of each `data:` line, which is one event; comments and other fields are passed over."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        r"""The payloads that this chunk completes. A chunk may end anywhere, also between `\r` and `\n`."""
        self._pieces.append(chunk)
        if b"\n" not in chunk and b"\r" not in chunk:
            return
        *lines, rest = _LINE_END.split(b"".join(self._pieces))
        self._pieces = [rest]
        for line in lines:
            yield from _payload(line)

    def close(self) -> Iterator[bytes]:
        """The last payload, where the stream ends without a line end."""
        last = b"".join(self._pieces)
        self._pieces = []
        yield from _payload(last)


def _payload(line: bytes) -> Iterator[bytes]:
    if line.startswith(b"data:"):
        yield line[5:].strip(b" ")
