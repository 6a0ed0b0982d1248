"""Callers that are let go with 202, and ask for the result by the same request."""

import json
import os
import signal
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.local.bundle import lines
from tests.local.emulator import Emulator, wait_for
from tests.local.streams import CALLED, ENDED, GENERATE, LIST, costs, messages_of, process_of, read_stream, silent
from tests.local.test_guard import guarded
from tests.support.standin import StandIn


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
