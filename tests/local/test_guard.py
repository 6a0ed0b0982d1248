"""Limits, budget and repetitions through the running functions, with their table on loopback."""

import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from local.emulator.guard_table import NAME
from tests.local.bundle import at, generate, lines, lines_of, running_bundle
from tests.local.emulator import Emulator, wait_for
from tests.support.standin import StandIn
from tests.support.table import client

ROUTE = "generate-artifact"
PLENTY = {
    "ENABLE_GUARD": "true",
    "GUEST_LIMIT": "1000",
    "GLOBAL_LIMIT_PER_MINUTE": "1000",
    "DAILY_BUDGET_USD": "1000",
    "CALLER_DAILY_BUDGET_USD": "1000",
    "LOCAL_CONCURRENCY": "8",
}


@contextmanager
def guarded(host: StandIn, folder: Path, **settings: str) -> Iterator[Emulator]:
    host.forget()
    with running_bundle(folder, **at(host), **PLENTY | settings) as running:
        yield running


def ask(running: Emulator, prompt: str = "A list", key: str | None = None) -> httpx.Response:
    headers = {"Idempotency-Key": key} if key else {}
    return running.request(
        "POST", f"/{ROUTE}", json={"prompt": prompt, "artifactType": "svg"}, headers=headers, timeout=120
    )


def at_once(running: Emulator, count: int, **given: Any) -> list[httpx.Response]:
    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(lambda _: ask(running, **given), range(count)))


def charged(host: StandIn) -> int:
    return sum(row["charged_nano_usd"] for row in host.ledger()["calls"])


def spent(running: Emulator) -> int:
    """What the day's book says, in nano-dollars."""
    process = running.children()[0]
    told = dict(line.split("=", 1) for line in Path(f"/proc/{process}/environ").read_text().rstrip("\0").split("\0"))
    key = {"pk": {"S": f"spent#{datetime.now(UTC).date()}"}}
    item = client(told["AWS_ENDPOINT_URL_DYNAMODB"]).get_item(TableName=NAME, Key=key)["Item"]
    return int(item["amount"]["N"])


def test_of_200_at_once_exactly_50_reach_the_host(host: StandIn, tmp_path: Path) -> None:
    with guarded(host, tmp_path, GUEST_LIMIT="50") as running:
        answers = at_once(running, 200)

        assert Counter(answer.status_code for answer in answers) == {200: 50, 429: 150}
        assert len(host.ledger()["calls"]) == 50
        refused = [answer for answer in answers if answer.status_code == 429]
        assert {answer.json()["code"] for answer in refused} == {"rate_limited"}
        assert {answer.headers["x-ratelimit-remaining"] for answer in refused} == {"0"}
        assert all(int(answer.headers["retry-after"]) > 0 for answer in refused)
        served = [int(answer.headers["x-ratelimit-remaining"]) for answer in answers if answer.status_code == 200]
        assert sorted(served) == list(range(50))


def test_a_days_spending_stays_within_its_limit(host: StandIn, tmp_path: Path) -> None:
    """One call may cost 8 cents at most; so many are let through at a time as may be paid, and no more."""
    with guarded(host, tmp_path, DAILY_BUDGET_USD="0.2") as running:
        answers = [answer for _ in range(8) for answer in at_once(running, 16)]

        assert charged(host) <= 200_000_000
        refused = [answer.json() for answer in answers if answer.status_code == 429]
        assert {body["code"] for body in refused} == {"budget_exhausted"}
        assert all("00:00 UTC" in body["error"] or "by requests under way" in body["error"] for body in refused)
        assert all(body["retryAfterSeconds"] > 0 for body in refused)
        assert spent(running) == charged(host)
        served = [answer for answer in answers if answer.status_code == 200]
        last = ask(running)
        counted = len(served) + (last.status_code == 200)
        assert last.headers["x-ratelimit-remaining"] == str(1000 - counted), "what was refused is given back"


def test_what_a_killed_process_had_set_aside_stays_booked(host: StandIn, tmp_path: Path) -> None:
    """Until its time has passed it is reserved, and callers are told when that is; then it counts as spent."""
    limits = {"FUNCTION_TIMEOUT_SECONDS": "6", "FIRST_TOKEN_SECONDS": "60", "DAILY_BUDGET_USD": "0.1"}
    with guarded(host, tmp_path, **limits) as running:
        with ThreadPoolExecutor(1) as threads:
            answer = threads.submit(ask, running, "A list [[fault never]]")
            wait_for(lambda: bool(host.ledger()["calls"]))
            reserved = spent(running)
            for process in running.children():
                if b"generate_artifact_fix" not in os.fsencode(Path(f"/proc/{process}/cwd").readlink()):
                    os.kill(process, signal.SIGKILL)
            assert answer.result().status_code == 502
        assert spent(running) == reserved > 80_000_000, "its cost is unknown"

        waits = ask(running)
        seconds = waits.json()["retryAfterSeconds"]
        time.sleep(seconds)
        later = ask(running)

        assert (waits.status_code, waits.json()["code"], waits.json()["retryable"]) == (429, "budget_exhausted", True)
        assert f"reserved by requests under way. Try again in {seconds} seconds" in waits.json()["error"]
        assert waits.headers["retry-after"] == str(seconds)
        assert 0 < seconds <= 7
        assert (later.status_code, "00:00 UTC" in later.json()["error"]) == (429, True)
        assert spent(running) == reserved


def test_what_a_host_that_never_answers_may_have_cost_is_its_prompt(host: StandIn, tmp_path: Path) -> None:
    with guarded(host, tmp_path, FUNCTION_TIMEOUT_SECONDS="2", FIRST_TOKEN_SECONDS="60") as running:
        assert ask(running, "A list [[fault never]]").status_code == 504
        assert 0 < spent(running) < 2_000_000


def test_an_outage_of_the_host_books_nothing(host: StandIn, tmp_path: Path) -> None:
    with guarded(host, tmp_path, MAX_ATTEMPTS="2", MAX_CALLS="2") as running:
        answers = at_once(running, 8, prompt="A list [[fault status code=503]]")

        assert {answer.status_code for answer in answers} == {503}
        assert spent(running) == charged(host) == 0
        remaining = sorted(int(answer.headers["x-ratelimit-remaining"]) for answer in answers)
        assert remaining == list(range(992, 1000)), "a failure after the host was called stays counted"


def test_one_key_at_once_is_one_call_and_one_cost(host: StandIn, tmp_path: Path) -> None:
    with guarded(host, tmp_path) as running:
        answers = at_once(running, 20, key="one")

        codes = Counter(answer.status_code for answer in answers)
        assert codes[200] >= 1
        assert codes[200] + codes[409] == 20
        assert all(answer.headers["retry-after"] for answer in answers if answer.status_code == 409)
        assert len(host.ledger()["calls"]) == 1
        costs = [line for line in lines(running) if line["message"] == "cost"]
        assert sum(line["attempts"] for line in costs) == 1
        assert sum(line["cost_nano_usd"] or 0 for line in costs) == charged(host)


def test_a_repetition_is_the_stored_answer_and_costs_nothing(host: StandIn, tmp_path: Path) -> None:
    with guarded(host, tmp_path) as running:
        first, second = ask(running, key="a b"), ask(running, key="a b")
        other = ask(running, "Another list", key="a b")
        elsewhere = running.request(
            "POST",
            "/generate-artifact-fix",
            json={
                "content": "export default function A() { return <p>Hi</b>; }",
                "type": "react",
                "errorMessage": "</p>",
            },
            headers={"Idempotency-Key": "a b"},
        )

        one, two = first.json(), second.json()
        assert (first.status_code, second.status_code, other.status_code, elsewhere.status_code) == (200, 200, 422, 200)
        assert "idempotent-replayed" not in first.headers
        assert second.headers["idempotent-replayed"] == "true"
        assert one.pop("requestId") != two.pop("requestId")
        assert one == two
        line = lines_of(running, second.json()["requestId"])[-1]
        assert (line["replayed"], line["attempts"], line["cost_nano_usd"]) == (True, 0, 0)
        assert other.json()["code"] == "idempotency_mismatch"
        assert len(host.ledger()["calls"]) == 2
        # Neither the repetition nor the refusal was counted.
        assert ask(running).headers["x-ratelimit-remaining"] == "998"


def test_an_answer_is_given_again_so_often_and_no_more(host: StandIn, tmp_path: Path) -> None:
    """By default a hundred times; neither these nor what is refused then cost anything or count as requests."""
    with guarded(host, tmp_path, REPLAY_LIMIT="3", LIMIT_WINDOW_SECONDS="31536000") as running:
        came = [ask(running, key="the one") for _ in range(6)]
        new = ask(running, key="another")

        assert [each.status_code for each in came] == [200, 200, 200, 200, 429, 429]
        assert came[3].headers["idempotent-replayed"] == "true"
        body, headers = came[-1].json(), came[-1].headers
        assert (body["code"], body["retryable"]) == ("rate_limited", True)
        assert int(headers["retry-after"]) == body["retryAfterSeconds"] > 0
        assert (headers["x-ratelimit-limit"], headers["x-ratelimit-remaining"]) == ("3", "0")
        assert new.headers["x-ratelimit-remaining"] == "998"
        assert len(host.ledger()["calls"]) == 2
        assert lines_of(running, body["requestId"])[-1]["outcome"] == "rate_limited"


def test_a_failure_is_not_stored(host: StandIn, tmp_path: Path) -> None:
    with guarded(host, tmp_path) as running:
        failed = ask(running, "A list [[fault credit times=1]]", key="again")
        assert failed.status_code == 503
        assert ask(running, "A list [[fault credit times=1]]", key="again").status_code == 200


def test_what_is_wrong_with_a_request_is_not_counted(host: StandIn, tmp_path: Path) -> None:
    with guarded(host, tmp_path) as running:
        assert ask(running, "").status_code == 400
        assert ask(running, key="x" * 256).status_code == 400
        assert ask(running, "x" * 10_001).status_code == 400
        assert ask(running).headers["x-ratelimit-remaining"] == "999"


def test_without_a_table_nobody_is_waved_through(host: StandIn, tmp_path: Path) -> None:
    with guarded(host, tmp_path) as running:
        assert generate(running, "A list").status_code == 200
        (table,) = running.children("local.emulator.guard_table")
        os.kill(table, signal.SIGSTOP)
        answer = generate(running, "A list")
        os.kill(table, signal.SIGCONT)

        assert (answer.status_code, answer.json()["code"]) == (503, "store_unavailable")
        assert len(host.ledger()["calls"]) == 1
