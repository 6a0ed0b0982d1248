"""Server-sent events, split out of bytes as they come.

Lines are split on bytes: `str.splitlines` and httpx's `iter_lines` also split on U+2028 and U+0085, which are legal
inside JSON strings.
"""

from collections.abc import Iterator


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
