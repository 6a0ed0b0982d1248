"""What the client libraries make of streams that are slow, break off, or are left."""

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.clients.driver import KEY, MODEL, Driver
from tests.clients.served import Served, says, together, told
from tests.local.bundle import lines
from tests.local.emulator import wait_for
from tests.local.streams import silent

_HEARTBEAT_SECONDS = 30
"""How long a heartbeat may take, which is sent every five seconds."""


@pytest.mark.parametrize("fault", ["cut", "mid-error", "reset", "garbage-json"])
def test_an_answer_that_breaks_off_is_no_success(chat: Served, client: Driver, fault: str) -> None:
    """It is raised, after what came before it, and neither the function nor the client asks once more."""
    text = f"Say hello [[fault {fault}]]"
    asked = chat.ask(client, text, stream=True)

    assert asked.answer.error
    assert asked.answer.error["message"]
    assert asked.answer.finish == []
    assert 0 < len(asked.answer.text) < len(told(chat.host, "Say hello")["content"])
    assert len(asked.attempts) == 1
    assert [line["outcome"] for line in asked.costs] == ["upstream_error"]


def test_what_was_paid_for_is_not_asked_for_again(chat: Served, client: Driver) -> None:
    """The host has charged for an answer that is of no use: a client that repeats by itself would pay twice."""
    retries = None if client.client.heeds_should_retry else 0
    asked = chat.ask(client, "Say hello [[fault cut]]", retries=retries)

    assert asked.answer.error
    assert asked.answer.error["status"] == 502
    assert len(asked.attempts) == 1
    assert asked.attempts[0]["charged_nano_usd"] > 0


def test_a_client_that_leaves_ends_the_attempt(streaming: Served, at_once: list[Driver]) -> None:
    """What is left is noticed by the next heartbeat."""
    streaming.host.forget()
    before = len(streaming.costs())
    answers = together(at_once, streaming.url, "Say hello [[fault stall]]", stream=True, leave_after=1)
    wait_for(lambda: len(streaming.costs()) >= before + len(at_once), _HEARTBEAT_SECONDS)

    assert [answer.error for answer in answers] == [None] * len(at_once)
    outcomes = [(line["outcome"], line["attempts"]) for line in streaming.costs()[before:]]
    assert outcomes == [("client_gone", 1)] * len(at_once)
    assert len(streaming.host.ledger()["calls"]) == len(at_once)


def test_heartbeats_are_no_part_of_an_answer(streaming: Served, at_once: list[Driver]) -> None:
    """A stream may begin with them, while the model has not said anything yet."""
    started = started_attempts(streaming)
    with ThreadPoolExecutor(1) as threads:
        with silent(streaming.host):
            answers = threads.submit(together, at_once, streaming.url, "Say hello", stream=True)
            wait_for(lambda: started_attempts(streaming) == started + len(at_once))
            wait_for_heartbeat(streaming)
        content = told(streaming.host, "Say hello")["content"]
        seen = [(answer.error, answer.text, answer.finish) for answer in answers.result()]

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
