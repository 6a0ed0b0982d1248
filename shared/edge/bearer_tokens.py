"""Verifies bearer tokens: JSON Web Tokens that one issuer signed for this service.

Imported with `AUTH_MODE=jwt` only: PyJWT imports cryptography, which is slow to load.
"""

import time
from typing import Any

import jwt

from shared.deadline import Clock, Deadline
from shared.edge.errors import TokenRefused
from shared.edge.jwks import ALGORITHMS, Jwks
from shared.settings import Settings

_LENGTH_LIMIT = 8192
"""Characters of a token. Lambda accepts headers of some 10 KB in all."""
_LEEWAY_SECONDS = 30
"""Allowed difference between the issuer's clock and ours."""
_REQUIRED = ["exp", "iss", "aud", "sub"]

_MESSAGES: dict[type[Exception], str] = {
    jwt.ExpiredSignatureError: "The bearer token has expired. Get a new one.",
    jwt.ImmatureSignatureError: "The bearer token is not valid yet.",
    jwt.InvalidAudienceError: "The bearer token is for another audience.",
    jwt.InvalidIssuerError: "The bearer token is from another issuer.",
}
"""What a caller can correct. The answer does not say what else may be wrong."""


class Tokens:
    """Verifies the tokens of one issuer for one audience."""

    def __init__(self, issuer: str, audience: str, jwks: Jwks) -> None:
        self._issuer = issuer
        self._audience = audience
        self._jwks = jwks

    @classmethod
    def of(cls, settings: Settings, clock: Clock = time.monotonic) -> "Tokens":
        """Return the verifier of these settings."""
        return cls(settings.jwt_issuer or "", settings.jwt_audience or "", Jwks(settings.jwks_url, clock))

    def verify(self, token: str, deadline: Deadline) -> tuple[str, str]:
        """Return the issuer and the subject of a valid token.

        Raises:
            TokenRefused: the token is not valid.
            AuthUnavailable: the issuer's keys are unavailable.
        """
        try:
            subject = self._claims(token, deadline)["sub"]
        except (jwt.PyJWTError, ValueError, RecursionError) as error:
            raise TokenRefused(_MESSAGES.get(type(error))) from None
        if not subject:
            raise TokenRefused
        return self._issuer, str(subject)

    def _claims(self, token: str, deadline: Deadline) -> dict[str, Any]:
        if len(token) > _LENGTH_LIMIT or not token.isascii():
            raise TokenRefused
        head = jwt.get_unverified_header(token)
        algorithm = head.get("alg")
        # Checked before any key is looked up: `none` and shared-secret algorithms are never accepted.
        if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
            raise TokenRefused
        key = self._jwks.find(head.get("kid"), algorithm, deadline)
        if key is None:
            raise TokenRefused
        return jwt.decode(
            token,
            key,
            algorithms=[algorithm],
            audience=self._audience,
            issuer=self._issuer,
            leeway=_LEEWAY_SECONDS,
            options={"require": _REQUIRED},
        )
