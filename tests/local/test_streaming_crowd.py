"""Many callers at once, who stream or do not: each gets its answer, and each is billed once."""

import random
from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from tests.local.bundle import at, check_bill, lines, running_bundle
from tests.local.emulator import Emulator, wait_for
from tests.local.streams import GENERATE, GENERATE_FIX, at_once, read_stream
from tests.local.test_system import FAULTS, FIX
from tests.support.standin import StandIn


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
        answer = crowded.request("POST", f"/{route}", json=body, headers=accept)
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
