"""Which addresses a process and those that it started listen on, read from Linux's /proc."""

import ipaddress
import os
import struct
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from local.rehearse.errors import RehearsalError

_LISTEN = "0A"


def require_loopback(session: int) -> list[str]:
    """Return what the processes of a session listen on (`address:port`).

    Raises:
        RehearsalError: one of these can be reached from other machines.
    """
    sockets = set(_sockets(session))
    found = [(address, port) for address, port, inode in _listeners() if inode in sockets]
    if public := [f"{address}:{port}" for address, port in found if not _is_loopback(address)]:
        msg = f"the emulator listens on {', '.join(public)}, which other machines can reach: it was stopped"
        raise RehearsalError(msg)
    return sorted(f"{address}:{port}" for address, port in found)


def _is_loopback(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def _sockets(session: int) -> Iterator[str]:
    for process in Path("/proc").iterdir():
        # A process may end at any moment.
        with suppress(OSError, ValueError):
            if os.getsid(int(process.name)) == session:
                for descriptor in (process / "fd").iterdir():
                    with suppress(OSError):
                        kind, _, inode = os.fspath(descriptor.readlink()).partition(":")
                        if kind == "socket":
                            yield inode.strip("[]")


def _listeners() -> Iterator[tuple[ipaddress.IPv4Address | ipaddress.IPv6Address, int, str]]:
    for family in ("tcp", "tcp6"):
        with suppress(FileNotFoundError):  # a kernel without IPv6
            for line in Path(f"/proc/net/{family}").read_text("ascii").splitlines()[1:]:
                fields = line.split()
                if fields[3] == _LISTEN:
                    address, _, port = fields[1].partition(":")
                    yield _address(address), int(port, 16), fields[9]


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The kernel prints an address as words of 32 bits, each in the machine's own byte order."""
    words = struct.iter_unpack(">I", bytes.fromhex(text))
    return ipaddress.ip_address(b"".join(struct.pack("=I", word) for (word,) in words))
