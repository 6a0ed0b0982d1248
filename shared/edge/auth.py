"""Authentication: a known caller or a guest, as `AUTH_MODE` says, before anything is read, counted or spent.

An invalid proof of identity is answered with 401: only a caller without any may be a guest, where guests are allowed.
"""

import hashlib
import ipaddress
import time
from collections.abc import Callable, Mapping

from shared.deadline import Clock, Deadline
from shared.edge.errors import ApiKeyMissing, ApiKeyRefused, TokenMissing, TokenRefused, Unauthorized
from shared.edge.event import Event, header
from shared.run import Caller
from shared.settings import Settings

_HASH_LENGTH = 16
_IPV6_NETWORK_BITS = 64
"""The network that one customer gets: whoever has one of its addresses has them all."""


class Authenticator:
    """Identifies the caller of an event."""

    def __init__(self, settings: Settings, clock: Clock = time.monotonic) -> None:
        self._mode = settings.auth_mode
        self._allow_guests = settings.allow_guests
        self._caller_of: Callable[[Event, Deadline], Caller]
        if self._mode == "jwt":
            # Imported here only: PyJWT and cryptography take 70 to 100 ms.
            from shared.edge.bearer_tokens import Tokens  # noqa: PLC0415

            self._tokens = Tokens.of(settings, clock)
            self._caller_of = self._token_owner
        elif self._mode == "key":
            from shared.edge.api_keys import ApiKeys  # noqa: PLC0415 - of this mode alone

            self._api_keys = ApiKeys.of(settings, clock)
            self._caller_of = self._key_owner
        else:
            self._caller_of = {"iam": _signer, "none": _guest}[self._mode]

    def caller_of(self, event: Event, deadline: Deadline) -> Caller:
        """Return the caller of this event.

        Raises:
            Unauthorized: the proof of identity is missing or invalid.
            AuthUnavailable: it cannot be checked now.
            ApiKeysMalformed: it cannot be checked until the operator has corrected the secret.
        """
        return self._caller_of(event, deadline)

    @property
    def problem(self) -> str | None:
        """What the operator has to correct although callers are served; None: nothing that is known."""
        return self._api_keys.problem if self._mode == "key" else None

    def _token_owner(self, event: Event, deadline: Deadline) -> Caller:
        token = _bearer(event)
        if token is None:
            if self._allow_guests:
                return _guest(event, deadline)
            raise TokenMissing
        if not token:
            raise TokenRefused
        issuer, subject = self._tokens.verify(token, deadline)
        return Caller("jwt:" + _hash(f"{issuer}\0{subject}"))

    def _key_owner(self, event: Event, deadline: Deadline) -> Caller:
        key = _bearer(event)
        if key is None:
            raise ApiKeyMissing
        name = self._api_keys.name_of(key, deadline) if key else None
        if name is None:
            raise ApiKeyRefused
        return Caller("key:" + name)


def _bearer(event: Event) -> str | None:
    """Return what the header `Authorization` bears; empty if that is something else, None if there is no header."""
    given = header(event, "authorization")
    if given is None:
        return None
    scheme, _, credential = given.strip().partition(" ")
    return credential.strip() if scheme.lower() == "bearer" else ""


def _signer(event: Event, _: Deadline) -> Caller:
    """Return who signed the request; the function URL has checked the signature."""
    arn = _text(event, "requestContext", "authorizer", "iam", "userArn")
    if not arn:
        raise Unauthorized
    return Caller("iam:" + _hash(arn))


def _guest(event: Event, _: Deadline) -> Caller:
    # Never from a header: a caller can write any address there.
    address = _guest_address(_text(event, "requestContext", "http", "sourceIp"))
    return Caller("guest:" + (_hash(address) if address else "unknown"), is_guest=True)


def _guest_address(text: str) -> str | None:
    """Return the address or network that identifies a guest; None, the same for all, if it cannot be read."""
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
    """Return the text at this path in the event; empty if there is none."""
    value: object = event
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value if isinstance(value, str) else ""


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:_HASH_LENGTH]
