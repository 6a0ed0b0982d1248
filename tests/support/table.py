"""The guard's table as a process of moto's, and a proxy before it that breaks on demand."""

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3  # type: ignore[import-untyped]
from botocore.config import Config  # type: ignore[import-untyped]

from local.emulator.guard_table import NAME, credentials
from shared.aws import DYNAMODB
from shared.aws.access import Access
from shared.deadline import Clock
from shared.guard.dynamodb import Store
from shared.guard.table import Table
from shared.run import Caller, Run
from tests.support.aws import connect
from tests.support.processes import serving_process
from tests.support.runs import a_run
from tests.support.sockets import read_message, send_answer, serving

THROTTLED = b'{"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException","message":"less"}'
CONFLICT = THROTTLED.replace(b"ProvisionedThroughputExceeded", b"TransactionConflict")


@contextmanager
def dynamodb() -> Iterator[str]:
    """DynamoDB with the guard's table; its address is given."""
    with serving_process("local.emulator.guard_table") as (address, _):
        yield address


def client(address: str) -> Any:
    """AWS's own client of the table at this address, which makes each call once, and any number of them at a time."""
    known = credentials(address)
    return boto3.client(
        "dynamodb",
        endpoint_url=address,
        region_name=known["AWS_REGION"],
        aws_access_key_id=known["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=known["AWS_SECRET_ACCESS_KEY"],
        config=Config(retries={"total_max_attempts": 1}, max_pool_connections=200),
    )


def store(address: str, *, clock: Clock = time.monotonic, **seams: Any) -> Store:
    """The guard's own client of the table at this address."""
    access = Access.to(DYNAMODB, credentials(address))
    return Store(lambda: connect(DYNAMODB, access, clock=clock), clock=clock, **seams)


def table(address: str, **seams: Any) -> Table:
    """The guard's table at this address."""
    return Table(NAME, store(address, **seams))


def crowded_table(address: str) -> Table:
    """The same for very many threads of one process, which wait for each other more than for the table."""
    return table(address, call_seconds=20)


def items(address: str) -> dict[str, dict[str, Any]]:
    """What is in the table, by key."""
    found = client(address).scan(TableName=NAME)["Items"]
    return {item["pk"]["S"]: {name: next(iter(value.values())) for name, value in item.items()} for item in found}


def amounts(address: str) -> dict[str, int]:
    """The counters in the table, by the first words of their keys."""
    return {key: int(item["amount"]) for key, item in items(address).items() if "amount" in item}


def forget(address: str) -> None:
    """Empty the table."""
    for key in items(address):
        client(address).delete_item(TableName=NAME, Key={"pk": {"S": key}})


def run(
    caller: str = "ann",
    *,
    guest: bool = False,
    seconds: float = 10.0,
    request_id: str = "r-1",
    function: str = "generate_artifact",
    reports: list[str] | None = None,
) -> Run:
    """A request of a caller's."""
    said: list[str] = [] if reports is None else reports
    who = Caller(caller, is_guest=guest)
    return a_run(seconds, request_id=request_id, function=function, caller=who, report=said.append)


class Proxy:
    """Passes requests on to a table, but for those that it has a plan for.

    `pass` does so; `throttle` and `conflict` answer as a table without capacity, and as an item in a transaction;

    `drop` passes the request on and loses the answer; `late` keeps it for longer than anybody waits; `drip` sends it a
    byte at a time; `garbage` answers what no DynamoDB would; `choke` passes it on and answers what is no text; `error`
    answers 500.
    """

    def __init__(self, upstream: str) -> None:
        host, _, port = upstream.removeprefix("http://").partition(":")
        self._upstream = (host, int(port))
        self._lock = threading.Lock()
        self.url = ""
        self.plan: list[str] = []
        self.always = "pass"
        self.seen: list[str] = []

    @contextmanager
    def running(self) -> Iterator["Proxy"]:
        with serving(self._answer) as self.url:
            yield self

    def _answer(self, connection: socket.socket, _number: int) -> None:
        while request := read_message(connection):
            with self._lock:
                how = self.plan.pop(0) if self.plan else self.always
                self.seen.append(_operation(request))
            if how in {"throttle", "conflict"}:
                send_error(connection, THROTTLED if how == "throttle" else CONFLICT)
                continue
            if how == "garbage":
                send_answer(connection, b"<html>hello</html>", "text/html")
                continue
            answer = self._pass_on(request)
            if how == "drop":
                return
            if how == "choke":
                send_answer(connection, b"\xff", "application/x-amz-json-1.0")
                continue
            if how == "error":
                send_error(connection, b'{"__type":"InternalServerError"}', b"500 Internal Server Error")
                continue
            if how == "late":
                time.sleep(4)
            for part in [answer] if how != "drip" else [answer[at : at + 1] for at in range(len(answer))]:
                connection.sendall(part)
                time.sleep(0.3 if how == "drip" else 0)

    def _pass_on(self, request: bytes) -> bytes:
        with socket.create_connection(self._upstream) as upstream:
            upstream.sendall(request)
            return read_message(upstream)


def send_error(connection: socket.socket, body: bytes, status: bytes = b"400 Bad Request") -> None:
    """Answer an error as DynamoDB would."""
    head = b"HTTP/1.1 %b\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: %d\r\n\r\n"
    connection.sendall(head % (status, len(body)) + body)


def _operation(request: bytes) -> str:
    found = re.search(rb"x-amz-target: *DynamoDB_20120810\.(\w+)", request, re.IGNORECASE)
    return found[1].decode() if found else "?"
