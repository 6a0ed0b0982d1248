"""AWS's services over HTTP: as moto has them, and as they are when something is wrong."""

import gzip
import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import boto3  # type: ignore[import-untyped]
import pytest

from shared.aws import DYNAMODB, SECRETS_MANAGER, SSM, AwsClient, AwsError, ErrorAnswer, NoAnswer, NotConfigured, read
from shared.aws.access import Access, Credentials
from shared.settings import aws_environment
from tests.support.aws import connect
from tests.support.sockets import read_message, send_answer, serving

CREDENTIALS = Credentials("AKID", "a-secret-key", "a-token")
KEY = {"pk": {"S": "a"}}


def at(url: str, **seams: Any) -> AwsClient:
    return connect(DYNAMODB, Access(url, "eu-central-1", CREDENTIALS), **seams)


def send(connection: socket.socket, status: str, body: bytes, *headers: str) -> None:
    head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers])
    connection.sendall(f"{head}\r\n\r\n".encode() + body)


@contextmanager
def answering(status: str, body: bytes, *headers: str) -> Iterator[tuple[str, list[bytes]]]:
    """A server that gives every request this answer; its address, and the requests."""
    seen: list[bytes] = []

    def answer(connection: socket.socket, _number: int) -> None:
        while request := read_message(connection):
            seen.append(request)
            send(connection, status, body, *headers)

    with serving(answer) as url:
        yield url, seen


@pytest.fixture
def table(aws: str) -> AwsClient:
    client = boto3.client("dynamodb", endpoint_url=aws)
    client.create_table(
        TableName="t",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return connect(DYNAMODB, Access.to(DYNAMODB, aws_environment()))


def test_a_secret_and_a_parameter_are_read(secrets: Any, ssm: Any) -> None:
    arn = secrets.create_secret(Name="key", SecretString="sk-\u2026")["ARN"]
    ssm.put_parameter(Name="/catalog", Value="\u00e4", Type="String")

    assert read(SECRETS_MANAGER, "GetSecretValue", {"SecretId": arn}, 5.0)["SecretString"] == "sk-\u2026"
    assert read(SSM, "GetParameter", {"Name": "/catalog"}, 5.0)["Parameter"]["Value"] == "\u00e4"


def test_a_condition_that_does_not_hold_comes_with_its_item(table: AwsClient) -> None:
    request = {
        "TableName": "t",
        "Item": KEY | {"answer": {"B": "AP8="}},
        "ConditionExpression": "attribute_not_exists(pk)",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }

    assert table.call("PutItem", request, 5.0) == {}
    with pytest.raises(ErrorAnswer) as raised:
        table.call("PutItem", request, 5.0)

    assert (raised.value.code, raised.value.status) == ("ConditionalCheckFailedException", 400)
    assert raised.value.body["Item"] == request["Item"]
    assert (raised.value.is_throttled, raised.value.is_server_error) == (False, False)


def test_what_is_sent_is_what_is_signed() -> None:
    with answering("200 OK", b"{}") as (url, seen):
        assert at(url, now=lambda: datetime(2026, 11, 29, tzinfo=UTC)).call("GetItem", {"Key": KEY}, 5.0) == {}

    (request,) = seen
    head, _, body = request.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    assert lines[0] == "POST / HTTP/1.1"
    assert json.loads(body) == {"Key": KEY}
    assert headers["host"] == url.removeprefix("http://")
    assert headers["x-amz-target"] == "DynamoDB_20120810.GetItem"
    assert headers["content-type"] == "application/x-amz-json-1.0"
    assert (headers["x-amz-date"], headers["x-amz-security-token"]) == ("20261129T000000Z", "a-token")
    assert headers["accept-encoding"] == "identity"
    assert headers["authorization"].startswith(
        "AWS4-HMAC-SHA256 Credential=AKID/20261129/eu-central-1/dynamodb/aws4_request,"
        " SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, Signature="
    )
    assert b"a-secret-key" not in request


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException"}', "ThrottlingException"),
        (b'{"__type": "ParameterNotFound"}', "ParameterNotFound"),
        (b'{"__type": "AccessDeniedException:http://internal.amazon.com/coral/"}', "AccessDeniedException"),
        (b'{"message": "no"}', "400"),
        (b"<html>no</html>", "400"),
        (b"\xff", "400"),
        (b"", "400"),
        (b'["no"]', "400"),
        (b'{"__type": null}', "400"),
        (b'{"__type": "x#"}', "400"),
        (b'{"__type": {"sent": "a secret"}}', "400"),
        (b'{"__type": "nothing but a secret"}', "400"),
        (b'{"__type": "%b"}' % (b"x" * 101), "400"),
    ],
)
def test_an_error_is_told_by_its_code(body: bytes, code: str) -> None:
    """And by nothing else of the answer, as the code is logged."""
    with answering("400 Bad Request", body) as (url, _), pytest.raises(ErrorAnswer) as raised:
        at(url).call("GetItem", {}, 5.0)

    assert (str(raised.value), raised.value.status) == (code, 400)
    assert raised.value.is_throttled is (code == "ThrottlingException")


@pytest.mark.parametrize("body", [b"", b"[]", b"5", b"\xff", b"<html>", b'{"a":', b"[" * 100_000])
def test_an_answer_that_nobody_can_read_is_none(body: bytes) -> None:
    with answering("200 OK", body) as (url, _), pytest.raises(NoAnswer):
        at(url).call("GetItem", {}, 5.0)


def test_an_answer_may_be_compressed() -> None:
    """Some proxies do that unasked, and a write that has its effect is not to be taken for lost."""
    with answering("200 OK", gzip.compress(b'{"a": 1}'), "Content-Encoding: gzip") as (url, _):
        assert at(url).call("PutItem", {}, 5.0) == {"a": 1}


def endless(connection: socket.socket, _number: int) -> None:
    read_message(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(b" " * 65_536)


def inflating(connection: socket.socket, _number: int) -> None:
    read_message(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b" " * 20_000_000))


@pytest.mark.parametrize("answer", [endless, inflating])
def test_an_answer_that_is_too_long_is_none(answer: Any) -> None:
    """It would take up the memory of the function before the time is up."""
    with serving(answer) as url, pytest.raises(NoAnswer, match="over 4194304 bytes"):
        at(url).call("PutItem", {}, 5.0)


@pytest.mark.parametrize(
    "answer",
    [b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", b"Content-Length: 3\r\n\r\n{}", b"Transfer-Encoding: ch"],
    ids=["between-chunks", "in-the-body", "in-the-head"],
)
def test_an_answer_that_stops_early_is_none(answer: bytes) -> None:
    def cutting(connection: socket.socket, _number: int) -> None:
        read_message(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\n" + answer)

    with serving(cutting) as url, pytest.raises(NoAnswer, match="RemoteProtocolError"):
        at(url).call("PutItem", {}, 5.0)


@pytest.mark.parametrize(("minutes", "told"), [(6, "360 seconds slow"), (-6, "360 seconds fast"), (3, None)])
def test_a_clock_that_is_wrong_is_told(minutes: float, told: str | None) -> None:
    """Signatures are refused then, and nothing else says why."""
    now = datetime(2026, 11, 29, tzinfo=UTC)
    date = f"Date: {format_datetime(now + timedelta(minutes=minutes), usegmt=True)}"

    with (
        answering("403 Forbidden", b'{"__type": "x#InvalidSignatureException"}', date) as (url, _),
        pytest.raises(ErrorAnswer) as raised,
    ):
        at(url, now=lambda: now).call("GetItem", {}, 5.0)

    expected = f"InvalidSignatureException (the clock of this machine is {told})" if told else raised.value.code
    assert str(raised.value) == expected


@pytest.mark.parametrize(
    "date",
    ["", "Date: yesterday", "Date: 5", "Date: Fri, 31 Dec 9999 23:59:59 -2359", f"Date: {'9' * 30} Jan 2026 00:00:00"],
)
def test_a_server_without_a_clock_says_nothing_of_ours(date: str) -> None:
    with answering("403 Forbidden", b"{}", *filter(None, [date])) as (url, _), pytest.raises(ErrorAnswer) as raised:
        at(url).call("GetItem", {}, 5.0)

    assert str(raised.value) == "403"


def test_a_redirect_is_not_followed() -> None:
    with answering("307 Moved", b"", "Location: http://127.0.0.1:9/") as (url, seen):
        with pytest.raises(ErrorAnswer) as raised:
            at(url).call("GetItem", {}, 5.0)
        assert raised.value.status == 307
        assert len(seen) == 1


def silent(_connection: socket.socket, _number: int) -> None:
    time.sleep(3)


def dripping(connection: socket.socket, _number: int) -> None:
    read_message(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(30):
        connection.sendall(b" ")
        time.sleep(0.1)


def hanging_up(connection: socket.socket, _number: int) -> None:
    read_message(connection)


@pytest.mark.alone
@pytest.mark.parametrize("answer", [silent, dripping], ids=["silent", "dripping"])
def test_all_of_a_call_is_bounded(answer: Any) -> None:
    with serving(answer) as url:
        began = time.monotonic()
        with pytest.raises(NoAnswer, match="ReadTimeout"):
            at(url).call("GetItem", {}, 0.5)
        took = time.monotonic() - began

    assert 0.45 < took < 0.8


@pytest.mark.parametrize("seconds", [0.0, -1.0])
def test_without_time_nothing_is_sent(seconds: float) -> None:
    with answering("200 OK", b"{}") as (url, seen), pytest.raises(NoAnswer):
        at(url).call("GetItem", {}, seconds)

    assert seen == []


def test_a_call_that_is_hung_up_on_is_not_made_again() -> None:
    connections: list[int] = []

    def answer(connection: socket.socket, number: int) -> None:
        connections.append(number)
        hanging_up(connection, number)

    with serving(answer) as url, pytest.raises(NoAnswer):
        at(url).call("PutItem", {}, 5.0)

    assert connections == [0]


def test_a_host_that_cannot_be_looked_up_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_thread(*_arguments: object, **_options: object) -> None:
        message = "can't start new thread"
        raise RuntimeError(message)

    monkeypatch.setattr(socket, "getaddrinfo", no_thread)

    with pytest.raises(NoAnswer, match="RuntimeError"):
        at("http://host.invalid").call("GetItem", {}, 5.0)


@contextmanager
def keeping() -> Iterator[tuple[str, list[int]]]:
    """A server that keeps connections; its address, and the number of the connection of each request."""
    seen: list[int] = []

    def answer(connection: socket.socket, number: int) -> None:
        while read_message(connection):
            seen.append(number)
            send_answer(connection, b"{}")

    with serving(answer) as url:
        yield url, seen


def test_a_connection_is_kept_but_not_for_long() -> None:
    now = [0.0]
    with keeping() as (url, seen):
        client = at(url, clock=lambda: now[0])
        for moment in (0.0, 29.0, 60.0, 89.0):
            now[0] = moment
            client.call("GetItem", {}, 5.0)

    assert seen == [0, 0, 1, 1]


def test_a_connection_that_was_idle_while_the_process_was_frozen_is_given_up() -> None:
    """Even if the monotonic clock did not go on meanwhile."""
    now = [datetime(2026, 11, 29, tzinfo=UTC)]
    with keeping() as (url, seen):
        client = at(url, clock=lambda: 5.0, now=lambda: now[0])
        for seconds in (0, 29, 31, -60):
            now[0] += timedelta(seconds=seconds)
            client.call("GetItem", {}, 5.0)

    assert seen == [0, 0, 1, 1]


def test_a_kept_connection_that_was_closed_meanwhile_loses_no_write() -> None:
    """DynamoDB closes connections that are idle; that one is gone is seen before anything is sent on it."""
    seen: list[tuple[int, bytes]] = []

    def answer(connection: socket.socket, number: int) -> None:
        seen.append((number, read_message(connection)[:4]))
        send_answer(connection, b"{}")

    with serving(answer) as url:
        client = at(url)
        for _ in range(3):
            client.call("PutItem", {}, 5.0)
            time.sleep(0.05)

    assert seen == [(0, b"POST"), (1, b"POST"), (2, b"POST")]


def test_a_failed_call_leaves_nothing_to_the_next_one() -> None:
    """An answer that came too late is not taken for that to another call."""

    def answer(connection: socket.socket, number: int) -> None:
        while read_message(connection):
            time.sleep(0.3 if number == 0 else 0)
            send_answer(connection, b'{"number": %d}' % number)

    with serving(answer) as url:
        client = at(url)
        with pytest.raises(NoAnswer):
            client.call("GetItem", {}, 0.1)
        time.sleep(0.4)
        assert client.call("GetItem", {}, 5.0) == {"number": 1}


def test_calls_at_the_same_time_have_a_connection_and_a_deadline_each() -> None:
    together, slow_came = threading.Barrier(4, timeout=5), threading.Event()

    def answer(connection: socket.socket, _number: int) -> None:
        while request := read_message(connection):
            if b'"slow"' in request:
                slow_came.set()
                time.sleep(2)
                continue
            if b'"n"' in request:
                together.wait()
            send_answer(connection, request.partition(b"\r\n\r\n")[2])

    with serving(answer) as url, ThreadPoolExecutor(5) as threads:
        client = at(url)
        client.call("GetItem", {}, 5.0)  # leaves a connection, which only one of the others may have
        slow = threads.submit(client.call, "GetItem", {"slow": True}, 0.5)
        assert slow_came.wait(5)
        found = list(threads.map(lambda number: client.call("GetItem", {"n": number}, 5.0), range(4)))
        with pytest.raises(NoAnswer):
            slow.result(timeout=1.5)

    assert found == [{"n": number} for number in range(4)]


@pytest.mark.parametrize(
    ("status", "body", "requests"),
    [
        ("500 Internal", b"{}", 2),
        ("503 Slow Down", b"", 2),
        ("400 Bad Request", b'{"__type": "ThrottlingException"}', 2),
        ("429 Too Many Requests", b"<html>", 2),
        ("200 OK", b"<html>", 2),
        ("400 Bad Request", b'{"__type": "ParameterNotFound"}', 1),
        ("403 Forbidden", b'{"__type": "AccessDeniedException"}', 1),
    ],
)
@pytest.mark.usefixtures("aws_credentials")
def test_a_read_is_made_once_more_where_that_may_help(
    status: str, body: bytes, requests: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(status, body) as (url, seen):
        monkeypatch.setenv("AWS_ENDPOINT_URL_SSM", url)
        with pytest.raises(AwsError):
            read(SSM, "GetParameter", {}, 2.0)

    assert len(seen) == requests


@pytest.mark.usefixtures("aws_credentials")
def test_a_read_that_succeeds_the_second_time_succeeds(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(connection: socket.socket, number: int) -> None:
        while read_message(connection):
            if number == 0:
                return
            send_answer(connection, b'{"a": 1}')

    with serving(answer) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SSM", url)
        assert read(SSM, "GetParameter", {}, 5.0) == {"a": 1}


@pytest.mark.alone
@pytest.mark.usefixtures("aws_credentials")
@pytest.mark.parametrize("answer", [silent, dripping], ids=["silent", "dripping"])
def test_all_of_a_read_is_bounded(answer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(answer) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SSM", url)
        began = time.monotonic()
        with pytest.raises(NoAnswer):
            read(SSM, "GetParameter", {}, 1.0)
        took = time.monotonic() - began

    assert 0.85 < took < 1.3


def test_without_credentials_the_operator_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)
    monkeypatch.setenv("AWS_REGION", "eu-central-1")

    with pytest.raises(NotConfigured, match="AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set"):
        read(SSM, "GetParameter", {}, 5.0)


@pytest.mark.usefixtures("aws_credentials")
def test_nothing_secret_is_in_a_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SESSION_TOKEN", "a-token")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")

    with pytest.raises(NoAnswer) as raised:
        AwsClient.of(SSM).call("GetParameter", {"Name": "/private"}, 5.0)

    assert re.fullmatch(r"\w+", str(raised.value))
