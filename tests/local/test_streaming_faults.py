"""What goes wrong while an answer streams: processes that die, callers and a platform that go away, and crowds."""

import json
import os
import random
import re
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from local.emulator.functions import read_functions
from local.emulator.settings import Settings
from tests.local.bundle import at, check_bill, lines, lines_of, running_bundle
from tests.local.emulator import ROOT, Emulator, wait_for
from tests.local.streams import FINAL, Stream, read_stream, streaming
from tests.local.test_guard import guarded
from tests.local.test_system import FAULTS, FIX
from tests.support.sockets import HEAD, read_json, read_message, send_chunk, serving
from tests.support.standin import StandIn, standin

GENERATE, GENERATE_FIX = "generate-artifact", "generate-artifact-fix"
LIST = {"prompt": "A list", "artifactType": "svg"}
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


@contextmanager
def silent(host: StandIn) -> Iterator[None]:
    """Have the host say nothing meanwhile."""
    os.kill(host.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(host.pid, signal.SIGCONT)


def process_of(running: Emulator, function: str = "generate_artifact") -> int:
    """The one process that a function has."""
    (process,) = [pid for pid in running.children() if Path(f"/proc/{pid}/cwd").readlink().name == function]
    return process


def messages_of(running: Emulator, request_id: str) -> list[str]:
    return [line["message"] for line in lines(running) if line.get("request_id") == request_id]


def costs(running: Emulator, request_id: str) -> list[dict[str, Any]]:
    found = lines_of(running, request_id)
    return [line for line in found if line["message"] == "cost"]


def at_once(tasks: list[Callable[[], Any]]) -> list[Any]:
    """What came of these tasks, each in a thread of its own, and all of them begun at one moment."""
    gate = threading.Barrier(len(tasks))

    def run(task: Callable[[], Any]) -> Any:
        gate.wait()
        return task()

    with ThreadPoolExecutor(len(tasks)) as threads:
        return list(threads.map(run, tasks))


# --- processes that die ---


class Held(NamedTuple):
    """A request that stays in one phase for long enough to be caught there."""

    host: str
    order: dict[str, Any]
    before: list[str]
    """What is in the log when it is there."""
    seconds: float
    """A time-out that comes after that."""
    route: str = GENERATE


CALLED, ENDED = "attempt_started", "attempt"
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
                wait_for(lambda: messages_of(running, stream.request_id) == held.before, 2)
                os.kill(victim, number)
                at = time.monotonic()
    assert at is not None, f"it was in {stream.phases}"
    return stream, time.monotonic() - at


def check_broken_off(stream: Stream, phase: str, running: Emulator, how: str) -> None:
    """It ends without a final event; the log has what was under way, and the next request is served."""
    assert (stream.status, stream.phases[-1]) == (200, phase)
    assert not [name for name, _ in stream.came if name in FINAL]
    said = f"a process {how} (request {stream.request_id})"
    wait_for(lambda: said in running.stderr, 2)
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


# --- callers that go away, and such as are slow ---


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
        running_bundle(tmp_path, **at(host), LOCAL_CONCURRENCY="1") as running,
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


# --- a platform that takes no more of the answer ---


@dataclass
class Platform:
    """A Runtime API that hands one event over and closes the connection when some of the answer has come."""

    event: bytes
    abrupt: bool
    handed: bool = False
    closed_at: float = 0.0
    came: bytes = b""

    def answer(self, connection: socket.socket, _number: int) -> None:
        message = read_message(connection)
        if message.startswith(b"GET") and self.handed:
            connection.recv(1)  # no further event
        elif message.startswith(b"GET"):
            self.handed = True
            deadline = int(time.time() * 1000) + 60_000
            head = (
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nLambda-Runtime-Aws-Request-Id: r-1\r\n"
                f"Lambda-Runtime-Deadline-Ms: {deadline}\r\nContent-Length: {len(self.event)}\r\n\r\n"
            )
            connection.sendall(head.encode() + self.event)
        else:
            self.came += message
            while b"event: status" not in self.came:
                self.came += connection.recv(65_536)
            if self.abrupt:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.closed_at = time.monotonic()


@dataclass
class EndlessHost:
    """A model host that sends one thing for ever, and notes when it is left."""

    piece: bytes
    calls: int = 0
    began_at: float = 0.0
    left_at: float = 0.0
    left: threading.Event = field(default_factory=threading.Event)

    def answer(self, connection: socket.socket, _number: int) -> None:
        while read_json(connection) is not None:
            self.calls += 1
            try:
                connection.sendall(HEAD)
                self.began_at = time.monotonic()
                while True:
                    send_chunk(connection, self.piece)
                    time.sleep(0.05)
            except OSError:
                self.left_at = time.monotonic()
                self.left.set()
                return


def delta(**fields: str) -> bytes:
    return b"data: %b\n\n" % json.dumps({"choices": [{"delta": fields}]}).encode()


HEARTBEAT_SECONDS = 5.0
"""Of what is sent while there is nothing to tell: only a write finds out that nobody is there."""
ENDLESS = {
    "reasoning": (delta(reasoning="Hm. "), HEARTBEAT_SECONDS),
    "comments": (b": OPENROUTER PROCESSING\n\n", HEARTBEAT_SECONDS),
    "content": (delta(content='<artifact type="text/html" title="A">\n<p>More</p>\n'), 0.0),
}


@pytest.mark.alone
def test_a_platform_that_takes_no_more_ends_the_call_to_the_host(tmp_path: Path) -> None:
    """Whatever the host goes on sending: nobody waits for it, and it would be paid for."""
    with ThreadPoolExecutor(len(ENDLESS)) as threads:
        for done in [threads.submit(check_given_up, each, tmp_path) for each in ENDLESS]:
            done.result()


def check_given_up(what: str, folder: Path) -> None:
    piece, silence = ENDLESS[what]
    event = json.loads((ROOT / "events/generate_artifact/200-html.json").read_text())
    event["headers"]["accept"] = "text/event-stream"
    platform = Platform(json.dumps(event).encode(), abrupt=what != "content")
    host = EndlessHost(piece)
    with serving(platform.answer) as runtime_api, serving(host.answer) as url:
        settings = Settings.load(folder, {"OPENROUTER_K2T_KEY": "sk-test", "OPENROUTER_BASE_URL": url})
        function = read_functions(ROOT / "template.yaml", settings.for_functions)[0]
        environment = {**function.environment, "AWS_LAMBDA_RUNTIME_API": runtime_api.removeprefix("http://")}
        with subprocess.Popen(
            [sys.executable, *function.runtime], cwd=function.code, env=environment, stdout=subprocess.PIPE, text=True
        ) as process:
            try:
                assert host.left.wait(20)
                out, _ = process.communicate(timeout=5)
            finally:
                process.kill()

    written = [line for text in out.splitlines() if (line := json.loads(text))["message"] != "metrics"]
    assert b"text/event-stream" in platform.came
    assert host.calls == 1, "it is not tried again"
    assert 0 < host.left_at - max(host.began_at, platform.closed_at) < silence + 1.0
    assert process.returncode == 1, "a new process has to serve what follows"
    assert Counter(line["message"] for line in written) == {CALLED: 1, ENDED: 1, "cost": 1, "runtime_error": 1}
    (cost,) = [line for line in written if line["message"] == "cost"]
    assert (cost["outcome"], cost["status"], cost["request_id"]) == ("client_gone", 499, "r-1")
    assert (cost["attempts"], cost["cost_source"]) == (1, "unknown")


# --- crowds ---


def orders_of_a_crowd(count: int, seed: int) -> list[tuple[str, dict[str, Any]]]:
    """Good requests and such as meet a fault, half of each; a third of them fixes."""
    mix = random.Random(seed)  # noqa: S311 - no secret
    faults = [mix.choice([*FAULTS, *[None] * len(FAULTS)]) for _ in range(count)]
    directives = [f"Number {number}" + (f" [[fault {fault}]]" if fault else "") for number, fault in enumerate(faults)]
    return [
        (GENERATE, {"prompt": said}) if number % 3 else (GENERATE_FIX, FIX | {"errorMessage": said})
        for number, said in enumerate(directives)
    ]


@pytest.fixture(scope="module")
def crowded(host: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with running_bundle(tmp_path_factory.mktemp("crowded"), **at(host), LOCAL_CONCURRENCY="16") as running:
        yield running


def written_by_a_crowd(running: Emulator, request_ids: list[str]) -> list[dict[str, Any]]:
    """The log of these requests, once each has its cost line; that is one line each."""

    def found() -> list[dict[str, Any]]:
        return [line for line in lines(running) if line.get("request_id") in request_ids]

    wait_for(lambda: sum(line["message"] == "cost" for line in found()) >= len(request_ids))
    written = found()
    assert Counter(line["request_id"] for line in written if line["message"] == "cost") == Counter(request_ids)
    return written


@pytest.mark.alone
def test_200_streams_at_once_all_end_in_an_event_and_one_cost_line(host: StandIn, crowded: Emulator) -> None:
    host.forget()
    orders = orders_of_a_crowd(200, seed=7)
    streams = at_once([partial(read_stream, crowded, body, route) for route, body in orders])
    written = written_by_a_crowd(crowded, [stream.request_id for stream in streams])

    check_bill(written, host.ledger())
    cost = {line["request_id"]: line for line in written if line["message"] == "cost"}
    for stream, (route, _) in zip(streams, orders, strict=True):
        name, body = stream.came[-1]
        line = cost[stream.request_id]
        assert (name == "error") is (line["outcome"] != "ok") is (body["success"] is False)
        assert name in {"error", "artifact" if route == GENERATE else "fix"}
        assert body["requestId"] == stream.request_id
        assert line["function"] == route.replace("-", "_")
        assert body.get("code", "ok") == line["outcome"]
    names = Counter(stream.came[-1][0] for stream in streams)
    assert names.total() == 200
    assert min(names["error"], names["artifact"], names["fix"]) > 20


@pytest.mark.alone
def test_callers_that_stream_and_such_as_do_not_get_along(host: StandIn, crowded: Emulator) -> None:
    """Refused requests among them, whose answer is the status and the JSON that it always was."""
    host.forget()
    orders = [*orders_of_a_crowd(98, seed=11), (GENERATE, {"prompt": ""}), (GENERATE_FIX, {"content": "x"})]

    def ask(number: int) -> tuple[str, dict[str, Any]]:
        route, body = orders[number]
        if number % 2 and number < 98:
            stream = read_stream(crowded, body, route)
            return stream.request_id, stream.came[-1][1]
        accept = {"Accept": "text/event-stream"} if number >= 98 else {}
        answer = crowded.request("POST", f"/{route}", json=body, headers=accept, timeout=60)
        assert answer.headers["content-type"] == "application/json"
        assert (answer.status_code == 200) is answer.json()["success"]
        assert number < 98 or answer.status_code == 400
        return answer.headers["x-request-id"], answer.json()

    answers = at_once([partial(ask, number) for number in range(100)])
    written = written_by_a_crowd(crowded, [request_id for request_id, _ in answers])

    check_bill(written, host.ledger())
    assert all(body["requestId"] == request_id for request_id, body in answers)
    assert (
        {body["success"] for _, body in answers[::2]} == {body["success"] for _, body in answers[1::2]} == {True, False}
    )


# --- work in the background ---


def prefer(running: Emulator, order: dict[str, Any], key: str) -> httpx.Response:
    """Ask to be let go at once; or for what came of it."""
    headers = {"Prefer": "respond-async", "Idempotency-Key": key}
    return running.request("POST", f"/{GENERATE}", json=order, headers=headers)


def accepted(running: Emulator, order: dict[str, Any], key: str) -> str:
    """Have a request accepted, at once; its id is returned."""
    answer = prefer(running, order, key)
    assert answer.elapsed.total_seconds() < 2
    assert (answer.status_code, answer.json()["accepted"], answer.json()["idempotencyKey"]) == (202, True, key)
    assert answer.headers["preference-applied"] == "respond-async"
    return str(answer.headers["x-request-id"])


def settled(running: Emulator, order: dict[str, Any], key: str) -> tuple[httpx.Response, int]:
    """Ask again and again until there is an answer; how often there was none yet is returned with it."""
    waited = 0
    while (answer := prefer(running, order, key)).status_code == 409:
        check_in_progress(answer)
        waited += 1
        time.sleep(0.1)
    return answer, waited


def check_in_progress(answer: httpx.Response) -> None:
    assert (answer.status_code, answer.json()["code"]) == (409, "request_in_progress")
    assert 1 <= int(answer.headers["retry-after"]) <= 10


@pytest.mark.alone
@pytest.mark.parametrize(
    ("directive", "status", "outcome"),
    [("", 200, "ok"), (" [[fault refusal]]", 422, "refused"), (" [[fault status code=503 hint=0 times=9]]", 503, "")],
    ids=["good", "refused", "host-down"],
)
def test_what_comes_of_work_in_the_background_is_there_for_who_asks(
    host: StandIn, tmp_path: Path, directive: str, status: int, outcome: str
) -> None:
    """A failure as well, once: else who asks for the result of what failed would have it done and paid for again."""
    order = LIST | {"prompt": f"A list{directive}"}
    with guarded(host, tmp_path, MAX_ATTEMPTS="2") as running:
        with silent(host):
            request_id = accepted(running, order, "later")
            for _ in range(2):
                check_in_progress(prefer(running, order, "later"))
            begun = messages_of(running, request_id)
        answer, waited = settled(running, order, "later")
        calls = len(host.ledger()["calls"])
        replays = [answer.json()]
        if status == 200:
            plain = running.request("POST", f"/{GENERATE}", json=order, headers={"Idempotency-Key": "later"})
            stream = read_stream(running, order, key="later")
            assert {each.headers["idempotent-replayed"] for each in (plain, stream)} == {"true"}
            replays += [plain.json(), stream.came[-1][1]]

        assert begun == [CALLED], "the work is not done"
        assert (answer.status_code, answer.headers["idempotent-replayed"]) == (status, "true")
        assert len({json.dumps(each | {"requestId": ""}, sort_keys=True) for each in replays}) == 1
        (cost,) = costs(running, request_id)
        assert (cost["status"], cost["outcome"]) == (status, outcome or replays[0]["code"])
        assert calls == len(host.ledger()["calls"]) == cost["attempts"] > 0
        all_costs = [line for line in lines(running) if line["message"] == "cost"]
        assert sum(line["attempts"] for line in all_costs) == calls
        assert sum(line["cost_nano_usd"] or 0 for line in all_costs) == cost["cost_nano_usd"]
        assert Counter(line["replayed"] for line in all_costs) == {True: len(replays), False: 1 + 2 + waited}


@pytest.mark.alone
def test_what_dies_in_the_background_is_served_anew_when_its_claim_has_expired(host: StandIn, tmp_path: Path) -> None:
    """Time-out and five seconds; what has to be waited for is what `Retry-After` says."""
    order = LIST | {"prompt": "A list [[fault keepalive times=1]]"}
    with guarded(host, tmp_path, LOCAL_CONCURRENCY="1", FUNCTION_TIMEOUT_SECONDS="1.5") as running:
        request_id = accepted(running, order, "dies")
        claimed = time.monotonic()
        wait_for(lambda: messages_of(running, request_id) == [CALLED] and host.ledger()["calls"], 1)
        os.kill(process_of(running), signal.SIGKILL)
        refused = prefer(running, order, "dies")
        time.sleep(int(refused.headers["retry-after"]))
        anew = accepted(running, order, "dies")
        took = time.monotonic() - claimed
        answer, _ = settled(running, order, "dies")

        assert refused.status_code == 409
        assert 1.5 + 5 - 1 < took < 1.5 + 5 + 1.5
        assert (answer.status_code, answer.headers["idempotent-replayed"]) == (200, "true")
        assert messages_of(running, request_id) == [CALLED]
        assert messages_of(running, anew) == [CALLED, ENDED, "cost"]
        assert [row["finished"] for row in host.ledger()["calls"]] == [False, True]
