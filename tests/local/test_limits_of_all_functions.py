"""Three functions behind one guard: each has request limits of its own, and all of them share the day's budget."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from shared.key_hashes import hash_key
from tests.local.bundle import at, lines, running_bundle
from tests.local.chat_answers import COMPLETIONS, KIMI, MODELS, ROUTE, says
from tests.local.emulator import Emulator, wait_for
from tests.local.streams import at_once
from tests.local.test_guard import PLENTY, charged, spent
from tests.local.test_system import FIX
from tests.support.standin import StandIn

KEYS = {name: f"ka-{name}-{'k3y-0f-4-t3st' * 2}" for name in ("ann", "ben")}
AT_ONCE = 100
LIMIT = 40
FUNCTIONS = ("generate_artifact", "generate_artifact_fix", "chat_completions")
CHAT = f"/chat-completions{COMPLETIONS}"
LONG = "A list [[fault length]]"
"""It is answered in as many tokens as are allowed."""
SVG = {"prompt": "A list", "artifactType": "svg"}
PAID: dict[str, tuple[str, dict[str, Any]]] = {
    "generate": ("/generate-artifact", SVG),
    "fix": ("/generate-artifact-fix", FIX),
    "whole": (CHAT, says(LONG)),
    "streamed": (CHAT, says(LONG, stream=True)),
    "kimi": (f"/chat-completions{KIMI}", {"prompt": LONG}),
}
"""A request of each kind that costs something; the last three are one function's."""
OF_FUNCTION = dict(zip(FUNCTIONS, (["generate"], ["fix"], ["whole", "streamed", "kimi"]), strict=True))


def send(running: Emulator, kind: str, key: str = "ann") -> httpx.Response:
    path, body = PAID[kind]
    headers = {"Authorization": f"Bearer {KEYS[key]}"}
    return running.request("POST", path, json=body, headers=headers, timeout=120)


def send_to_each(running: Emulator, key: str = "ann") -> dict[str, list[httpx.Response]]:
    """What comes of a hundred requests at once at each function, all three at the same time."""
    kinds = [kinds[number % len(kinds)] for number in range(AT_ONCE) for kinds in OF_FUNCTION.values()]
    answers = at_once([partial(send, running, kind, key) for kind in kinds])
    return {function: answers[place :: len(FUNCTIONS)] for place, function in enumerate(FUNCTIONS)}


def send_free(running: Emulator) -> list[httpx.Response]:
    """What comes of requests that ask no model."""
    headers = {"Authorization": f"Bearer {KEYS['ann']}"}
    listed: Callable[[], Any] = partial(running.request, "GET", f"/chat-completions{MODELS}", headers=headers)
    routed = partial(
        running.request, "POST", f"/chat-completions{ROUTE}", json={"prompt": "A list"}, headers=headers
    )  # fmt: skip
    return at_once([listed, routed] * 5)


def code_of(answer: httpx.Response) -> str:
    """The code of a failure, whose shape is that of its path."""
    path, body = answer.request.url.path, answer.json()
    if path == CHAT:
        assert body.keys() == {"error"}
        error = body["error"]
        assert error.keys() == {"message", "type", "param", "code"}
        assert (error["type"], error["param"]) == ("rate_limit_error", None)
        return str(error["code"])
    if path.endswith(KIMI):
        assert (body.keys(), body["ok"], body["status"]) == ({"ok", "status", "data"}, False, answer.status_code)
        body = body["data"]
    else:
        assert body["success"] is False
    assert body["requestId"] == answer.headers["x-request-id"]
    assert str(body["retryAfterSeconds"]) == answer.headers["retry-after"]
    return str(body["code"])


def check_refused(answers: list[httpx.Response], code: str) -> None:
    """Each that is not served is refused for this, before anything was streamed."""
    refused = [answer for answer in answers if answer.status_code != 200]
    assert {answer.headers["content-type"] for answer in refused} <= {"application/json"}
    assert {(answer.status_code, code_of(answer)) for answer in refused} <= {(429, code)}
    assert all(int(answer.headers["retry-after"]) > 0 for answer in refused)


def served(answers: list[httpx.Response]) -> list[httpx.Response]:
    return [answer for answer in answers if answer.status_code == 200]


@pytest.fixture
def limited(host: StandIn, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Emulator]:
    """The bundle with API keys, and the limits that the test names."""
    host.forget()
    hashes = json.dumps({name: hash_key(key) for name, key in KEYS.items()})
    settings = {"AUTH_MODE": "key", "API_KEYS": hashes, "LOCAL_CONCURRENCY": "4"}
    with running_bundle(tmp_path, **PLENTY | at(host) | settings | request.param) as running:
        yield running


@pytest.mark.parametrize("limited", [{"USER_LIMIT": str(LIMIT)}], indirect=True)
def test_of_100_at_once_at_each_function_exactly_its_limit_is_served(host: StandIn, limited: Emulator) -> None:
    """Of one caller; another caller has limits of their own, and what asks no model is counted nowhere."""
    answers = send_to_each(limited)

    assert {function: len(served(each)) for function, each in answers.items()} == dict.fromkeys(FUNCTIONS, LIMIT)
    for each in answers.values():
        check_refused(each, "rate_limited")
        left = [int(answer.headers["x-ratelimit-remaining"]) for answer in served(each)]
        assert sorted(left) == list(range(LIMIT))
        assert {answer.headers["x-ratelimit-remaining"] for answer in each if answer.status_code == 429} == {"0"}
    free = send_free(limited)
    assert {answer.status_code for answer in free} == {200}
    assert not any("x-ratelimit-limit" in answer.headers for answer in free)
    other = [send(limited, kind, "ben") for kind in ("generate", "fix", "whole", "kimi")]
    assert [answer.headers["x-ratelimit-remaining"] for answer in other] == ["39", "39", "39", "38"]
    wait_for(lambda: sum(line["message"] == "cost" for line in lines(limited)) == 3 * AT_ONCE + len(free) + len(other))
    costs = [line for line in lines(limited) if line["message"] == "cost"]
    assert sum(line["attempts"] for line in costs) == len(host.ledger()["calls"])
    assert sum(line["cost_nano_usd"] for line in costs) == charged(host) == spent(limited)
    assert not any(line["attempts"] for line in costs if line["status"] == 429)


@pytest.mark.parametrize("limited", [{"GLOBAL_LIMIT_PER_MINUTE": str(LIMIT)}], indirect=True)
def test_in_a_minute_each_function_serves_exactly_the_overall_limit(limited: Emulator) -> None:
    """Whatever minutes the requests fall into: an answer says when its minute ends."""
    answers = send_to_each(limited)

    for function, each in answers.items():
        check_refused(each, "rate_limited")
        by_minute: dict[str, Counter[int]] = defaultdict(Counter)
        for answer in each:
            by_minute[answer.headers["x-ratelimit-reset"]][answer.status_code] += 1
        print(f"\n{function}: {dict(by_minute)}")
        assert all(came[200] == LIMIT for came in by_minute.values() if came[429])
        assert all(came[200] <= LIMIT for came in by_minute.values())
        assert any(came[429] for came in by_minute.values())
    free = send_free(limited)
    assert {answer.status_code for answer in free} == {200}
    assert not any("x-ratelimit-limit" in answer.headers for answer in free)


@pytest.mark.parametrize("limited", [{"DAILY_BUDGET_USD": "0.1", "MAX_OUTPUT_TOKENS": "4000"}], indirect=True)
def test_all_functions_spend_one_budget_and_no_more(host: StandIn, limited: Emulator) -> None:
    """A call may cost a cent, as these chats do: some at a time are let through, and at last none that costs."""
    came = [one_by_one(limited)]
    assert len(served(came[0])) == len(PAID)
    while served(came[-1]):
        assert len(came) < 20
        came += [at_once([partial(send, limited, kind) for kind in PAID for _ in range(5)]), one_by_one(limited)]

    for answers in came:
        check_refused(answers, "budget_exhausted")
    print(f"\n{[len(served(each)) for each in came]} served, {charged(host)} of 100000000 nano-dollars spent")
    assert 80_000_000 < charged(host) <= 100_000_000
    assert spent(limited) == charged(host)
    assert {answer.status_code for answer in send_free(limited)} == {200}


def one_by_one(running: Emulator) -> list[httpx.Response]:
    """What comes of a request of each kind, one after the other."""
    return [send(running, kind) for kind in PAID]
