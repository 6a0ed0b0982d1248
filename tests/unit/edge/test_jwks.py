"""The issuer's keys: when they are fetched, and what is done while they cannot be."""

import time
from typing import Any

import pytest

from shared.deadline import Deadline
from shared.edge.errors import AuthUnavailable
from shared.edge.jwks import Jwks
from tests.support.issuer import Document, document, huge, jwk, jwks, keys, rsa_key, trickle


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def find(keys_of: Jwks, kid: str = "rsa", seconds: float = 5.0) -> Any:
    return keys_of.find(kid, "RS256", Deadline(seconds))


def test_keys_are_fetched_once_and_anew_after_a_time() -> None:
    clock = Clock()
    with jwks() as fetches:
        store = Jwks(fetches.url, clock)
        assert all(find(store) for _ in range(3))
        clock.now += 599
        assert find(store)
        assert fetches.count == 1
        clock.now += 1
        assert find(store)

        assert fetches.count == 2


def test_an_unknown_key_is_looked_for_once_in_a_while() -> None:
    """Whatever ids tokens come up with, the issuer is asked three times, then every ten seconds at most."""
    clock = Clock()
    with jwks() as fetches:
        store = Jwks(fetches.url, clock)
        assert find(store)
        assert [find(store, f"new-{number}") for number in range(50)] == [None] * 50
        assert fetches.count == 1 + 3
        clock.now += 9.9
        assert find(store, "still-new") is None
        assert fetches.count == 1 + 3
        clock.now += 0.1
        assert [find(store, f"newer-{number}") for number in range(50)] == [None] * 50
        assert fetches.count == 1 + 4
        clock.now += 30
        assert [find(store, f"newest-{number}") for number in range(50)] == [None] * 50

        assert fetches.count == 1 + 7


def test_keys_that_were_just_fetched_are_not_fetched_again_for_an_unknown_id() -> None:
    with jwks() as fetches:
        assert find(Jwks(fetches.url, Clock()), "new") is None

        assert fetches.count == 1


def test_the_first_tokens_of_a_new_key_pass_although_others_made_ids_up() -> None:
    clock = Clock()
    with jwks() as fetches:
        store = Jwks(fetches.url, clock)
        assert [find(store), find(store, "made-up"), find(store, "made-up-too")][1:] == [None, None]
        fetches.answer = keys(jwk(rsa_key("new"), "new"))

        assert find(store, "new")


def test_a_key_that_is_new_is_found() -> None:
    clock = Clock()
    with jwks() as fetches:
        store = Jwks(fetches.url, clock)
        assert find(store)
        fetches.answer = keys(jwk(rsa_key("new"), "new"))
        assert find(store, "new")
        assert find(store) is None


BAD: dict[str, tuple[Document, str]] = {
    "error": (document(b"{}", "500 Internal Server Error"), "status 500"),
    "absent": (document(b"{}", "404 Not Found"), "status 404"),
    "moved": (document(b"", "302 Found", "Location: /elsewhere\r\n"), "status 302"),
    "compressed": (document(b"\x1f\x8b", headers="Content-Encoding: gzip\r\n"), "compressed"),
    "empty": (document(b""), "not a JWKS"),
    "page": (document(b"<html>"), "not a JWKS"),
    "list": (document(b"[]"), "not a JWKS"),
    "no list": (document(b'{"keys": {}}'), "not a JWKS"),
    "no keys": (document(b'{"keys": []}'), "no key that can be used"),
    "no usable key": (document(b'{"keys": [{"kty": "oct", "k": "AAAA"}, 5, null]}'), "no key that can be used"),
    "deep": (document(b"[" * 100_000), "not a JWKS"),
    "not text": (document(b"\xff\xfe\xfa"), "not a JWKS"),
    "closed": (lambda _connection, _number: None, "Error"),
    "huge": (huge, "over 262144 bytes"),
    "trickle": (trickle, "ReadTimeout"),
}


@pytest.mark.parametrize("name", BAD)
def test_keys_that_cannot_be_had(name: str) -> None:
    """Said so, retryable, in the time there is; why is for the operator's log only."""
    answer, why = BAD[name]
    with jwks(answer) as fetches:
        began = time.monotonic()
        with pytest.raises(AuthUnavailable) as raised:
            find(Jwks(fetches.url), seconds=1)

        assert time.monotonic() - began < 2
        assert fetches.count == 1
    failure = raised.value
    assert (failure.status, failure.retryable) == (503, True)
    assert failure.retry_after_seconds == pytest.approx(5, abs=0.1)
    assert failure.problem.startswith("the issuer's keys cannot be had from JWT_JWKS_URL: ")
    assert why in failure.problem
    assert why not in failure.message


def test_an_issuer_that_is_down_is_not_asked_for_every_request() -> None:
    clock = Clock()
    with jwks(BAD["error"][0]) as fetches:
        store = Jwks(fetches.url, clock)
        for _ in range(20):
            with pytest.raises(AuthUnavailable):
                find(store)
        assert fetches.count == 1
        fetches.answer = keys()
        clock.now += 5

        assert find(store)


def test_known_keys_outlive_an_issuer_that_is_down_for_a_while() -> None:
    """A caller with a known key is served for an hour; another cannot be judged."""
    clock = Clock()
    with jwks() as fetches:
        store = Jwks(fetches.url, clock)
        assert find(store)
        fetches.answer = BAD["error"][0]
        clock.now += 3599
        assert find(store)
        with pytest.raises(AuthUnavailable):
            find(store, "new")
        assert fetches.count == 2
        clock.now += 31
        with pytest.raises(AuthUnavailable):
            find(store)


def test_nobody_listens() -> None:
    with pytest.raises(AuthUnavailable) as raised:
        find(Jwks("http://127.0.0.1:9/jwks.json"))

    assert raised.value.problem.endswith("ConnectError")
