"""Tokens, good and bad, against a JWKS on a real server."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import RSAAlgorithm
from jwt.utils import base64url_encode

from shared.deadline import Deadline
from shared.edge.bearer_tokens import Tokens
from shared.edge.errors import TokenRefused
from shared.edge.jwks import Jwks
from tests.support.issuer import (
    AUDIENCE,
    ISSUER,
    SUBJECT,
    Fetches,
    by_hand,
    claims,
    ec_key,
    ed_key,
    jwk,
    jwks,
    keys,
    rsa_key,
    signed,
    signed_with_the_public_key,
    token,
    unsigned,
)


@dataclass(frozen=True)
class Shifted:
    """A time so many seconds from when it is used."""

    seconds: int


def shifted(values: dict[str, Any]) -> dict[str, Any]:
    now = int(time.time())
    return {name: now + value.seconds if isinstance(value, Shifted) else value for name, value in values.items()}


@pytest.fixture(scope="module")
def fetches() -> Iterator[Fetches]:
    given = keys(
        jwk(rsa_key()),
        jwk(rsa_key("other"), "only-rs512", alg="RS512", use="sig"),
        jwk(ec_key(), "ec"),
        jwk(ec_key(ec.SECP384R1), "ec384", key_ops=["verify"]),
        jwk(ec_key(ec.SECP521R1), "ec521"),
        jwk(ed_key(), "ed"),
        jwk(rsa_key("encrypts"), "encrypts", use="enc"),
        jwk(rsa_key("wraps"), "wraps", key_ops=["wrapKey"]),
        jwk(rsa_key("weak", 1024), "weak"),
        {**RSAAlgorithm.to_jwk(rsa_key("leaked"), as_dict=True), "kid": "leaked", "key_ops": ["sign", "verify"]},
        jwk(ec_key(ec.SECP256K1), "bitcoin"),
        {"kty": "oct", "kid": "shared", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA"},
        {"kty": "RSA", "kid": "broken", "n": "!", "e": 5},
        {"kty": ["RSA"], "kid": "list"},
    )
    with jwks(given) as served:
        yield served


@pytest.fixture
def tokens(fetches: Fetches) -> Tokens:
    return Tokens(ISSUER, AUDIENCE, Jwks(fetches.url))


@pytest.mark.parametrize(
    ("key", "algorithm", "kid"),
    [(rsa_key, algorithm, "rsa") for algorithm in ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")]
    + [(ec_key, "ES256", "ec"), (lambda: ec_key(ec.SECP384R1), "ES384", "ec384")]
    + [(lambda: ec_key(ec.SECP521R1), "ES512", "ec521"), (ed_key, "EdDSA", "ed"), (ed_key, "EdDSA", None)]
    + [(lambda: rsa_key("other"), "RS512", "only-rs512"), (ec_key, "ES256", None)],
)
def test_a_good_token(tokens: Tokens, key: Any, algorithm: str, kid: str | None) -> None:
    """Signed with any algorithm that fits; without a key id where one key alone fits."""
    assert tokens.verify(token(key(), algorithm, kid), Deadline(5)) == (ISSUER, SUBJECT)


@pytest.mark.parametrize(
    "good",
    [
        {"aud": ["another", AUDIENCE]},
        {"nbf": None, "iat": None},
        {"exp": Shifted(-15)},
        {"nbf": Shifted(15)},
        {"exp": 4e9},
        {"sub": "\ud800"},
    ],
    ids=repr,
)
def test_good_claims(tokens: Tokens, good: dict[str, Any]) -> None:
    """The clocks may be half a minute apart."""
    assert tokens.verify(token(**shifted(good)), Deadline(5))


def refusal(tokens: Tokens, bad: str) -> str:
    with pytest.raises(TokenRefused) as raised:
        tokens.verify(bad, Deadline(5))
    return raised.value.message


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ({"iss": "https://issuer.example"}, "another issuer"),
        ({"iss": None}, "not valid here"),
        ({"aud": "artifact"}, "another audience"),
        ({"aud": []}, "not valid here"),
        ({"aud": None}, "not valid here"),
        ({"aud": {"artifacts": 1}}, "another audience"),
        ({"exp": Shifted(-60)}, "expired"),
        ({"exp": None}, "not valid here"),
        ({"exp": "soon"}, "not valid here"),
        ({"exp": 1e400}, "not valid here"),
        ({"nbf": Shifted(600)}, "not valid yet"),
        ({"nbf": "later"}, "not valid here"),
        ({"iat": Shifted(600)}, "not valid yet"),
        ({"sub": None}, "not valid here"),
        ({"sub": ""}, "not valid here"),
    ],
    ids=repr,
)
def test_bad_claims(tokens: Tokens, bad: dict[str, Any], says: str) -> None:
    assert says in refusal(tokens, token(**shifted(bad)))


@cache
def bad_tokens() -> dict[str, str]:
    good = token()
    head, body, signature = good.split(".")
    other = token(sub="somebody-else").split(".")
    return {
        "another key": token(rsa_key("stranger")),
        "another's claims": ".".join([head, other[1], signature]),
        "no signature": f"{head}.{body}.",
        "cut": good[:-3],
        "two parts": f"{head}.{body}",
        "four parts": f"{good}.{signature}",
        "not a token": "anything",
        "empty": "",
        "long": good + "A" * 8192,
        "not ascii": f"{good}é",
        "half a pair": f"{good}\ud800",
        "none": unsigned(),
        "None": unsigned("None"),
        "no algorithm": unsigned(""),
        "a list of algorithms": by_hand(lambda _: b"", alg=["RS256"]),
        "a deep header": base64url_encode(b"[" * 5000).decode() + ".e30.",
        "shared secret": signed_with_the_public_key(),
        "a secret that the JWKS holds": jwt.encode(
            claims(), "secret-secret-secret-secret-secret", "HS256", {"kid": "shared"}
        ),
        "unknown kid": token(kid="unknown"),
        "no kid, and two keys that fit": token(kid=None, algorithm="RS512"),
        "an algorithm that the key is not for": token(rsa_key("other"), "RS256", "only-rs512"),
        "another kind of key": token(ec_key(), "ES256", "rsa"),
        "another curve": token(ec_key(ec.SECP384R1), "ES384", "ec"),
        "a key for encryption": token(rsa_key("encrypts"), kid="encrypts"),
        "a key for wrapping": token(rsa_key("wraps"), kid="wraps"),
        "a key whose secret half is public": token(rsa_key("leaked"), kid="leaked"),
        "a curve that is not allowed": token(ec_key(ec.SECP256K1), "ES256K", "bitcoin"),
        "a key that is none": token(kid="broken"),
        "an extension that has to be understood": signed(crit=["b64"], b64=False),
        "a number for a key id": signed(kid=5),
        "an unknown extension": signed(crit=["exp2"], exp2=1),
    }


@pytest.mark.parametrize("name", bad_tokens())
def test_a_bad_token(tokens: Tokens, name: str) -> None:
    """All but what its owner can mend is refused in the same words."""
    assert refusal(tokens, bad_tokens()[name]) == TokenRefused.message


def test_what_is_made_by_hand_is_good_where_nothing_is_wrong(tokens: Tokens) -> None:
    assert tokens.verify(signed(), Deadline(5))


def test_a_weak_key(tokens: Tokens) -> None:
    with pytest.warns(jwt.InsecureKeyLengthWarning):
        weak = token(rsa_key("weak", 1024), kid="weak")

    assert refusal(tokens, weak) == TokenRefused.message


def test_what_can_never_be_good_asks_nobody() -> None:
    """Neither `none` nor a shared secret makes anyone fetch keys."""
    with jwks() as fetches:
        tokens = Tokens(ISSUER, AUDIENCE, Jwks(fetches.url))
        for name in ("none", "shared secret", "not a token", "long", "empty"):
            refusal(tokens, bad_tokens()[name])

        assert fetches.count == 0
