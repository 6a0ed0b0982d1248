"""What the client libraries make of streams that are slow, break off, or are left."""

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.clients.driver import KEY, MODEL, Driver
from tests.clients.served import Served, says, together, told
from tests.local.bundle import lines
from tests.local.emulator import wait_for
from tests.local.streams import silent

_STARTS_SECONDS, _HEARTBEAT_SECONDS = 50, 30
"""How long it may take until there are as many processes as clients, and a heartbeat, sent every five seconds."""


@pytest.mark.parametrize("fault", ["cut", "mid-error", "reset", "garbage-json"])
def test_a_stream_that_breaks_off_is_no_success(streaming: Served, client: Driver, fault: str) -> None:
    """It is raised behind what came before it, and neither the function nor the client asks once more."""
    asked = streaming.ask(client, f"Say hello [[fault {fault}]]", stream=True)

    assert asked.answer.error
    assert "The model host" in asked.answer.error["message"] or "The connection" in asked.answer.error["message"]
    assert asked.answer.finish == []
    assert 0 < len(asked.answer.text) < len(told(streaming.host, "Say hello")["content"])
    assert len(asked.attempts) == 1
    assert asked.costs[0]["outcome"] in {"upstream_error", "upstream_overloaded"}


@pytest.mark.parametrize("way", ["whole", "streamed"])
def test_what_was_paid_for_is_not_asked_for_again(chat: Served, client: Driver, way: str) -> None:
    """The host has charged for an answer that is of no use: a client that repeats by itself would pay twice."""
    retries = None if client.client.heeds_should_retry else 0
    asked = chat.ask(client, "Say hello [[fault cut]]", stream=way == "streamed", retries=retries)

    assert asked.answer.error
    assert len(asked.attempts) == 1
    assert asked.attempts[0]["charged_nano_usd"] > 0


def test_what_may_succeed_is_asked_for_again(chat: Served, client: Driver) -> None:
    """By the client itself, as it was made: nothing was paid for at the first time."""
    asked = chat.ask(client, f"Say hello [[fault status code=503 hint=1 times=1]] {chat.mode}", requests=2)

    assert asked.answer.error is None
    assert [row["status"] for row in asked.attempts] == [503, 200]
    asked.check_bill()


def test_a_client_that_leaves_pays_once(streaming: Served, client: Driver) -> None:
    """The function is not told of it, as in the cloud: it comes to its end, and its cost is known."""
    asked = streaming.ask(client, "Say hello", stream=True, leave_after=1)

    assert asked.answer.error is None
    assert asked.answer.pieces == 1
    assert asked.answer.finish == []
    (line,) = asked.costs
    (row,) = asked.attempts
    assert (line["outcome"], line["cost_nano_usd"]) == ("ok", row["charged_nano_usd"])


@pytest.mark.alone
def test_heartbeats_are_no_part_of_an_answer(streaming: Served, at_once: list[Driver]) -> None:
    """A stream may begin with them, while the model has not said anything yet."""
    started, ended = started_attempts(streaming), len(streaming.costs())
    with ThreadPoolExecutor(1) as threads:
        with silent(streaming.host):
            answers = threads.submit(together, at_once, streaming.url, "Say hello", stream=True)
            wait_for(lambda: started_attempts(streaming) == started + len(at_once), _STARTS_SECONDS)
            wait_for_heartbeat(streaming)
        content = told(streaming.host, "Say hello")["content"]
        seen = [(answer.error, answer.text, answer.finish) for answer in answers.result()]
    wait_for(lambda: len(streaming.costs()) == ended + len(at_once) + 1)  # with the one that was asked after them

    assert seen == [(None, content, ["stop"])] * len(at_once)


def started_attempts(chat: Served) -> int:
    return sum(line["message"] == "attempt_started" for line in lines(chat.running))


def wait_for_heartbeat(chat: Served) -> None:
    """Ask after the others, and wait for a heartbeat: they have had theirs by then."""
    body = {"model": MODEL, "messages": says("Say hello"), "stream": True}
    headers = {"Authorization": f"Bearer {KEY}"}
    url = f"{chat.url}/chat/completions"
    with httpx.stream("POST", url, json=body, headers=headers, timeout=_HEARTBEAT_SECONDS) as answer:
        assert next(answer.iter_lines()).startswith(":")
