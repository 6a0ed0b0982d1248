"""Who a caller is taken for, by `AUTH_MODE`."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from shared.deadline import Deadline
from shared.edge.auth import Authenticator
from shared.edge.errors import ApiKeyMissing, ApiKeyRefused, TokenMissing, TokenRefused, Unauthorized
from shared.run import Caller
from shared.settings import Settings
from tests.support.issuer import AUDIENCE, ISSUER, jwks, token

EVENTS = sorted((Path(__file__).parents[3] / "events").rglob("*.json"))
NONE = {"auth_mode": "none", "allow_unauthenticated": True}


def event(address: object = "203.0.113.7", arn: object = None, **headers: str) -> dict[str, Any]:
    authorizer = {"authorizer": {"iam": {"userArn": arn}}} if arn else {}
    return {"headers": headers, "requestContext": {"http": {"sourceIp": address}, **authorizer}}


def caller(of: dict[str, Any], **settings: Any) -> Caller:
    return Authenticator(Settings.model_validate(settings)).caller_of(of, Deadline(5))


def test_a_signed_request_is_its_signers() -> None:
    ann, bob = (caller(event(arn=f"arn:aws:iam::123456789012:user/{name}")) for name in ("ann", "bob"))

    assert ann != bob
    assert ann == caller(event("198.51.100.1", arn="arn:aws:iam::123456789012:user/ann", authorization="Bearer x"))
    assert (ann.id[:4], len(ann.id), ann.is_guest) == ("iam:", 20, False)


@pytest.mark.parametrize("path", EVENTS, ids=lambda path: path.stem)
def test_the_recorded_events_are_signed(path: Path) -> None:
    """So `sam local invoke` gets past the default."""
    assert caller(json.loads(path.read_text())).id.startswith("iam:")


@pytest.mark.parametrize(
    "unsigned",
    [
        {},
        event(),
        event(arn=5),
        event(authorization="AWS4-HMAC-SHA256 Credential=x"),
        {"requestContext": None},
        {"requestContext": {"authorizer": None}},
        {"requestContext": {"authorizer": {"iam": "arn:aws:iam::1:user/a"}}},
        {"requestContext": {"authorizer": {"jwt": {"claims": {"sub": "ann"}}}}},
    ],
)
def test_without_a_signature_nobody_is_served(unsigned: dict[str, Any]) -> None:
    """Were the URL ever public by mistake, the code would still refuse."""
    with pytest.raises(Unauthorized) as raised:
        caller(unsigned, allow_guests=True)

    assert not raised.value.headers


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.7", "203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
        ("203.0.113.7", "::ffff:203.0.113.7", True),
        ("::ffff:203.0.113.7", "::ffff:203.0.113.8", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1:2::1", "2001:DB8:1:2:0::1", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("", "nonsense", True),
        (None, "203.0.113.7.9", True),
        (5, ["203.0.113.7"], True),
        ("", "203.0.113.7", False),
    ],
)
def test_guests_are_told_apart_by_address_or_network(one: object, other: object, same: bool) -> None:
    """What cannot be read is one caller: never a fresh one, which would have no limit at all."""
    first, second = caller(event(one), **NONE), caller(event(other), **NONE)

    assert (first == second) is same
    assert first.is_guest
    assert first.id.startswith("guest:")


def test_a_header_never_says_where_a_guest_is() -> None:
    forged = event(**{"x-forwarded-for": "198.51.100.1", "x-real-ip": "198.51.100.1", "forwarded": "for=198.51.100.1"})

    assert caller(forged, **NONE) == caller(event(), **NONE)


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER "])
def test_a_token_makes_a_caller(scheme: str) -> None:
    with jwks() as fetches:
        settings = {"auth_mode": "jwt", "jwt_issuer": ISSUER, "jwt_audience": AUDIENCE, "jwt_jwks_url": fetches.url}
        ann = caller(event(Authorization=f"{scheme} {token(sub='ann')}"), **settings)
        again = caller(event("198.51.100.1", authorization=f"Bearer {token(sub='ann', exp=4e9)}"), **settings)
        bob = caller(event(authorization=f"Bearer {token(sub='bob')}"), **settings)

    assert ann == again != bob
    assert (ann.id[:4], len(ann.id), ann.is_guest) == ("jwt:", 20, False)


TOKENS = {
    "auth_mode": "jwt",
    "jwt_issuer": ISSUER,
    "jwt_audience": AUDIENCE,
    "jwt_jwks_url": "http://127.0.0.1:9/never-asked",
}


def test_without_a_token_only_where_guests_are_allowed() -> None:
    with pytest.raises(TokenMissing) as raised:
        caller(event(), **TOKENS)

    assert raised.value.headers == {"www-authenticate": "Bearer"}
    assert caller(event(), **TOKENS, allow_guests=True) == caller(event(), **NONE)


@pytest.mark.parametrize("given", ["", " ", "Bearer", "Bearer ", "Basic YTpi", "anything", "Bearer a b", "Bearer é"])
def test_a_bad_token_is_never_a_guest(given: str) -> None:
    with pytest.raises(TokenRefused) as raised:
        caller(event(authorization=given), **TOKENS, allow_guests=True)

    assert raised.value.headers == {"www-authenticate": "Bearer"}


KEYS = {
    "auth_mode": "key",
    "api_keys": json.dumps({name: sha256(f"ka-{name}".encode()).hexdigest() for name in ("web", "batch.1")}),
}


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER "])
def test_a_key_makes_a_caller_of_its_name(scheme: str) -> None:
    """From wherever it comes: one program may run in many places."""
    one, other = (caller(event(Authorization=f"{scheme} ka-{name}"), **KEYS) for name in ("web", "batch.1"))

    assert (one, other) == (Caller("key:web"), Caller("key:batch.1"))
    assert one == caller(event("198.51.100.1", authorization="Bearer ka-web"), **KEYS)


def test_without_a_key_nobody_is_served() -> None:
    """Nor by a signature: the URL, which is public, has not checked it."""
    for without in (event(), event(arn="arn:aws:iam::123456789012:user/ann")):
        with pytest.raises(ApiKeyMissing) as raised:
            caller(without, **KEYS, allow_guests=True)

        assert raised.value.headers == {"www-authenticate": "Bearer"}
        assert "API key" in raised.value.message


@pytest.mark.parametrize(
    "given", ["", " ", "Bearer", "Bearer ", "Basic YTpi", "ka-web", "Bearer ka-web x", "Bearer ka-web,Bearer ka-web"]
)
def test_a_bad_key_is_never_a_guest(given: str) -> None:
    with pytest.raises(ApiKeyRefused) as raised:
        caller(event(authorization=given), **KEYS, allow_guests=True)

    assert raised.value.headers == {"www-authenticate": "Bearer"}
    assert "API key" in raised.value.message
