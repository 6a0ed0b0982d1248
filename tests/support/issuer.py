"""An issuer of tokens for tests: keys, tokens of every kind, and a real HTTP server with its JWKS, good and bad."""

import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, HMACAlgorithm, OKPAlgorithm, RSAAlgorithm
from jwt.utils import base64url_encode

from tests.support.sockets import read_message, serving

ISSUER, AUDIENCE, SUBJECT = "https://issuer.example/", "artifacts", "somebody@example.com"

Document = Callable[[socket.socket, int], None]
"""Answers a request, given the connection and its number from 0."""


@cache
def rsa_key(name: str = "rsa", bits: int = 2048) -> rsa.RSAPrivateKey:
    """The key of this name; making one takes a while."""
    assert name
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


@cache
def ec_key(curve: type[ec.EllipticCurve] = ec.SECP256R1) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(curve())


@cache
def ed_key() -> ed25519.Ed25519PrivateKey:
    return ed25519.Ed25519PrivateKey.generate()


def jwk(key: Any, kid: str | None = "rsa", **more: Any) -> dict[str, Any]:
    """The public half of a key as it stands in a JWKS."""
    public = key.public_key()
    if isinstance(key, rsa.RSAPrivateKey):
        made = RSAAlgorithm.to_jwk(public, as_dict=True)
    elif isinstance(key, ec.EllipticCurvePrivateKey):
        made = ECAlgorithm.to_jwk(public, as_dict=True)
    else:
        made = OKPAlgorithm.to_jwk(public, as_dict=True)
    made.pop("key_ops", None)
    return made | ({} if kid is None else {"kid": kid}) | more


def pem(key: rsa.RSAPrivateKey) -> bytes:
    """The public half as text: what a careless check takes for a shared secret."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form)


def claims(**other: Any) -> dict[str, Any]:
    """Good claims but for these; None leaves one out."""
    now = int(time.time())
    good = {"iss": ISSUER, "aud": AUDIENCE, "sub": SUBJECT, "iat": now, "nbf": now, "exp": now + 300}
    return {name: value for name, value in (good | other).items() if value is not None}


def token(key: Any = None, algorithm: str = "RS256", kid: str | None = "rsa", **other: Any) -> str:
    """A token that is good but for these."""
    headers = {} if kid is None else {"kid": kid}
    return jwt.encode(claims(**other), rsa_key() if key is None else key, algorithm, headers)


def by_hand(sign: Callable[[bytes], bytes], **head: Any) -> str:
    """A token that PyJWT would not make: good claims behind any header, signed anyhow."""
    parts = [base64url_encode(json.dumps(part).encode()) for part in ({"kid": "rsa"} | head, claims())]
    return b".".join([*parts, base64url_encode(sign(b".".join(parts)))]).decode()


def unsigned(algorithm: str = "none") -> str:
    return by_hand(lambda _: b"", alg=algorithm)


def signed_with_the_public_key() -> str:
    """HS256 with the public key as its secret."""
    return by_hand(lambda text: HMACAlgorithm(HMACAlgorithm.SHA256).sign(text, pem(rsa_key())), alg="HS256")


def signed(**head: Any) -> str:
    """A good signature, whatever the header says beside it."""
    return by_hand(lambda text: RSAAlgorithm(RSAAlgorithm.SHA256).sign(text, rsa_key()), alg="RS256", **head)


def keys(*given: dict[str, Any]) -> Document:
    """The JWKS with these keys; without any, the one that `token` signs with."""
    return document(json.dumps({"keys": given or [jwk(rsa_key())]}).encode())


def document(body: bytes, status: str = "200 OK", headers: str = "") -> Document:
    """This body, whatever it is."""

    def answer(connection: socket.socket, _: int) -> None:
        read_message(connection)
        head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n{headers}\r\n"
        connection.sendall(head.encode() + body)

    return answer


def trickle(connection: socket.socket, _: int) -> None:
    """A document that never ends, a byte at a time."""
    read_message(connection)
    connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"keys": [')
    for _second in range(600):
        connection.sendall(b" ")
        time.sleep(0.1)


def huge(connection: socket.socket, _: int) -> None:
    """A document without end, as fast as it is taken."""
    read_message(connection)
    connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"keys": [')
    for _part in range(10_000):
        connection.sendall(b" " * 65_536)


class Fetches:
    """A JWKS that is served, and how often it was asked for."""

    def __init__(self, answer: Document) -> None:
        self.answer = answer
        self.url = ""
        self.count = 0

    def __call__(self, connection: socket.socket, number: int) -> None:
        self.count += 1
        self.answer(connection, number)


@contextmanager
def jwks(answer: Document | None = None) -> Iterator[Fetches]:
    """Serve a JWKS on loopback; `answer` may be changed on the way."""
    fetches = Fetches(answer or keys())
    with serving(fetches) as url:
        fetches.url = f"{url}/jwks.json"
        yield fetches
