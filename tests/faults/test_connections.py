"""Connections: kept between questions, given up in time, and never in the caller's way when they die."""

import socket
import time
from typing import Any

import pytest

from shared.costs.ledger import Ledger
from shared.errors import DeadlineExceeded
from shared.model_host import Client, Completion
from shared.model_host.errors import Unreachable
from tests.support.asking import ask, connections, question_of, settings_for
from tests.support.runs import a_run
from tests.support.sockets import HEAD, read_message, send_answer, send_chunk, serving
from tests.support.standin import StandIn


def outcomes_of_two_questions(url: str, *, pause: float = 0.05) -> list[list[str]]:
    """What the attempts came to for two questions of one warm process."""
    client = Client.of(settings_for(url), sleep=lambda _seconds: None)
    outcomes = []
    for number in range(2):
        ledger = Ledger("generate_artifact", f"r-{number}", lambda *_: None)
        client.complete(question_of(f"Notes {number}"), a_run(5, ledger=ledger))
        assert len(connections(client)) <= 1
        outcomes.append([attempt.outcome for attempt in ledger.attempts])
        time.sleep(pause)
    client.close()
    return outcomes


def test_the_connection_is_kept_for_the_next_question() -> None:
    seen: list[int] = []

    def answer(connection: socket.socket, number: int) -> None:
        while read_message(connection):
            seen.append(number)
            send_answer(connection)

    with serving(answer) as url:
        assert outcomes_of_two_questions(url) == [["ok"], ["ok"]]
    assert seen == [0, 0]


def test_a_stream_read_to_its_end_leaves_a_connection_to_keep(host: StandIn) -> None:
    client = Client.of(settings_for(host.url))
    for number in range(2):
        ledger = Ledger("generate_artifact", "r-1", lambda *_: None)
        client.complete(question_of(f"Notes {number}"), a_run(5, ledger=ledger))
        assert [connection.is_idle() for connection in connections(client)] == [True]
    client.close()


def test_a_kept_connection_that_the_host_closed_is_not_noticed() -> None:
    def answer(connection: socket.socket, _number: int) -> None:
        read_message(connection)
        send_answer(connection)

    with serving(answer) as url:
        assert outcomes_of_two_questions(url) == [["ok"], ["ok"]]


def test_a_kept_connection_that_dies_under_the_question_is_not_seen_by_the_caller() -> None:
    """The host closes just as it is asked: nobody can know whether it began, so the attempt stays on the books."""

    def answer(connection: socket.socket, number: int) -> None:
        read_message(connection)
        send_answer(connection)
        if number == 0:
            read_message(connection)
            return
        read_message(connection)

    with serving(answer) as url:
        assert outcomes_of_two_questions(url) == [["ok"], ["upstream_error", "ok"]]


def test_a_kept_connection_that_a_gateway_forgot_is_given_up_after_seconds(host: StandIn) -> None:
    """Nothing comes back on it, not even a reset: the system gives up what is not acknowledged."""
    client = Client.of(settings_for(host.url))
    client.complete(question_of("Notes"), a_run(5))

    (kept,) = connections(client)
    kept_socket: socket.socket = kept._connection._network_stream.get_extra_info("socket")
    assert kept_socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 20_000
    assert kept_socket.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
    client.close()


def test_a_host_that_goes_on_behind_its_answer_holds_nobody_up() -> None:
    body = b'data: {"choices":[{"delta":{"content":"hi"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'

    def answer(connection: socket.socket, _number: int) -> None:
        read_message(connection)
        connection.sendall(HEAD)
        send_chunk(connection, body)
        while True:
            send_chunk(connection, b": more\n\n")
            time.sleep(0.1)

    with serving(answer) as url:
        outcome = ask(url, "Notes")

    assert isinstance(outcome.result, Completion)
    assert [call["outcome"] for call in outcome.calls] == ["ok"]
    assert outcome.seconds < 2.0


@pytest.mark.parametrize("pause", [60.0, 0.01], ids=["reads-nothing", "reads-a-little"])
def test_a_host_that_does_not_read_the_question_is_given_up(pause: float) -> None:
    def answer(connection: socket.socket, _number: int) -> None:
        while connection.recv(100):
            time.sleep(pause)

    with serving(answer) as url:
        outcome = ask(url, "x" * 20_000_000, seconds=1.5)

    assert isinstance(outcome.result, DeadlineExceeded)
    assert 1.3 < outcome.seconds < 2.0


@pytest.mark.alone
def test_a_name_that_nobody_looks_up_in_time_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(*_arguments: Any, **_options: Any) -> list[Any]:
        time.sleep(5)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    outcome = ask("http://host.invalid", "Notes", seconds=1.5)

    assert isinstance(outcome.result, DeadlineExceeded)
    assert outcome.seconds < 1.9
    assert (outcome.cost["cost_source"], outcome.cost["cost_usd"]) == ("none", 0)


def test_a_name_that_is_not_known_is_a_host_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: Any, **_options: Any) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)

    assert isinstance(ask("http://host.invalid", "Notes").result, Unreachable)


def resolve_to(monkeypatch: pytest.MonkeyPatch, addresses: list[str]) -> None:
    """Make every name stand for these addresses; an address still stands for itself."""
    real = socket.getaddrinfo

    def found(host: str, port: int, *arguments: Any, **options: Any) -> Any:
        names = addresses if host == "host.invalid" else [host]
        return [entry for name in names for entry in real(name, port, *arguments, **options)]

    monkeypatch.setattr(socket, "getaddrinfo", found)


def test_the_next_address_is_tried_where_one_refuses(host: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    resolve_to(monkeypatch, ["127.0.0.77", "127.0.0.1"])

    outcome = ask(host.url.replace("127.0.0.1", "host.invalid"), "Notes")

    assert [call["outcome"] for call in outcome.calls] == ["ok"]


@pytest.mark.alone
def test_addresses_that_swallow_everything_share_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """A full queue of a listening socket drops every further connection, as a firewall does."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        address = full.getsockname()
        fillers = [socket.socket() for _ in range(3)]
        for filler in fillers:
            filler.settimeout(0)
            filler.connect_ex(address)
        resolve_to(monkeypatch, ["127.0.0.1"] * 3)
        outcome = ask(f"http://host.invalid:{address[1]}", "Notes", seconds=1.5)
        for filler in fillers:
            filler.close()

    assert isinstance(outcome.result, DeadlineExceeded)
    assert 1.3 < outcome.seconds < 1.9
    assert outcome.cost["cost_source"] == "none"
