"""Who is calling: a known caller or a guest, decided by `AUTH_MODE` alone before anything is read, counted or spent.

What is wrong with a caller's proof is an answer of 401, never a guest: only who brings none may be one, where that is
allowed.
"""

import hashlib
import ipaddress
import time
from collections.abc import Callable, Mapping

from shared.deadline import Clock, Deadline
from shared.edge.errors import TokenMissing, TokenRefused, Unauthorized
from shared.edge.event import Event, header
from shared.run import Caller
from shared.settings import Settings

_HASH_LENGTH = 16
_IPV6_NETWORK_BITS = 64
"""What one customer is given of IPv6: whoever has one address has all of these."""


class Authenticator:
    """Finds out who sent an event."""

    def __init__(self, settings: Settings, clock: Clock = time.monotonic) -> None:
        self._allow_guests = settings.allow_guests
        self._caller_of: Callable[[Event, Deadline], Caller]
        if settings.auth_mode == "jwt":
            # Only here: PyJWT and cryptography take 70 to 100 ms to import.
            from shared.edge.tokens import Tokens  # noqa: PLC0415

            self._tokens = Tokens.of(settings, clock)
            self._caller_of = self._bearer
        else:
            self._caller_of = {"iam": _signer, "none": _guest}[settings.auth_mode]

    def caller_of(self, event: Event, deadline: Deadline) -> Caller:
        """Return who sent this event.

        Raises:
            Unauthorized: that is not proved.
            AuthUnavailable: it cannot be checked now.
        """
        return self._caller_of(event, deadline)

    def _bearer(self, event: Event, deadline: Deadline) -> Caller:
        given = header(event, "authorization")
        if given is None:
            if self._allow_guests:
                return _guest(event, deadline)
            raise TokenMissing
        scheme, _, token = given.strip().partition(" ")
        if scheme.lower() != "bearer":
            raise TokenRefused
        issuer, subject = self._tokens.verify(token.strip(), deadline)
        return Caller("jwt:" + _hash(f"{issuer}\0{subject}"))


def _signer(event: Event, _: Deadline) -> Caller:
    """Who signed the request; the URL itself has checked the signature."""
    arn = _text(event, "requestContext", "authorizer", "iam", "userArn")
    if not arn:
        raise Unauthorized
    return Caller("iam:" + _hash(arn))


def _guest(event: Event, _: Deadline) -> Caller:
    # Never from a header, which anybody can write.
    address = _counted_address(_text(event, "requestContext", "http", "sourceIp"))
    return Caller("guest:" + (_hash(address) if address else "unknown"), is_guest=True)


def _counted_address(text: str) -> str | None:
    """The address or network that guests are told apart by; None, the same for all, where it cannot be read."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(address), _IPV6_NETWORK_BITS), strict=False))


def _text(event: Event, *path: str) -> str:
    """The text at this place in the event; empty where there is none."""
    value: object = event
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value if isinstance(value, str) else ""


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:_HASH_LENGTH]
