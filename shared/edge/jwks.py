"""The issuer's public keys: cached for a time, and fetched again, at a limited rate, when one is missing."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jwt
from jwt.types import JWKDict

from shared.deadline import Clock, Deadline
from shared.edge.errors import AuthUnavailable
from shared.edge.jwks_document import JwksError, fetch, read

_REFRESH_SECONDS = 600.0
"""Keys older than this are fetched again..."""
_MAX_AGE_SECONDS = 3600.0
"""...and used up to this age while that fails, so that tokens issued before stay valid while the issuer is down."""
_MIN_INTERVAL_SECONDS = 30.0
"""Minimum time between two fetches of expired keys..."""
_MIN_INTERVAL_WITHOUT_KEYS_SECONDS = 5.0
"""...and between two fetches while there are no keys at all, when no token can be verified."""
_UNKNOWN_ID_INTERVAL_SECONDS = 10.0
"""Keys are fetched once in this time for unknown key ids, however many of those tokens name..."""
_UNKNOWN_ID_BURST = 3
"""...after this many at once, so that a few invented key ids do not delay the first tokens of a new key."""
_FETCH_SECONDS = 5.0

_RSA = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
_ALGORITHMS_BY_KEY: dict[tuple[object, object], frozenset[str]] = {
    ("RSA", None): _RSA,
    ("EC", "P-256"): frozenset({"ES256"}),
    ("EC", "P-384"): frozenset({"ES384"}),
    ("EC", "P-521"): frozenset({"ES512"}),
    ("OKP", "Ed25519"): frozenset({"EdDSA"}),
}
"""The algorithms allowed for a key's type and curve: a token cannot choose any other."""
ALGORITHMS = frozenset[str]().union(*_ALGORITHMS_BY_KEY.values())

PublicKey = Any
"""A public key of the cryptography package."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key that can verify tokens."""

    kid: str | None
    algorithms: frozenset[str]
    public: PublicKey

    @classmethod
    def of(cls, jwk: JWKDict) -> "Key | None":
        """Return the key in a JWK; None if it is not for signatures, is too weak, or is of an unknown type."""
        kid, operations = jwk.get("kid"), jwk.get("key_ops", ["verify"])
        algorithms = _algorithms(jwk)
        public_only = "d" not in jwk and jwk.get("use", "sig") == "sig"
        if not (algorithms and public_only and isinstance(operations, list) and "verify" in operations):
            return None
        try:
            parsed = jwt.PyJWK(jwk, min(algorithms))
        except (jwt.PyJWTError, ValueError, TypeError):
            return None
        if parsed.Algorithm.check_key_length(parsed.key):
            return None
        return cls(kid if isinstance(kid, str) else None, algorithms, parsed.key)


class Jwks:
    """The keys at one URL."""

    def __init__(self, url: str, clock: Clock = time.monotonic, fetch: Callable[[str, float], bytes] = fetch) -> None:
        self._url = url
        self._clock = clock
        self._fetch = fetch
        self._keys: tuple[Key, ...] = ()
        self._problem: str | None = None
        self._fetched_at = self._tried_at = self._unknown_id_until = float("-inf")

    def find(self, kid: str | None, algorithm: str, deadline: Deadline) -> PublicKey | None:
        """Return the key for a token's header; None if the issuer has none.

        Raises:
            AuthUnavailable: the keys cannot be fetched now.
        """
        due = self._clock() - self._fetched_at >= _REFRESH_SECONDS and self._seconds_to_fetch() <= 0
        if due:
            self._refresh(deadline)
        key = self._match(kid, algorithm)
        if key is None and not due and self._may_fetch_for_unknown_id():
            self._refresh(deadline)
            key = self._match(kid, algorithm)
        if key is None and self._problem:
            raise AuthUnavailable(self._problem, retry_after_seconds=self._seconds_to_fetch())
        return key

    def _match(self, kid: str | None, algorithm: str) -> PublicKey | None:
        """Return the key with this id; without an id, the key that fits if there is only one."""
        fitting = [key for key in self._keys if algorithm in key.algorithms and kid in {None, key.kid}]
        return fitting[0].public if fitting and (kid is not None or len(fitting) == 1) else None

    def _refresh(self, deadline: Deadline) -> None:
        """Fetch the keys; if that fails, keep the old ones while they are young enough."""
        try:
            keys = _keys(self._fetch(self._url, min(_FETCH_SECONDS, deadline.remaining())))
        except JwksError as error:
            self._problem = f"the issuer's keys cannot be had from JWT_JWKS_URL: {error}"
            if self._clock() - self._fetched_at >= _MAX_AGE_SECONDS:
                self._keys = ()
        else:
            self._keys, self._problem, self._fetched_at = keys, None, self._clock()
        self._tried_at = self._clock()

    def _may_fetch_for_unknown_id(self) -> bool:
        """Return whether keys that are not due may be fetched for an unknown id; count the fetch if so."""
        now = self._clock()
        until = max(now, self._unknown_id_until)
        down = self._problem is not None and self._seconds_to_fetch() > 0
        if down or not self._keys or until - now > (_UNKNOWN_ID_BURST - 1) * _UNKNOWN_ID_INTERVAL_SECONDS:
            return False
        self._unknown_id_until = until + _UNKNOWN_ID_INTERVAL_SECONDS
        return True

    def _seconds_to_fetch(self) -> float:
        """Return the seconds until keys that are due may be fetched again."""
        interval = _MIN_INTERVAL_SECONDS if self._keys else _MIN_INTERVAL_WITHOUT_KEYS_SECONDS
        return self._tried_at + interval - self._clock()


def _keys(document: bytes) -> tuple[Key, ...]:
    keys = tuple(key for jwk in read(document) if (key := Key.of(jwk)))
    if not keys:
        raise JwksError("it holds no key that can be used")
    return keys


def _algorithms(jwk: JWKDict) -> frozenset[str]:
    """Return the algorithms allowed by the key's type and, if it names one, by the key itself."""
    kind, curve, declared = jwk.get("kty"), jwk.get("crv"), jwk.get("alg")
    try:
        fitting = _ALGORITHMS_BY_KEY.get((kind, None if kind == "RSA" else curve), frozenset())
    except TypeError:  # not hashable
        return frozenset()
    return fitting if declared is None else frozenset(name for name in fitting if name == declared)
