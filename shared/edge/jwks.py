"""The issuer's public keys: which of them verifies a token, and which can verify any."""

import time
from dataclasses import dataclass
from functools import partial
from typing import Any

import jwt
from jwt.types import JWKDict

from shared.deadline import Clock, Deadline
from shared.edge.errors import AuthUnavailable
from shared.edge.jwks_document import JwksError, fetch, read
from shared.edge.key_cache import KeyCache

_REFRESH_SECONDS = 600.0
"""Keys older than this are fetched again."""
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

    def __init__(self, url: str, clock: Clock = time.monotonic) -> None:
        self._url = url
        self._cache = KeyCache(self._fetch, _REFRESH_SECONDS, clock)

    def find(self, kid: str | None, algorithm: str, deadline: Deadline) -> PublicKey | None:
        """Return the key for a token's header; None if the issuer has none.

        Raises:
            AuthUnavailable: the keys cannot be fetched now.
        """
        return self._cache.find(partial(_match, kid, algorithm), deadline)

    def _fetch(self, seconds: float) -> tuple[Key, ...]:
        try:
            return _keys(fetch(self._url, min(_FETCH_SECONDS, seconds)))
        except JwksError as error:
            msg = f"the issuer's keys cannot be had from JWT_JWKS_URL: {error}"
            raise AuthUnavailable(msg) from None


def _match(kid: str | None, algorithm: str, keys: tuple[Key, ...]) -> PublicKey | None:
    """Return the key with this id; without an id, the key that fits if there is only one."""
    fitting = [key for key in keys if algorithm in key.algorithms and kid in {None, key.kid}]
    return fitting[0].public if fitting and (kid is not None or len(fitting) == 1) else None


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
