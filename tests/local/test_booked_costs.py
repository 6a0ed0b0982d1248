"""What stays booked for calls of unknown cost, and `make reconcile ARGS='--apply'`: the host's figures, once."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from local.emulator.guard_table import NAME, credentials
from local.reconcile.booked_costs import BookedCosts, BooksError
from local.reconcile.reconciliation import reconcile as reconciled
from shared.guard.spend_counters import SpendCounters
from shared.guard.unknown_costs import UnknownAttempt, UnknownCosts
from tests.local.bundle import lines
from tests.local.emulator import ROOT, Emulator
from tests.local.test_guard import ask, charged, guarded, spent
from tests.support.standin import StandIn, standin
from tests.support.table import amounts, client, forget, table

ALL, CALLER = "spent#2027-01-15", "spent#2027-01-15#ann"
ATTEMPTS = [UnknownAttempt("gen-1", 80), UnknownAttempt("gen-2", 30), UnknownAttempt(None, 20)]


@pytest.fixture
def address(dynamodb_url: str) -> str:
    """A table whose books hold 100 more than what a request's unknown costs are booked as."""
    forget(dynamodb_url)
    for key in (ALL, CALLER):
        put(dynamodb_url, key, 180)
    keep(dynamodb_url, *ATTEMPTS)
    return dynamodb_url


def put(address: str, key: str, amount: int) -> None:
    client(address).put_item(TableName=NAME, Item={"pk": {"S": key}, "amount": {"N": str(amount)}})


def keep(address: str, *attempts: UnknownAttempt, request_id: str = "r-1") -> None:
    SpendCounters(table(address)).note_unknown(UnknownCosts(request_id, [ALL, CALLER], attempts), 2_000_000_000, 5.0)


def booked(address: str) -> BookedCosts:
    return BookedCosts(NAME, client(address), sleep=lambda _seconds: None)


def item(address: str) -> UnknownCosts:
    (found,) = booked(address).read(["r-1"])
    return found


@pytest.mark.parametrize(
    ("costs", "then"),
    [
        ({}, 80),
        ({"gen-1": 7}, 7 + 30),
        ({"gen-2": 7}, 80 + 7),
        ({"gen-1": 7, "gen-2": 0}, 7 + 20),
        ({"gen-1": 90, "gen-2": 40}, 130 + 20),
        ({"another": 7}, 80),
    ],
    ids=["none", "the largest", "a smaller one", "both", "more than they were worth", "another's"],
)
def test_the_hosts_figures_take_the_place_of_what_is_booked(address: str, costs: dict[str, int], then: int) -> None:
    """What the host does not know stays booked at the largest of what remains."""
    first = booked(address).apply(item(address), costs)
    again = booked(address).apply(item(address), costs)

    assert amounts(address) == {ALL: 100 + then, CALLER: 100 + then}
    assert (first.booked_nano_usd, first.books_nano_usd, first.change_nano_usd) == (80, then, then - 80)
    assert (again.booked_nano_usd, again.found, again.change_nano_usd) == (then, 0, 0)
    assert item(address).counted == then


def test_figures_that_come_one_after_the_other_come_to_the_same(address: str) -> None:
    for costs in ({"gen-2": 5}, {"gen-1": 9, "gen-2": 70}):
        booked(address).apply(item(address), costs)

    assert amounts(address) == {ALL: 100 + 5 + 9 + 20, CALLER: 100 + 5 + 9 + 20}


def test_many_at_once_replace_each_attempt_once(address: str) -> None:
    before = item(address)

    def apply(number: int) -> None:
        booked(address).apply(before, {f"gen-{number % 2 + 1}": 7})

    with ThreadPoolExecutor(12) as threads:
        list(threads.map(apply, range(24)))

    assert amounts(address) == {ALL: 100 + 7 + 7 + 20, CALLER: 100 + 7 + 7 + 20}


def test_a_generation_that_two_attempts_name_counts_once(address: str) -> None:
    keep(address, UnknownAttempt("gen-9", 80), UnknownAttempt("gen-9", 50), request_id="r-2")
    (found,) = booked(address).read(["r-2"])

    booked(address).apply(found, {"gen-9": 7})

    assert amounts(address) == {ALL: 180 - 80 + 7, CALLER: 180 - 80 + 7}


def attempt(number: int, generation_id: str, **fields: Any) -> str:
    return json.dumps({"message": "attempt", "request_id": "r-1", "attempt": number, "generation_id": generation_id,
                       "cost_source": "unknown", "cost_nano_usd": None, **fields})  # fmt: skip


def test_a_figure_of_openrouter_is_put_onto_its_own_attempts_only(address: str) -> None:
    """What another host's attempt is counted for has no id in the table, so its id in the log is asked of nobody."""
    lines, then = [attempt(1, "gen-1"), attempt(2, "gen-3", host="moonshot")], 7 + 7 + 20
    found = reconciled(lines, lambda ids: dict.fromkeys(ids, 7), booked(address), apply=True)

    assert amounts(address) == {ALL: 100 + then, CALLER: 100 + then}
    assert found.books
    assert found.books.data()["change_nano_usd"] == then - 80
    assert [call.generation_id for call in found.asked] == ["gen-1"]


@pytest.mark.parametrize("amount", [None, 57])
def test_a_book_that_was_begun_anew_is_left_alone(address: str, amount: int | None) -> None:
    """Giving back what it does not hold would be money for nothing: then nothing is changed at all."""
    client(address).delete_item(TableName=NAME, Key={"pk": {"S": CALLER}})
    if amount is not None:
        put(address, CALLER, amount)

    found = booked(address).apply(item(address), {"gen-1": 1, "gen-2": 1})

    assert found.problem == "a day's book is gone, or holds less than is to be given back"
    assert (found.booked_nano_usd, found.change_nano_usd, item(address).counted) == (80, 0, 80)
    assert amounts(address) == {ALL: 180} | ({} if amount is None else {CALLER: amount})


def test_requests_that_have_no_item_are_passed_over(address: str) -> None:
    found = booked(address).read([*(f"r-{number}" for number in range(2, 250)), "r-1", "r-1"])

    assert [each.request_id for each in found] == ["r-1"]


def test_the_region_is_that_of_aws_region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)

    assert BookedCosts("any")._client.meta.region_name == "eu-central-1"


def test_a_table_that_is_not_there_is_said(address: str) -> None:
    with pytest.raises(BooksError, match=r"the guard's table gone cannot be used: .*ResourceNotFound"):
        BookedCosts("gone", client(address)).read(["r-1"])


def reconcile(running: Emulator, log: Path, host: StandIn, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`make reconcile` as a process, over this log."""
    process = running.children()[0]
    told = dict(line.split("=", 1) for line in Path(f"/proc/{process}/environ").read_text().rstrip("\0").split("\0"))
    environment = {
        "PATH": os.environ["PATH"],
        "OPENROUTER_BASE_URL": host.url,
        "OPENROUTER_K2T_KEY": "sk-test",
        **credentials(told["AWS_ENDPOINT_URL_DYNAMODB"]),
    }
    command = [sys.executable, "-m", "local.reconcile", *arguments, str(log)]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_the_books_come_to_what_the_host_charged(tmp_path: Path) -> None:
    """Cut streams, which have an id, and what was lost before one came, beside what is known; run by four at once."""
    faults = ["cut times=1", "reset times=1", "cut times=2", "status code=503 hint=0 times=1", "mid-error times=1"]
    prompts = [f"List {number} [[fault {fault}]]" for number, fault in enumerate(faults)] + ["List of all"]
    with standin() as host, guarded(host, tmp_path) as running:
        answers = [ask(running, prompt) for prompt in prompts]
        log = tmp_path / "log"
        log.write_text(running.stdout)
        before = spent(running)
        dry = reconcile(running, log, host, "--table", NAME, "--json")
        assert spent(running) == before

        with ThreadPoolExecutor(4) as threads:
            applied = list(threads.map(lambda _: reconcile(running, log, host, "--apply", "--table", NAME), range(4)))
        after = spent(running)
        again = reconcile(running, log, host, "--apply", "--table", NAME, "--json")

        unknown = [line for line in lines(running) if line["message"] == "attempt" and line["cost_source"] == "unknown"]
        assert {answer.status_code for answer in answers} == {200}
        assert len(unknown) == 5
        assert {each.returncode for each in (dry, again, *applied)} == {0}, [each.stderr for each in applied]
        would: dict[str, Any] = json.loads(dry.stdout)["books"]
        assert (would["applied"], would["change_nano_usd"]) == (False, after - before)
        assert before - after > 80_000_000 * 3
        assert after == charged(host), "to the nano-dollar"
        assert spent(running) == after
        done = json.loads(again.stdout)["books"]
        assert (done["applied"], done["change_nano_usd"], len(done["requests"])) == (True, 0, 4)
        assert all("Replaced in the day's books:" in each.stdout for each in applied)
        assert "Would be replaced" in reconcile(running, log, host, "--table", NAME).stdout


@pytest.mark.parametrize(
    ("arguments", "status", "why"),
    [(["--apply"], 2, "--apply needs the name of the guard's table: --table, or GUARD_TABLE"),
     (["--apply", "--table", "gone"], 2, "the guard's table gone cannot be used")],
)  # fmt: skip
def test_what_is_in_the_way_of_the_books_is_said(
    address: str, tmp_path: Path, arguments: list[str], status: int, why: str
) -> None:
    log = tmp_path / "log"
    log.write_text(json.dumps({"message": "attempt", "request_id": "r-1", "attempt": 1, "generation_id": "gen-1"}))
    environment = {"PATH": os.environ["PATH"], "OPENROUTER_BASE_URL": "http://127.0.0.1:9", "OPENROUTER_K2T_KEY": "k"}
    command = [sys.executable, "-m", "local.reconcile", *arguments, str(log)]

    done = subprocess.run(
        command, cwd=ROOT, env=environment | credentials(address), capture_output=True, text=True, check=False
    )

    assert (done.returncode, why in done.stderr) == (status, True), done.stderr
