"""An outage of the model host: what the day's books hold of it, and that it is over for callers when it is over."""

import json
import re
import socket
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.local.bundle import lines, running_bundle
from tests.local.emulator import Emulator
from tests.local.test_guard import PLENTY, spent
from tests.support.sockets import HEAD, read_json, send_answer, send_chunk, serving

REQUESTS = 50
KINDS = ("closed", "stalled", "502", "cut")
MODELS = {"moonshotai/kimi-k2-thinking": (600, 2500, 40), "moonshotai/kimi-k2.6": (950, 4000, 85)}
"""Nano-dollars per token of prompt and output, and tokens per second."""
ARTIFACT = (
    '<artifact type="image/svg+xml" title="A"><svg xmlns="http://www.w3.org/2000/svg"><rect width="9" height="9"/>'
    "</svg></artifact>"
)
GOOD = {"choices": [{"message": {"content": ARTIFACT}, "finish_reason": "stop"}], "usage": {"cost": 0.01}}


@dataclass
class Host:
    """A host that fails in one way per request, or in all of them in turn, until it is well; it keeps account."""

    is_well: bool = False
    account: dict[int, list[tuple[str, dict[str, Any]]]] = field(default_factory=lambda: defaultdict(list))
    """What was done to the calls of each request, and what they asked for."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def running(self) -> Iterator[str]:
        with serving(self._answer) as url:
            yield url

    def _answer(self, connection: socket.socket, _number: int) -> None:
        while (body := read_json(connection)) is not None:
            found = re.search(r"Number (\d+)", body["messages"][-1]["content"])
            assert found is not None
            number = int(found[1])
            with self._lock:
                kind = "well" if self.is_well else self._kind(number)
                self.account[number].append((kind, body))
            if kind == "well":
                send_answer(connection, json.dumps(GOOD).encode())
            elif kind == "502":
                connection.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
            elif kind == "closed":
                return
            else:
                connection.sendall(HEAD)
                send_chunk(connection, b": OPENROUTER PROCESSING\n\n")
                if kind == "cut":
                    send_chunk(connection, b'data: {"id":"gen-1","choices":[{"delta":{"reasoning":"Hm"}}]}\n\n')
                    return
                connection.recv(1)  # until the client gives up
                return

    def _kind(self, number: int) -> str:
        mode = number % (len(KINDS) + 1)
        return KINDS[mode if mode < len(KINDS) else (number // 5 + len(self.account[number])) % len(KINDS)]


def worth(kind: str, body: dict[str, Any]) -> int:
    """The most that one call is worth by the rule, in nano-dollars, from what the host did and was asked for."""
    prompt_price, output_price, rate = MODELS[body["model"]]
    prompt = (sum(len(each["content"].encode()) + 16 for each in body["messages"]) + 100) * prompt_price
    output = {"closed": 0, "stalled": min(60 * rate, body["max_tokens"]), "cut": body["max_tokens"]}
    return 0 if kind == "502" else prompt + output[kind] * output_price


def ask(running: Emulator, number: int) -> httpx.Response:
    body = {"prompt": f"Number {number}", "artifactType": "svg"}
    return running.request("POST", "/generate-artifact", json=body, timeout=120)


def test_an_outage_books_what_the_rule_says_and_callers_are_served_when_it_is_over(tmp_path: Path) -> None:
    host = Host()
    limits = {"DAILY_BUDGET_USD": "50", "CALLER_DAILY_BUDGET_USD": "5", "FIRST_TOKEN_SECONDS": "0.5"}
    with host.running() as url:
        settings = {"OPENROUTER_K2T_KEY": "sk-test", "OPENROUTER_BASE_URL": url}
        with running_bundle(tmp_path, **settings, **PLENTY | limits) as running:
            with ThreadPoolExecutor(8) as threads:
                answers = list(threads.map(lambda number: ask(running, number), range(REQUESTS)))
            booked = spent(running)
            host.is_well = True
            after = ask(running, REQUESTS)
            calls = [call for number in range(REQUESTS) for call in host.account[number]]
            print(f"\nanswers {Counter(answer.json()['code'] for answer in answers)}")
            print(
                f"calls {Counter(kind for kind, _ in calls)}; booked ${booked / 1e9:.6f}; after it {after.status_code}"
            )

            assert after.status_code == 200, after.text
            assert {answer.json()["code"] for answer in answers} == {"upstream_error"}
            assert booked == sum(max(worth(*call) for call in host.account[number]) for number in range(REQUESTS))
            assert spent(running) == booked + 10_000_000
            assert {kind for kind, _ in calls} == set(KINDS)
            assert sum(line["attempts"] for line in lines(running) if line["message"] == "cost") == len(calls) + 1
