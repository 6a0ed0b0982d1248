"""What calls of unknown cost really cost: the log and the host's own book come to the same sum."""

import io
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.reconcile.__main__ import main
from local.reconcile.attempts import Attempts
from local.reconcile.generations import Generations, LookUpError, dollars
from local.reconcile.reconciliation import LookUp, reconcile
from shared.costs.ledger import Ledger
from shared.errors import Failure
from shared.logs import Logs
from shared.model_host import Client, Question
from shared.settings import Settings
from tests.support.logged import logged_to
from tests.support.runs import a_run, cost_line
from tests.support.standin import StandIn, standin

REQUESTS = 1000
LOST = 3
"""Further ones, which the host takes and never answers: no id comes."""


def line(message: str, request: str, attempt: int = 1, **fields: Any) -> str:
    given = {
        "message": message,
        "request_id": request,
        "attempt": attempt,
        "timestamp": f"2026-11-21T10:00:0{attempt}Z",
    }
    return json.dumps(given | fields)


def ended(request: str, attempt: int = 1, **fields: Any) -> str:
    return line("attempt", request, attempt, **{"model": "a/b", "outcome": "upstream_error", **fields})


LOG = [
    "START RequestId: r-1",
    "not JSON { at all",
    "[1]",
    line("attempt_started", "r-1"),
    ended("r-1", cost_source="unknown", cost_nano_usd=None, generation_id="gen-1"),
    line("attempt_started", "r-1", 2),
    "2026-11-21T10:00:02 stream " + ended("r-1", 2, cost_source="reported", cost_nano_usd=5, generation_id="gen-2"),
    ended("r-1", 2, cost_source="reported", cost_nano_usd=5, generation_id="gen-2"),
    ended("r-2", cost_source="none", cost_nano_usd=0, generation_id=None),
    ended("r-3", cost_source="unknown", cost_nano_usd=None, generation_id=None),
    ended("r-4", cost_source="estimated", cost_nano_usd=70, generation_id="gen-4"),
    line("attempt_started", "r-5", model="a/b"),
    line("cost", "r-1", cost_nano_usd=5),
]


def generations(handle: Any, waits: list[float] | None = None) -> Generations:
    host = Generations("http://host/api/v1", "key", sleep=(waits if waits is not None else []).append)
    host._http = httpx.Client(transport=httpx.MockTransport(handle), headers=host._http.headers)
    return host


def book(**costs: Any) -> Any:
    """A host with these generations; a list is what it says when asked again and again."""
    script = {name.replace("_", "-"): list(cost) if isinstance(cost, list) else [cost] for name, cost in costs.items()}

    def handle(request: httpx.Request) -> httpx.Response:
        assert request.headers["authorization"] == "Bearer key"
        answers = script.get(request.url.params["id"], [httpx.Response(404)])
        said = answers.pop(0) if len(answers) > 1 else answers[0]
        return said if isinstance(said, httpx.Response) else httpx.Response(200, json={"data": said})

    return handle


def nothing(_found: int, _of: int) -> None:
    pass


def asking(host: Generations) -> LookUp:
    return lambda ids: host.costs(ids, nothing)


def test_a_log_is_read_whatever_stands_around_its_lines() -> None:
    attempts = Attempts.read(LOG)

    assert [each.request_id for each in attempts.ended] == ["r-1", "r-1", "r-2", "r-3", "r-4"]
    assert [each.request_id for each in attempts.killed] == ["r-5"]
    assert attempts.unreadable == []


def test_what_the_log_does_not_know_is_asked_for() -> None:
    host = generations(book(gen_1={"total_cost": 0.000000011}, gen_4={"total_cost": 0.00000009}))

    found = reconcile(LOG, asking(host))

    assert (found.attempts, found.reported_nano_usd, found.asked_nano_usd) == (6, 5, 101)
    assert [(call.request_id, call.outcome, call.cost_nano_usd) for call in found.calls] == [
        ("r-1", "upstream_error", 11),
        ("r-3", "upstream_error", None),
        ("r-4", "upstream_error", 90),
        ("r-5", "killed", None),
    ]
    assert [call.request_id for call in found.left] == ["r-3", "r-5"]
    assert found.data()["total_nano_usd"] == 106


def test_a_cost_that_the_log_is_not_sure_of_is_asked_for() -> None:
    """Reported without an amount, or without a word of where it is from; a generation named twice counts once."""
    lines = [
        ended("r-1", cost_source="reported", cost_nano_usd=None, generation_id="gen-1"),
        ended("r-2", cost_nano_usd=7, generation_id="gen-2"),
        ended("r-3", cost_source="unknown", generation_id="gen-2"),
    ]

    found = reconcile(lines, asking(generations(book(gen_1={"total_cost": 1}, gen_2={"total_cost": 2}))))

    assert (found.reported_nano_usd, found.asked_nano_usd, found.left) == (0, 3 * 10**9, [])


MOONSHOT: dict[str, Any] = {"host": "moonshot", "model": "moonshot/kimi-k3"}
ESTIMATED: dict[str, Any] = {"cost_source": "estimated", "cost_nano_usd": 70}


def asked(ids: list[str]) -> dict[str, int]:
    """Know every generation."""
    return dict.fromkeys(ids, 11)


def refused(ids: list[str]) -> dict[str, int]:
    """Fail the test, as nobody has to be asked."""
    pytest.fail(f"asked for {ids}")


def test_attempts_of_other_hosts_are_never_asked_for() -> None:
    """An estimate is the best there is of them, and in the sum; what was lost stays unknown."""
    lines = [
        ended("r-1", 1, **MOONSHOT, **ESTIMATED, generation_id="gen-1"),
        ended("r-1", 2, **MOONSHOT, cost_source="unknown", cost_nano_usd=None, generation_id="gen-2"),
        ended("r-2", host="custom", cost_source="reported", cost_nano_usd=5, generation_id="gen-3"),
        line("attempt_started", "r-3", **MOONSHOT),
    ]

    found = reconcile(lines, refused)
    data = found.data()

    assert (found.reported_nano_usd, found.asked_nano_usd, found.estimated_nano_usd) == (5, 0, 70)
    assert (data["estimated_nano_usd"], data["total_nano_usd"], data["calls"]) == (70, 75, [])
    apart = [(call["request_id"], call["attempt"], call["host"], call["generation_id"], call["logged_nano_usd"])
             for call in data["cannot_be_asked_for"]]  # fmt: skip
    assert apart == [
        ("r-1", 1, "moonshot", "gen-1", 70),
        ("r-3", 1, "moonshot", None, None),
        ("r-1", 2, "moonshot", "gen-2", None),
    ]
    assert all(call["cost_nano_usd"] is None and call["timestamp"] for call in data["cannot_be_asked_for"])
    assert [(call.request_id, call.outcome) for call in found.left] == [("r-3", "killed"), ("r-1", "upstream_error")]


def test_hosts_that_cannot_be_asked_are_listed_apart() -> None:
    lines = [
        ended("r-1", **ESTIMATED, generation_id="gen-1"),
        ended("r-2", **MOONSHOT, **ESTIMATED, generation_id="gen-2"),
        ended("r-3", host="custom", cost_source="unknown", generation_id=None),
    ]

    ours, custom, of_custom, moonshot, of_moonshot, _ = reconcile(lines, asked).text().split("\n\n")

    assert custom == "Cannot be asked for: custom keeps no record by ID; compare with its console."
    assert moonshot == "Cannot be asked for: moonshot keeps no record by ID; compare with its console."
    for part, request in [(ours, "r-1"), (of_custom, "r-3"), (of_moonshot, "r-2")]:
        assert [each for each in ("r-1", "r-2", "r-3") if each in part] == [request]
    assert "$0.000000070" in of_moonshot
    assert "$0.000000011" in ours


def test_one_id_at_two_hosts_is_two_attempts() -> None:
    lines = [
        ended("r-1", 1, cost_source="unknown", generation_id="gen-1"),
        ended("r-1", 2, **MOONSHOT, cost_source="unknown", generation_id="gen-1"),
        ended("r-1", 3, **MOONSHOT, **ESTIMATED, generation_id="gen-1"),
    ]

    found = reconcile(lines, asked)

    assert (found.asked_nano_usd, found.estimated_nano_usd, found.total_nano_usd) == (11, 70, 81)
    assert [(call.host, call.cost_nano_usd) for call in found.calls] == [
        ("openrouter", 11), ("moonshot", None), ("moonshot", None),
    ]  # fmt: skip
    assert [(call.host, call.attempt) for call in found.left] == [("moonshot", 2)]


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ([ended("r-1", **MOONSHOT, **ESTIMATED)], 0),
        ([ended("r-1", **MOONSHOT, cost_source="unknown", cost_nano_usd=None)], 1),
        ([ended("r-1", **MOONSHOT, cost_source="unknown", cost_nano_usd=7)], 1),
        ([line("attempt_started", "r-1", **MOONSHOT)], 1),
    ],
    ids=["estimated", "unknown", "an amount that is no estimate", "killed"],
)
def test_without_an_attempt_to_ask_for_no_key_is_needed(
    lines: list[str], status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("OPENROUTER_K2T_KEY", "OPENROUTER_SECRET_ARN", "OPENROUTER_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(lines)))

    assert main([]) == status
    assert "moonshot keeps no record by ID" in capsys.readouterr().out


DAMAGED = [
    ended("r-1", cost_source="reported", cost_nano_usd=5)[:-9],
    ended("r-1", cost_source="reported", cost_nano_usd=5) + ended("r-2"),
    ended("r-1").replace('"r-1"', "[1]"),
    ended("r-1").replace('"r-1"', "null"),
    ended("r-1").replace('"r-1"', r'"\ud800"'),
    ended("r-1").replace('"attempt": 1', '"attempt": "1"'),
    ended("r-1").replace('"attempt": 1', '"attempt": true'),
    ended("r-1", cost_nano_usd="5"),
    ended("r-1", cost_nano_usd=5.5),
    ended("r-1", cost_nano_usd=-5),
    ended("r-1", cost_source="guessed"),
    ended("r-1", generation_id=5),
    ended("r-1", host=None),
    ended("r-1", generation_id="g" * 65_536),
    ended("r-1", depth=1).replace('"depth": 1', f'"depth": {"[" * 100_000}'),
    json.dumps({"events": [{"message": ended("r-1")}]}),
    line("attempt_started", "r-1").replace('"r-1"', "5"),
]


@pytest.mark.parametrize("damaged", DAMAGED)
def test_a_damaged_line_is_said_and_nothing_else_is_lost(damaged: str) -> None:
    lines = ["START", damaged, ended("r-9", cost_source="reported", cost_nano_usd=5)]

    found = reconcile(lines, asking(generations(book())))

    assert (found.attempts, found.reported_nano_usd, found.unreadable) == (1, 5, [2])
    assert "at line 2." in found.text()
    assert found.data()["unreadable_lines"] == [2]


def test_a_number_beyond_all_bounds_in_a_line_is_passed_over() -> None:
    far = ended("r-1", cost_source="reported", cost_nano_usd=5, far=1).replace(
        '"far": 1', '"far": 1e99999999999999999999'
    )

    assert reconcile([far], asking(generations(book()))).reported_nano_usd == 5


@pytest.mark.parametrize(
    ("data", "cost"),
    [
        ({"total_cost": 0.01}, 10_000_000),
        ({"total_cost": 0.01, "is_byok": False, "upstream_inference_cost": 0.01}, 10_000_000),
        ({"total_cost": 0.001, "is_byok": True, "upstream_inference_cost": 0.01}, 11_000_000),
        ({"total_cost": 0}, 0),
        ({"total_cost": None}, None),
        ({}, None),
        ("text", None),
    ],
)
def test_the_cost_of_a_generation(data: Any, cost: int | None) -> None:
    assert generations(book(gen_1=data)).costs(["gen-1"], nothing).get("gen-1") == cost


def test_a_generation_that_is_not_there_yet_is_asked_for_again() -> None:
    waits: list[float] = []
    late = [httpx.Response(404), httpx.Response(503), {"total_cost": 1}]

    found = generations(book(gen_1=late, gen_2={"total_cost": 2}), waits).costs(["gen-1", "gen-2", "gen-3"], nothing)

    assert found == {"gen-1": 10**9, "gen-2": 2 * 10**9}
    assert waits == [3.0, 6.0, 9.0]


def test_a_host_that_limits_is_waited_for() -> None:
    waits: list[float] = []
    limited = httpx.Response(429, headers={"retry-after": "7"})

    assert generations(book(gen_1=[limited, {"total_cost": 1}]), waits).costs(["gen-1"], nothing)
    assert waits == [7.0, 3.0]


@pytest.mark.parametrize("status", [401, 402, 403])
def test_a_key_that_is_not_taken_is_said(status: int) -> None:
    with pytest.raises(LookUpError, match=f"answers {status}.*OPENROUTER_K2T_KEY"):
        generations(book(gen_1=httpx.Response(status))).costs(["gen-1"], nothing)


def test_amounts_are_exact() -> None:
    assert [dollars(each) for each in (None, 0, 1, 12_345_678_901)] == [
        "-",
        "$0.000000000",
        "$0.000000001",
        "$12.345678901",
    ]


@pytest.fixture(scope="module")
def host() -> Iterator[StandIn]:
    with standin("--fault", "mix p=0.25", "--seed", "4") as running:
        yield running


@pytest.fixture(scope="module")
def log(host: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The log of 1,000 requests, each call of which fails with probability 0.25, and a few more that are lost.

    Backoff is not slept.
    """
    dice = random.Random(4)  # noqa: S311 - no secret
    settings = Settings.model_validate({"openrouter_base_url": host.url, "openrouter_k2t_key": "k"})
    client = Client.of(settings, sleep=lambda _seconds: None, jitter=dice.uniform)
    written = io.StringIO()
    logs = Logs("kimi-artifacts")
    with logged_to(logs, written):
        for number in range(REQUESTS + LOST):
            ledger = Ledger("generate_artifact", f"request-{number}", logs.emit)
            fault, seconds = ("", 60.0) if number < REQUESTS else (" [[fault never]]", 0.2)
            question = Question([{"role": "user", "content": f"Notes, number {number}{fault}"}])
            try:
                client.complete(question, a_run(seconds, ledger=ledger))
                logs.emit("cost", cost_line(ledger)._asdict())
            except Failure as failure:
                logs.emit("cost", cost_line(ledger, failure.code, failure.status)._asdict())
    client.close()
    path = tmp_path_factory.mktemp("log") / "functions.log"
    path.write_text(written.getvalue())
    return path


def test_of_a_thousand_requests_to_a_bad_host_nearly_all_succeed(log: Path) -> None:
    lines = map(json.loads, log.read_text().splitlines())
    costs = [each for each in lines if each["message"] == "cost"][:REQUESTS]

    assert len(costs) == REQUESTS
    assert sum(each["outcome"] == "ok" for each in costs) >= 0.99 * REQUESTS
    assert sum(each["attempts"] for each in costs) <= 1.4 * REQUESTS


def test_the_log_and_the_hosts_ledger_come_to_the_same_sum(host: StandIn, log: Path) -> None:
    """To the nano-dollar: all that has an id; what was lost before one came is listed, and missing on both sides."""
    ledger = host.ledger()["calls"]

    with Generations(host.url, "k") as generations_of_host:
        found = reconcile(log.read_text().splitlines(), asking(generations_of_host))

    ours = {each.generation_id for each in Attempts.read(log.read_text().splitlines()).ended}
    lost = [row for row in ledger if row["generation_id"] and row["generation_id"] not in ours]
    assert found.attempts == len(ledger)
    assert found.reported_nano_usd + found.asked_nano_usd == sum(
        row["charged_nano_usd"] for row in ledger if row not in lost
    )
    assert len(found.left) == len(lost) >= LOST
    assert {f"request-{REQUESTS + number}" for number in range(LOST)} <= {call.request_id for call in found.left}
    assert all(call.request_id and call.timestamp and call.generation_id is None for call in found.left)
    assert found.asked_nano_usd > 0


def command(monkeypatch: pytest.MonkeyPatch, base_url: str, *arguments: str, key: str = "k") -> int:
    monkeypatch.setenv("OPENROUTER_BASE_URL", base_url)
    monkeypatch.setenv("OPENROUTER_K2T_KEY", key)
    return main(arguments)


def test_the_command_prints_every_call_and_the_sums(
    host: StandIn, log: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status = command(monkeypatch, host.url, str(log))

    printed = capsys.readouterr().out
    data = json_of(host, log, monkeypatch, capsys)
    assert status in {0, 1}
    assert all(str(call["request_id"]) in printed for call in data["calls"])
    assert dollars(data["total_nano_usd"]) in printed


def json_of(host: StandIn, log: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """What the command prints as JSON of a log on standard input."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(log.read_text()))
    command(monkeypatch, host.url, "--json")
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("arguments", "key", "why"),
    [
        (["/nowhere"], "k", "No such file"),
        ([], "", "OPENROUTER_BASE_URL is set and OPENROUTER_K2T_KEY is not"),
        ([], "clé", "characters that no key has"),
    ],
)
def test_what_is_in_the_way_is_said(
    arguments: list[str], key: str, why: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(LOG)))

    assert command(monkeypatch, "http://127.0.0.1:9", *arguments, key=key) == 2
    assert why in capsys.readouterr().err


def test_a_host_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(LOG)))

    assert command(monkeypatch, "http://127.0.0.1:9") == 2
    assert "cannot be asked" in capsys.readouterr().err


def test_a_damaged_log_ends_with_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Bytes that are no text damage their line only; of many such lines the first are named."""
    log = tmp_path / "log"
    log.write_bytes(b"\xff\n" + f"{DAMAGED[0]}\n".encode() * 12)

    assert command(monkeypatch, "http://127.0.0.1:9", str(log)) == 1
    assert "at line 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 2 more." in capsys.readouterr().out


def test_an_empty_log_is_no_error(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())

    assert command(monkeypatch, "http://127.0.0.1:9") == 0
    assert "$0.000000000" in capsys.readouterr().out
