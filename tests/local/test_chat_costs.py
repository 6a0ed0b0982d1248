"""What the chat function costs: 500 mixed requests in both invoke modes against the hosts' own books.

Two hosts answer, at a third nothing listens; half of the requests meet a fault before the answer or in its middle.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.local.bundle import at_hosts, lines, running_bundle
from tests.local.chat_answers import KIMI, ChatAnswer
from tests.local.chat_orders import DOWN, FIRST, SECOND, Order, orders
from tests.local.emulator import wait_for
from tests.local.saved_query import ask_log
from tests.local.test_guard import PLENTY
from tests.support.standin import standin

REPLAYS = 25
NEW = 225
CALLERS = 12
SETTINGS = {
    "CHAT_MODELS": f"{FIRST},{SECOND},{DOWN},auto",
    "TIER_FAST": FIRST,
    "TIER_BALANCED": SECOND,
    "TIER_POWERFUL": SECOND,
    "CUSTOM_HOST_URL": "http://127.0.0.1:9/v1",
    "MAX_ATTEMPTS": "2",
    "MAX_CALLS": "3",
    "MAX_RETRY_WAIT_SECONDS": "0.5",
    "FIRST_TOKEN_SECONDS": "1.5",
    "STALL_SECONDS": "1.5",
    "LOCAL_CONCURRENCY": "8",
}
FINISH_REASONS = {"stop", "length", "tool_calls"}
SPENDS_ALL = {"length", "reasoning-only"}
"""Faults after which more is billed than anybody sees."""


@dataclass(frozen=True)
class Books:
    """What 250 callers got, what the function wrote, and what the hosts wrote.

    Attributes:
        mode: `stream` or `buffered`.
        originals: the answers whose requests were made once more, by the id of the second request.
        written: the log lines.
        ledgers: of each host that can be reached.
    """

    mode: str
    answers: list[tuple[Order, ChatAnswer]]
    originals: dict[str, ChatAnswer]
    log: Path
    written: list[dict[str, Any]]
    ledgers: dict[str, dict[str, Any]]

    @property
    def costs(self) -> dict[str, dict[str, Any]]:
        """The cost lines by request id."""
        return {line["request_id"]: line for line in self.written if line["message"] == "cost"}

    @property
    def attempts(self) -> list[dict[str, Any]]:
        return [line for line in self.written if line["message"] == "attempt"]

    @property
    def by_request(self) -> dict[str, list[dict[str, Any]]]:
        """The attempts of each request that made one."""
        made = defaultdict(list)
        for line in self.attempts:
            made[line["request_id"]].append(line)
        return made

    @property
    def rows(self) -> dict[str, dict[str, Any]]:
        """The hosts' rows of what they did not refuse, by id."""
        calls = [row for ledger in self.ledgers.values() for row in ledger["calls"]]
        return {row["generation_id"]: row for row in calls if row["generation_id"]}

    @property
    def streams(self) -> list[tuple[Order, ChatAnswer]]:
        """The answers that are streams."""
        return [(order, answer) for order, answer in self.answers if answer.is_stream]


@pytest.fixture(scope="module", params=["stream", "buffered"])
def books(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Books]:
    mode: str = request.param
    folder = tmp_path_factory.mktemp(mode)
    with standin() as host:
        settings = PLENTY | at_hosts(host, FIRST) | SETTINGS | {"RESPONSE_MODE": mode}
        with running_bundle(folder, **settings) as running, ThreadPoolExecutor(CALLERS) as threads:
            new = orders(NEW, seed=19)
            answers = list(zip(new, threads.map(lambda order: order.send(running), new), strict=True))
            known = [(order, answer) for order, answer in answers if order.key and answer.succeeded][:REPLAYS]
            again = [order.other_way() if place % 2 else order for place, (order, _) in enumerate(known)]
            replayed = list(threads.map(lambda order: order.send(running), again))
            answers += zip(again, replayed, strict=True)
            wait_for(lambda: sum(line["message"] == "cost" for line in lines(running)) >= len(answers))
            originals = {second.request_id: first for (_, first), second in zip(known, replayed, strict=True)}
            log = folder / "functions.log"
            log.write_text(running.stdout)
            ledgers = {name: host.ledger(name) for name in ("openrouter", "moonshot")}
            yield Books(mode, answers, originals, log, lines(running), ledgers)


def test_all_that_can_happen_has_happened(books: Books) -> None:
    """Otherwise what the other tests compare might be nothing."""
    sources = {(line["host"], line["cost_source"]) for line in books.attempts}
    outcomes = Counter(line["outcome"] for line in books.costs.values())
    print(f"\n{books.mode}: {outcomes}\n{Counter((line['host'], line['cost_source']) for line in books.attempts)}")

    assert len(books.answers) == NEW + REPLAYS
    assert sources >= {
        (host, source) for host in ("openrouter", "moonshot") for source in ("unknown", "estimated", "none")
    } | {("openrouter", "reported"), ("custom", "none")}
    assert {line["tier"] for line in books.costs.values()} >= {None, "fast", "balanced"}
    assert {answer.response.status_code for _, answer in books.answers} >= {200, 400, 404, 405, 422, 429, 502, 503}
    assert len(outcomes) >= 9
    assert {reason for _, answer in books.streams for reason in answer.finish_reasons} >= {"stop", "tool_calls"}
    retried = [made for made in books.by_request.values() if len(made) > 1]
    assert len({line["host"] for made in retried for line in made}) == 3


def test_each_request_has_one_cost_line(books: Books) -> None:
    written = [line for line in books.written if line["message"] == "cost"]

    assert Counter(line["request_id"] for line in written) == Counter(answer.request_id for _, answer in books.answers)
    assert {line["function"] for line in books.written if "function" in line} == {"chat_completions"}
    for _, answer in books.answers:
        line = books.costs[answer.request_id]
        assert line["outcome"] == ("ok" if answer.succeeded else answer.error)
        assert answer.is_stream or line["status"] == answer.response.status_code


def test_the_hosts_were_called_as_often_as_the_log_says(books: Books) -> None:
    made = Counter(line["host"] for line in books.attempts)

    for host, ledger in books.ledgers.items():
        assert made[host] == len(ledger["calls"]) > 0
    assert sum(line["attempts"] for line in books.costs.values()) == made.total()
    for request_id, line in books.costs.items():
        assert line["attempts"] == len(books.by_request.get(request_id, ()))


def test_the_cost_lines_add_up_to_the_ledgers(books: Books) -> None:
    """To the nano-dollar: reported costs as they were sent, estimates at list price; the rest is unknown."""
    rows = books.rows
    known = [line for line in books.attempts if line["cost_source"] in {"reported", "estimated"}]
    for line in known:
        row = rows[line["generation_id"]]
        assert line["cost_nano_usd"] == row["charged_nano_usd"]
        assert row["sent_nano_usd"] == (line["cost_nano_usd"] if line["cost_source"] == "reported" else 0)
        assert (line["input_tokens"], line["output_tokens"]) == (row["prompt_tokens"], row["completion_tokens"])
        assert line["cached_tokens"] == row["cached_tokens"]
    paid = sum(rows.pop(line["generation_id"])["charged_nano_usd"] for line in known)
    lost = {row["generation_id"] for row in rows.values() if row["charged_nano_usd"]}
    unknown = {line["generation_id"] for line in books.attempts if line["cost_source"] == "unknown"}
    charged = sum(ledger["charged_nano_usd"] for ledger in books.ledgers.values())
    print(f"\n{books.mode}: paid {paid} of {charged}, {len(lost)} of {len(books.attempts)} attempts unknown")

    assert sum(line["cost_nano_usd"] or 0 for line in books.costs.values()) == paid > 0
    assert paid == charged - sum(row["charged_nano_usd"] for row in rows.values())
    assert lost <= unknown
    assert any(row["cached_tokens"] for row in books.rows.values())


def test_what_is_unknown_is_listed_as_unknown(books: Books) -> None:
    """By the operator's query, and by the cost lines; and only what did not come to its end, or came without usage."""
    unknown = [line for line in books.attempts if line["cost_source"] == "unknown"]
    listed = ask_log(books.log, "Unknown cost")
    silent = {row["generation_id"] for row in books.rows.values() if row["fault"] in {"no-usage", "null-usage"}}

    assert Counter((row["request_id"], row["attempt"]) for row in listed) == Counter(
        (line["request_id"], line["attempt"]) for line in unknown
    )
    assert all(line["cost_nano_usd"] is None for line in unknown)
    assert all(line["outcome"] != "ok" or line["generation_id"] in silent for line in unknown)
    for request_id, line in books.costs.items():
        sources = {attempt["cost_source"] for attempt in books.by_request.get(request_id, ())}
        assert ("unknown" in sources) is (line["cost_source"] == "unknown")


def test_an_answer_names_the_cost_of_its_cost_line(books: Books) -> None:
    """All that its attempts cost, failed ones included; nothing where that is not known; a replay, what was paid."""
    compared: Counter[tuple[str, str]] = Counter()
    for order, answer in books.answers:
        line = books.costs[answer.request_id]
        usage = answer.usage
        if answer.request_id in books.originals or usage is None:
            continue
        assert answer.succeeded
        how = KIMI if order.path == KIMI else "streamed" if answer.is_stream else "whole"
        compared[line["cost_source"], how] += 1
        said = Decimal(str(usage["cost"])) * 10**9 if "cost" in usage else None
        assert said == (None if line["cost_source"] == "unknown" else line["cost_nano_usd"])
        assert (usage["prompt_tokens"], usage["completion_tokens"]) == (line["input_tokens"], line["output_tokens"])
        assert usage["prompt_tokens_details"]["cached_tokens"] == line["cached_tokens"]
        assert usage["completion_tokens_details"]["reasoning_tokens"] == line["reasoning_tokens"]
    print(f"\n{books.mode}: {compared}")
    sources = {how: {source for source, each in compared if each == how} for how in ("whole", "streamed", KIMI)}
    assert all(found >= {"reported", "estimated"} for found in sources.values())
    assert "unknown" in sources["whole"] | sources["streamed"]


def test_a_replay_costs_nothing(books: Books) -> None:
    """And says what the original said: the same text, tokens and cost, whole or streamed."""
    seconds = {answer.request_id: (order, answer) for order, answer in books.answers}
    compared, hows = 0, set()
    assert len(books.originals) == REPLAYS
    for request_id, first in books.originals.items():
        order, second = seconds[request_id]
        line = books.costs[request_id]
        assert (line["replayed"], line["attempts"], line["cost_nano_usd"]) == (True, 0, 0)
        assert second.response.headers["idempotent-replayed"] == "true"
        assert (second.is_stream, second.text) == (order.streams, first.text)
        if first.usage and second.usage:
            assert first.usage == second.usage
            compared += 1
        hows.add((first.is_stream, second.is_stream))
    assert compared > REPLAYS / 2
    assert len(hows) == 4, "whole and streamed, each asked for again as both"


def test_no_stream_ends_in_silence(books: Books) -> None:
    """It ends in one finish reason and `[DONE]`, or in an error and nothing after it."""
    ends: Counter[str] = Counter()
    for order, answer in books.streams:
        assert order.streams
        assert answer.response.status_code == 200
        if answer.error:
            assert '"error"' in answer.events[-1]
            assert (answer.finish_reasons, answer.usage) == ([], None)
            assert "[DONE]" not in answer.events
            ends["error"] += 1
            continue
        assert [event for event in answer.events if event == "[DONE]"] == [answer.events[-1]]
        assert len(answer.finish_reasons) == 1
        assert set(answer.finish_reasons) <= FINISH_REASONS
        assert (answer.usage is not None) is (order.body or {}).get("stream_options", {}).get("include_usage", False)
        assert [bool(delta.get("role")) for delta in answer.deltas] == [True] + [False] * (len(answer.deltas) - 1)
        assert {chunk["id"] for chunk in answer.chunks} == {f"chatcmpl-{answer.request_id}"}
        ends["done"] += 1
    print(f"\n{books.mode}: {ends}")
    assert ends["done"] > 50
    assert (ends["error"] > 10) is (books.mode == "stream"), "what arrives at once has its status"


def test_nothing_is_asked_again_once_a_delta_was_passed_on(books: Books) -> None:
    """The attempt that it came from is the last one, and there is no more of the answer than its row in the ledger has.

    What arrives at once was not passed on before its end, and may be asked for again.
    """
    again, whole, broken = 0, 0, 0
    for _, answer in books.streams:
        made = books.by_request.get(answer.request_id)
        if not made or not answer.deltas:
            continue
        begun = [line["first_token_ms"] is not None for line in made]
        assert books.mode == "buffered" or not any(begun[:-1])
        again += any(begun[:-1])
        row = books.rows[made[-1]["generation_id"]]
        written = len(answer.text) / 4
        if answer.error:
            assert written < row["completion_tokens"] + 1
            broken += 1
        elif row["fault"] not in SPENDS_ALL and answer.finish_reasons != ["tool_calls"]:
            assert row["completion_tokens"] - 2 < written <= row["completion_tokens"]
            whole += 1
    print(f"\n{books.mode}: {whole} whole, {broken} broken, {again} asked again after a first token")
    assert whole > 30
    assert (again == 0, broken > 10) == ((True, True) if books.mode == "stream" else (False, False))


def test_a_caller_is_kept_from_paying_twice(books: Books) -> None:
    """An SDK repeats a failed request by itself unless it is told not to."""
    failed = [answer for _, answer in books.answers if not answer.response.is_success]
    paid = [answer for answer in failed if books.costs[answer.request_id]["cost_source"] != "none"]

    assert paid
    assert {answer.response.headers.get("x-should-retry") for answer in paid} == {"false"}
    assert any("x-should-retry" not in answer.response.headers for answer in failed)
