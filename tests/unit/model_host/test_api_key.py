"""Where the key comes from, with moto in the place of Secrets Manager."""

import socket
import time
from contextlib import suppress
from typing import Any

import httpx
import pytest

from shared.costs.ledger import Ledger
from shared.model_host import Client, Question
from shared.model_host.api_key import ApiKey
from shared.model_host.errors import KeyMalformed, KeyMissing, KeyRejected, KeyUnreadable
from shared.model_host.hosts import host_named
from shared.settings import Settings
from tests.support.runs import a_run
from tests.support.sockets import send_answer, serving


def key(**settings: str) -> ApiKey:
    return host_named("openrouter", Settings.model_validate(settings)).key


def test_the_key_of_the_environment_is_taken_as_it_is() -> None:
    assert key(openrouter_k2t_key="sk-1").value(5.0) == "sk-1"


def test_a_secret_is_read_at_first_use_and_again_after_ten_minutes(secrets: Any) -> None:
    arn = secrets.create_secret(Name="openrouter", SecretString=" sk-2\n")["ARN"]
    now = [0.0]
    api_key = host_named("openrouter", Settings.model_validate({"openrouter_secret_arn": arn}), lambda: now[0]).key

    assert api_key.value(5.0) == "sk-2"
    secrets.put_secret_value(SecretId=arn, SecretString="sk-3")
    now[0] = 600.0
    assert api_key.value(5.0) == "sk-2"
    now[0] = 601.0
    assert api_key.value(5.0) == "sk-3"
    secrets.delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True)
    now[0] = 1300.0
    assert api_key.value(5.0) == "sk-3", "the one at hand, while there is no other"


def test_a_key_that_the_host_does_not_take_is_read_again(secrets: Any) -> None:
    arn = secrets.create_secret(Name="openrouter", SecretString="sk-2")["ARN"]
    api_key = key(openrouter_secret_arn=arn)
    assert api_key.value(5.0) == "sk-2"

    assert not api_key.renew("sk-2", 5.0)
    secrets.put_secret_value(SecretId=arn, SecretString="sk-3")
    assert api_key.renew("sk-2", 5.0)
    assert api_key.value(5.0) == "sk-3"
    secrets.delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True)
    assert not api_key.renew("sk-3", 5.0)


def test_a_key_that_is_given_is_the_only_one() -> None:
    assert not key(openrouter_k2t_key="sk-1").renew("sk-1", 5.0)


@pytest.mark.parametrize(("rotated", "keys"), [(True, ["sk-2", "sk-3"]), (False, ["sk-2"])])
def test_a_call_is_made_again_with_a_rotated_key_once(secrets: Any, rotated: bool, keys: list[str]) -> None:
    arn = secrets.create_secret(Name="openrouter", SecretString="sk-2")["ARN"]
    tried: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        tried.append(request.headers["authorization"].removeprefix("Bearer "))
        if rotated:
            secrets.put_secret_value(SecretId=arn, SecretString="sk-3")
        return httpx.Response(401)

    settings = Settings.model_validate({"openrouter_secret_arn": arn})
    host = Client.of(settings, http=httpx.Client(transport=httpx.MockTransport(answer)))
    ledger = Ledger("generate_artifact", "r-1", lambda *_: None)
    with pytest.raises(KeyRejected):
        host.complete(Question([]), a_run(60, ledger=ledger))
    assert tried == keys
    assert len(ledger.attempts) == len(keys)


def test_a_key_that_is_given_outranks_the_secret() -> None:
    assert key(openrouter_k2t_key="sk-1", openrouter_secret_arn="arn:none").value(5.0) == "sk-1"


def test_without_either_there_is_no_key() -> None:
    with pytest.raises(KeyMissing):
        key()


def test_a_secret_that_is_not_there_is_the_operators_business(secrets: Any) -> None:
    arn = secrets.create_secret(Name="gone", SecretString="x")["ARN"]
    secrets.delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True)

    with pytest.raises(KeyUnreadable, match="operator") as raised:
        key(openrouter_secret_arn=arn).value(5.0)
    assert "ResourceNotFoundException" in raised.value.problem
    assert arn not in raised.value.message


def test_a_secret_without_text_holds_no_key(secrets: Any) -> None:
    arn = secrets.create_secret(Name="binary", SecretBinary=b"sk")["ARN"]

    with pytest.raises(KeyUnreadable) as raised:
        key(openrouter_secret_arn=arn).value(5.0)
    assert "holds no text" in raised.value.problem


@pytest.mark.usefixtures("aws_credentials")
def test_a_secret_that_is_not_given_in_time_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(lambda _connection, _number: time.sleep(3)) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", url)
        began = time.monotonic()
        with pytest.raises(KeyUnreadable):
            key(openrouter_secret_arn="arn:aws:secretsmanager:us-east-1:1:secret:a").value(2.0)
        took = time.monotonic() - began

    assert took < 3.0


def test_a_key_that_no_header_can_hold_is_refused(secrets: Any) -> None:
    arn = secrets.create_secret(Name="typo", SecretString="sk-\u2026")["ARN"]
    api_key = key(openrouter_secret_arn=arn)

    with pytest.raises(KeyMalformed):
        api_key.value(5.0)
    secrets.put_secret_value(SecretId=arn, SecretString="sk-3")
    assert api_key.value(5.0) == "sk-3"


@pytest.mark.usefixtures("aws_credentials")
@pytest.mark.parametrize("body", [b"\xff", b"[]", b"5"])
def test_an_answer_that_nobody_can_read_is_the_operators_business(body: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(connection: socket.socket, _number: int) -> None:
        send_answer(connection, body)

    with serving(answer) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", url)
        with pytest.raises(KeyUnreadable):
            key(openrouter_secret_arn="arn:aws:secretsmanager:us-east-1:1:secret:a").value(5.0)


@pytest.mark.usefixtures("aws_credentials")
def test_an_answer_in_drops_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each drop begins the library's own time-out anew."""

    def drip(connection: socket.socket, _number: int) -> None:
        connection.recv(65_536)
        with suppress(OSError):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            for _ in range(30):
                connection.sendall(b" ")
                time.sleep(0.2)

    with serving(drip) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", url)
        began = time.monotonic()
        with pytest.raises(KeyUnreadable, match="operator"):
            key(openrouter_secret_arn="arn:aws:secretsmanager:us-east-1:1:secret:a").value(1.0)
        took = time.monotonic() - began

    assert took < 2.5
