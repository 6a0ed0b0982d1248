"""API keys through the running functions: from the environment, and from a secret that a Secrets Manager gives."""

import json
import socket
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from tests.local.bundle import at, lines, lines_of, running_bundle
from tests.local.emulator import Emulator
from tests.local.test_auth import ORDERS, ask, assert_refused
from tests.support.sockets import read_message, serving
from tests.support.standin import StandIn

KEYS = {name: f"ka-{name}-{'5up3r-s3cr3t' * 2}" for name in ("web-shop", "batch.1", "withdrawn")}
HASHES = {name: sha256(key.encode()).hexdigest() for name, key in KEYS.items()}
GOOD = {name: HASHES[name] for name in ("web-shop", "batch.1")}
BAD = {
    "unknown": "ka-unknown-key-of-nobody",
    "withdrawn": KEYS["withdrawn"],
    "hash": HASHES["web-shop"],
    "name": "web-shop",
    "cut": KEYS["web-shop"][:-1],
}
SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:api-keys-AbCdEf"


class SecretsManager:
    """Gives this text as every secret; None as an error."""

    def __init__(self) -> None:
        self.text: str | None = json.dumps(GOOD)
        self.url = ""

    def answer(self, connection: socket.socket, _number: int) -> None:
        read_message(connection)
        status = "200 OK" if self.text is not None else "400 Bad Request"
        body = {"__type": "AccessDeniedException"} if self.text is None else {"SecretString": self.text}
        sent = json.dumps(body).encode()
        head = f"HTTP/1.1 {status}\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: {len(sent)}\r\n\r\n"
        connection.sendall(head.encode() + sent)

    def settings(self, home: Path) -> dict[str, str]:
        """What points the functions here; a file of AWS's own tools says with which credentials."""
        (home / ".aws").mkdir(parents=True)
        (home / ".aws" / "config").write_text(
            "[default]\nregion = eu-central-1\naws_access_key_id = testing\naws_secret_access_key = testing\n"
        )
        return {
            "HOME": str(home),
            "AUTH_MODE": "key",
            "API_KEYS_SECRET_ARN": SECRET,
            "AWS_ENDPOINT_URL_SECRETS_MANAGER": self.url,
            "LOCAL_CONCURRENCY": "1",
        }


@pytest.fixture
def secrets_manager() -> Iterator[SecretsManager]:
    manager = SecretsManager()
    with serving(manager.answer) as manager.url:
        yield manager


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory, host: StandIn) -> Iterator[Emulator]:
    settings = {"AUTH_MODE": "key", "API_KEYS": json.dumps(GOOD), "LOCAL_CONCURRENCY": "1"}
    with running_bundle(tmp_path_factory.mktemp("keys"), **at(host), **settings) as running:
        yield running


def assert_untold(*running: Emulator) -> None:
    """Neither a key nor a hash is in what was written."""
    written = "".join(each.stdout + each.stderr for each in running)
    assert "key:web-shop" in written
    assert not [secret for secret in [*KEYS.values(), *HASHES.values(), BAD["unknown"]] if secret in written]


@pytest.mark.parametrize("route", ORDERS)
def test_a_key_is_served_under_its_name(bundle: Emulator, route: str) -> None:
    answers = {name: ask(bundle, KEYS[name], route) for name in GOOD}

    for name, answer in answers.items():
        assert answer.status_code == 200
        assert lines_of(bundle, answer.json()["requestId"])[-1]["caller"] == f"key:{name}"


@pytest.mark.parametrize("route", ORDERS)
def test_without_a_key(bundle: Emulator, host: StandIn, route: str) -> None:
    host.forget()
    answer = ask(bundle, None, route)

    assert_refused(bundle, answer, 401, "unauthorized", host)
    assert answer.headers["www-authenticate"] == "Bearer"
    assert "API key" in answer.json()["error"]


@pytest.mark.parametrize("name", BAD)
def test_a_bad_key_is_refused_and_not_written(bundle: Emulator, host: StandIn, name: str) -> None:
    host.forget()
    answer = ask(bundle, BAD[name])

    assert_refused(bundle, answer, 401, "unauthorized", host)
    assert answer.headers["www-authenticate"] == "Bearer"
    assert not answer.json()["retryable"]
    assert BAD[name] not in answer.json()["error"]


MESSAGES = [{"role": "user", "content": "A word"}]
CHAT = {
    "completion": ("POST", "v1/chat/completions", {"model": "auto", "messages": MESSAGES}),
    "models": ("GET", "v1/models", None),
    "route": ("POST", "v1/route", {"messages": MESSAGES}),
    "kimi": ("POST", "api/kimi", {"prompt": "A word"}),
}


def ask_chat(running: Emulator, name: str, key: str | None) -> httpx.Response:
    method, path, body = CHAT[name]
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    return running.request(method, f"/chat-completions/{path}", json=body, headers=headers)


@pytest.mark.parametrize("name", CHAT)
def test_a_key_serves_openai_clients_too(bundle: Emulator, name: str) -> None:
    answer = ask_chat(bundle, name, KEYS["web-shop"])

    (cost,) = (line for line in lines_of(bundle, answer.headers["x-request-id"]) if line["message"] == "cost")
    assert (answer.status_code, cost["function"], cost["caller"]) == (200, "chat_completions", "key:web-shop")


@pytest.mark.parametrize("key", [None, BAD["unknown"]], ids=["no-key", "unknown"])
@pytest.mark.parametrize("name", CHAT)
def test_a_refusal_has_the_shape_of_its_contract(bundle: Emulator, name: str, key: str | None) -> None:
    answer = ask_chat(bundle, name, key)

    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    body = answer.json()
    if name == "kimi":
        assert (body["ok"], body["status"], body["data"]["code"]) == (False, 401, "unauthorized")
        assert "API key" in body["data"]["error"]
    else:
        assert set(body["error"]) == {"message", "type", "param", "code"}
        assert (body["error"]["type"], body["error"]["code"]) == ("authentication_error", "unauthorized")
        assert "API key" in body["error"]["message"]


def test_nothing_that_is_written_tells_a_key_or_a_hash(bundle: Emulator) -> None:
    for key in (KEYS["web-shop"], BAD["unknown"], HASHES["web-shop"]):
        lines_of(bundle, ask(bundle, key).json()["requestId"])

    assert_untold(bundle)


@pytest.mark.parametrize("guard", ["false", "true"])
def test_keys_in_a_secret(host: StandIn, tmp_path: Path, secrets_manager: SecretsManager, guard: str) -> None:
    """A new one works at once, without a deployment; with the guard on, its table takes the same credentials."""
    settings = {**at(host), **secrets_manager.settings(tmp_path / "home"), "ENABLE_GUARD": guard}
    with running_bundle(tmp_path, **settings) as running:
        served = ask(running, KEYS["web-shop"])
        refused = ask(running, KEYS["withdrawn"])
        secrets_manager.text = json.dumps(HASHES)
        restored = ask(running, KEYS["withdrawn"])

        answers = [served, refused, restored]
        callers = [lines_of(running, answer.json()["requestId"])[-1]["caller"] for answer in answers]
    assert [answer.status_code for answer in answers] == [200, 401, 200]
    assert callers == ["key:web-shop", None, "key:withdrawn"]
    assert_untold(running)


@pytest.mark.parametrize(
    ("text", "code", "retryable", "problem"),
    [
        (None, "auth_unavailable", True, "cannot be read: AccessDeniedException"),
        ("", "auth_unavailable", True, "cannot be read: it holds no text"),
        (KEYS["web-shop"], "service_misconfigured", False, "cannot be used: must be a JSON object"),
        ("{}", "service_misconfigured", False, "cannot be used: must hold at least one key"),
        (json.dumps(KEYS), "service_misconfigured", False, "cannot be used: entry 1: the value must be"),
        (json.dumps({KEYS["web-shop"]: HASHES["web-shop"]}), "service_misconfigured", False, "entry 1: the name is a"),
    ],
    ids=["denied", "empty", "bare-key", "no-keys", "keys-for-hashes", "key-for-name"],
)
def test_a_secret_that_is_of_no_use_is_the_operators(
    host: StandIn,
    tmp_path: Path,
    secrets_manager: SecretsManager,
    text: str | None,
    code: str,
    retryable: bool,
    problem: str,
) -> None:
    """Told once per request, and nothing of what the secret holds."""
    host.forget()
    secrets_manager.text = text
    with running_bundle(tmp_path, **at(host), **secrets_manager.settings(tmp_path / "home")) as running:
        answers = [ask(running, KEYS["web-shop"]) for _ in range(2)]

        for answer in answers:
            assert_refused(running, answer, 503, code, host)
            assert answer.json()["retryable"] is retryable
        problems = [line for line in lines(running) if line["message"] == "operator_must_act"]
    assert [line["request_id"] for line in problems] == [answer.json()["requestId"] for answer in answers]
    assert {line["level"] for line in problems} == {"ERROR"}
    assert all(line["problem"].startswith("the secret named by API_KEYS_SECRET_ARN cannot be ") for line in problems)
    assert all(problem in line["problem"] for line in problems)
    assert not [secret for secret in [*KEYS.values(), *HASHES.values()] if secret in running.stdout + running.stderr]


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({}, ["API_KEYS_SECRET_ARN", "API_KEYS"]),
        ({"API_KEYS": json.dumps(KEYS)}, ["API_KEYS: entry 1", "entry 2", "entry 3"]),
    ],
    ids=["none", "keys-for-hashes"],
)
def test_settings_that_name_no_keys(host: StandIn, tmp_path: Path, settings: dict[str, str], named: list[str]) -> None:
    host.forget()
    with running_bundle(tmp_path, **at(host), AUTH_MODE="key", **settings) as running:
        assert_refused(running, ask(running, KEYS["web-shop"]), 503, "service_misconfigured", host)

        problem = next(line for line in lines(running) if line["message"] == "operator_must_act")["problem"]
    assert all(name in problem for name in named)
    assert not [key for key in KEYS.values() if key in running.stdout + running.stderr]
