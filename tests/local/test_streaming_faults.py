"""What goes wrong while an answer streams: processes that die, and callers that go away or read slowly."""

import json
import os
import re
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.local.bundle import at, running_bundle
from tests.local.emulator import Emulator, wait_for
from tests.local.streams import (
    CALLED,
    ENDED,
    FINAL,
    GENERATE,
    GENERATE_FIX,
    LIST,
    Stream,
    at_once,
    costs,
    messages_of,
    process_of,
    read_stream,
    silent,
    streaming,
)
from tests.local.test_guard import guarded
from tests.local.test_system import FIX
from tests.support.standin import StandIn, standin

LONG_COMPONENT = (
    "export default function App() {\n  return (\n    <ul>\n"
    + "".join(f"      <li>{{[1, {n}].map((m) => <b key={{m}}>{{m}}</b>)}}</li>\n" for n in range(850))
    + "    </ul>\n  );\n}\n"
)
"""So long that its check takes half a second."""
LONG_FIX = {"content": LONG_COMPONENT, "type": "react", "errorMessage": '[[edit from="[1, 7]" to="[1, 77]"]]'}
FACES = "<p>" + "\N{GRINNING FACE}" * 60 + "</p>\n"
BIG_PAGE = "<!DOCTYPE html>\n<html><head><title>A</title></head><body>\n" + FACES * 700 + "</body></html>\n"
"""Each of its faces takes twelve bytes of JSON: an answer with it does not fit into the buffers of a connection."""
BIG_FIX = {"content": BIG_PAGE, "type": "html", "errorMessage": '[[edit from="<title>A<" to="<title>B<"]]'}


@pytest.fixture(scope="module")
def natural() -> Iterator[StandIn]:
    """A stand-in that takes its time: nearly a second for every beginning."""
    with standin("--pace", "natural") as running:
        yield running


class Held(NamedTuple):
    """A request that stays in one phase for long enough to be caught there."""

    host: str
    order: dict[str, Any]
    before: list[str]
    """What is in the log when it is there."""
    seconds: float
    """A time-out that comes after that."""
    route: str = GENERATE


HELD = {
    "thinking": Held("instant", {"prompt": "A list [[fault keepalive]]"}, [CALLED], 1.5),
    "writing": Held("instant", {"prompt": "A list [[fault stall]]", "artifactType": "svg"}, [CALLED], 1.5),
    "checking": Held("instant", LONG_FIX, [CALLED, ENDED], 2.5, GENERATE_FIX),
    "repairing": Held(
        "natural", {"prompt": "A list [[fault invalid times=1]]", "artifactType": "svg"}, [CALLED, ENDED, CALLED], 3.5
    ),
    "retrying": Held(
        "natural", {"prompt": "A list [[fault status code=503 hint=0 times=1]]"}, [CALLED, ENDED, CALLED], 2.5
    ),
}


FOLLOWING = {GENERATE: {"prompt": "Another list", "artifactType": "svg"}, GENERATE_FIX: FIX}


@pytest.fixture(scope="module")
def hosts(host: StandIn, natural: StandIn) -> dict[str, StandIn]:
    return {"instant": host, "natural": natural}


@pytest.fixture(scope="module")
def crashing(hosts: dict[str, StandIn], tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Emulator]]:
    """The bundle at either host, with one process for each function."""
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(running_bundle(tmp_path_factory.mktemp(name), **at(host), LOCAL_CONCURRENCY="1"))
            for name, host in hosts.items()
        }


def signalled_in(phase: str, running: Emulator, number: signal.Signals) -> tuple[Stream, float]:
    """A stream whose process got this signal in this phase, and how many seconds after it the stream ended."""
    held = HELD[phase]
    # The stand-in counts by prompt how often it has failed; what is killed may not have asked it once more.
    order = {name: text.replace("A list", f"A list for {number.name}") for name, text in held.order.items()}
    victim = process_of(running, held.route.replace("-", "_"))
    at = None
    with streaming(running, order, held.route) as stream:
        for name, data in stream:
            if at is None and name == "status" and data["phase"] == phase:
                wait_for(lambda: messages_of(running, stream.request_id) == held.before)
                os.kill(victim, number)
                at = time.monotonic()
    assert at is not None, f"it was in {stream.phases}"
    return stream, time.monotonic() - at


def check_broken_off(stream: Stream, phase: str, running: Emulator, how: str) -> None:
    """It ends without a final event; the log has what was under way, and the next request is served."""
    assert (stream.status, stream.phases[-1]) == (200, phase)
    assert not [name for name, _ in stream.came if name in FINAL]
    said = f"a process {how} (request {stream.request_id})"
    wait_for(lambda: said in running.stderr)
    assert "Traceback" not in running.stderr, "that is all there is to say of it"
    following = read_stream(running, FOLLOWING[route := HELD[phase].route], route)
    assert following.came[-1][0] == ("artifact" if route == GENERATE else "fix")
    assert len(costs(running, following.request_id)) == 1
    assert messages_of(running, stream.request_id) == HELD[phase].before


@pytest.mark.alone
@pytest.mark.parametrize("phase", HELD)
def test_a_crash_ends_the_stream_without_a_final_event(crashing: dict[str, Emulator], phase: str) -> None:
    running = crashing[HELD[phase].host]
    stream, seconds = signalled_in(phase, running, signal.SIGKILL)

    check_broken_off(stream, phase, running, "was ended by SIGKILL")
    assert seconds < 0.5


class TimedOut(NamedTuple):
    running: Emulator
    stream: Stream
    seconds: float


@pytest.fixture(scope="module")
def timed_out(hosts: dict[str, StandIn], tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, TimedOut]]:
    """What came of a process that hangs in each phase, all at once, as this is nothing but waiting.

    A process has to hang to get there, as any other ends before it: so it is stopped.
    """

    def hang(phase: str, running: Emulator) -> TimedOut:
        began = time.monotonic()
        stream, _ = signalled_in(phase, running, signal.SIGSTOP)
        return TimedOut(running, stream, time.monotonic() - began)

    def bundle(phase: str, held: Held) -> AbstractContextManager[Emulator]:
        limits = {"LOCAL_CONCURRENCY": "1", "FUNCTION_TIMEOUT_SECONDS": str(held.seconds)}
        return running_bundle(tmp_path_factory.mktemp(phase), **at(hosts[held.host]), **limits)

    with ExitStack() as stack:
        bundles = {phase: stack.enter_context(bundle(phase, held)) for phase, held in HELD.items()}
        yield dict(zip(HELD, at_once([partial(hang, *each) for each in bundles.items()]), strict=True))


@pytest.mark.alone
@pytest.mark.parametrize("phase", HELD)
def test_a_time_out_ends_the_stream_without_a_final_event(timed_out: dict[str, TimedOut], phase: str) -> None:
    running, stream, seconds = timed_out[phase]

    limit = HELD[phase].seconds
    check_broken_off(stream, phase, running, f"ran out of time after {limit:g} s and was killed")
    assert limit - 0.1 < seconds < limit + 0.5


@pytest.mark.alone
def test_a_deadline_in_mid_stream_is_a_final_event(host: StandIn, tmp_path: Path) -> None:
    """The function itself ends in time to say so."""
    with running_bundle(tmp_path, **at(host), FUNCTION_TIMEOUT_SECONDS="1.5") as running:
        began = time.monotonic()
        stream = read_stream(running, HELD["writing"].order)
        took = time.monotonic() - began

        name, body = stream.came[-1]
        assert (name, body["code"]) == ("error", "deadline_exceeded")
        assert 0.9 < took < 1.5
        (cost,) = costs(running, stream.request_id)
        assert (cost["outcome"], cost["status"], cost["attempts"]) == ("deadline_exceeded", 504, 1)


@pytest.mark.alone
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP], ids=["crash", "time-out"])
def test_before_the_first_event_it_is_502_as_ever(host: StandIn, tmp_path: Path, number: signal.Signals) -> None:
    """The guard's table does not answer, so the request is not admitted yet when its process dies."""
    settings = {"LOCAL_CONCURRENCY": "1", "FUNCTION_TIMEOUT_SECONDS": "3", "ENABLE_GUARD": "true"}
    with running_bundle(tmp_path, **at(host), **settings) as running, ThreadPoolExecutor(1) as threads:
        read_stream(running, LIST)
        (table,) = running.children("local.emulator.guard_table")
        victim = process_of(running)
        os.kill(table, signal.SIGSTOP)
        accept = {"Accept": "text/event-stream"}
        answer = threads.submit(running.request, "POST", f"/{GENERATE}", json=LIST, headers=accept)
        time.sleep(0.3)
        os.kill(victim, number)

        assert (answer.result().status_code, answer.result().text) == (502, "Internal Server Error")
        os.kill(table, signal.SIGCONT)
        assert read_stream(running, LIST).came[-1][0] == "artifact"


@pytest.mark.alone
def test_a_caller_that_goes_away_finds_the_answer_with_its_key(natural: StandIn, tmp_path: Path) -> None:
    """The function is not told and goes on; a caller that comes back pays nothing more."""
    with guarded(natural, tmp_path) as running, ExitStack() as stack:
        with streaming(running, LIST, key="mine") as stream:
            next(name for name, _ in stream if name == "delta")
            stack.enter_context(silent(natural))
        assert messages_of(running, stream.request_id) == [CALLED], "it is still at work"
        stack.close()
        (cost,) = costs(running, stream.request_id)
        again = read_stream(running, LIST, key="mine")
        plain = running.request("POST", f"/{GENERATE}", json=LIST, headers={"Idempotency-Key": "mine"})

        assert (cost["outcome"], cost["status"], cost["attempts"]) == ("ok", 200, 1)
        assert messages_of(running, stream.request_id) == [CALLED, ENDED, "cost"]
        assert [name for name, _ in again.came] == ["artifact"]
        assert again.headers["idempotent-replayed"] == plain.headers["idempotent-replayed"] == "true"
        result = again.came[-1][1]
        assert result["requestId"] == again.request_id != stream.request_id
        assert result | {"requestId": ""} == plain.json() | {"requestId": ""}
        assert result["artifact"]["code"].startswith(stream.code.strip())
        assert [row["finished"] for row in natural.ledger()["calls"]] == [True]
        assert [costs(running, each)[0]["attempts"] for each in (again.request_id, plain.json()["requestId"])] == [0, 0]


def ask_by_socket(running: Emulator, route: str, order: dict[str, Any]) -> socket.socket:
    """Ask for a stream over a connection that holds little of an answer which is not read."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)  # or the sender gets a buffer of megabytes
    connection.settimeout(20)
    connection.connect(("127.0.0.1", int(running.url.rpartition(":")[2])))
    body = json.dumps(order).encode()
    head = (
        f"POST /{route} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAccept: text/event-stream\r\n"
    )
    connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    return connection


def test_a_slow_reader_does_not_hold_the_function_back(host: StandIn, tmp_path: Path) -> None:
    """Its one process ends the work and serves others, while hardly anything of the answer is read."""
    with (
        running_bundle(tmp_path, **at(host), LOCAL_CONCURRENCY="1", EDITS_FROM_LINES="1000000") as running,
        ask_by_socket(running, GENERATE_FIX, BIG_FIX) as connection,
    ):
        begun = connection.recv(1024).decode()
        found = re.search(r"(?i)^x-request-id: (\S+)", begun, re.MULTILINE)
        assert found
        (cost,) = costs(running, found[1])
        meanwhile = read_stream(running, FIX, GENERATE_FIX)
        rest = b""
        while not rest.endswith(b"0\r\n\r\n"):
            rest += connection.recv(65_536)

    assert cost["outcome"] == "ok"
    assert meanwhile.came[-1][0] == "fix"
    assert len(rest) > 1_000_000
    assert rest.count(b"event: fix\n") == 1


@pytest.mark.alone
def test_two_streams_at_once_do_not_mix(natural: StandIn, tmp_path: Path) -> None:
    """Each in a process of its own, and at the same time."""
    orders = [{"prompt": "A list", "artifactType": "react"}, {"prompt": "About the sea", "artifactType": "html"}]
    spans: list[tuple[float, float]] = []

    def follow(order: dict[str, Any]) -> Stream:
        with streaming(running, order) as stream:
            times = [time.monotonic() for _ in stream]
        spans.append((times[0], times[-1]))
        return stream

    with running_bundle(tmp_path, **at(natural), LOCAL_CONCURRENCY="2") as running:
        at_once([partial(read_stream, running, LIST)] * 2)  # both processes are up
        streams = at_once([partial(follow, order) for order in orders])

    (first_began, first_ended), (second_began, second_ended) = spans
    assert max(first_began, second_began) < min(first_ended, second_ended)
    for stream, order in zip(streams, orders, strict=True):
        name, body = stream.came[-1]
        assert (name, body["artifact"]["type"]) == ("artifact", order["artifactType"])
        assert body["requestId"] == stream.request_id
        assert stream.code.strip() == body["artifact"]["code"].strip()
    assert streams[0].request_id != streams[1].request_id
