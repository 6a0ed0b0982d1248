"""Reviewed requests through `make run`, and what was logged of them."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

import httpx

from local.standin.artifact import Artifact
from local.standin.examples import example_for, examples
from local.standin.kinds import Kind
from tests.local.bundle import generate, lines_of
from tests.local.emulator import Emulator
from tests.support.standin import StandIn

TODO, ROCKET = example_for(Kind.REACT, "todo"), example_for(Kind.SVG, "rocket")
"""One is long enough for edits, the other is not."""
SETTINGS = {"MAX_ATTEMPTS": "2", "MAX_RETRY_WAIT_SECONDS": "0.5"}
"""So that nothing is waited for that a test does not need."""
_WORDS = {example.artifact.title: " ".join(sorted(example.words)) for example in examples()}


@dataclass(frozen=True)
class Made:
    """The answer to a request, and what was logged of it."""

    status: int
    body: dict[str, Any]
    cost: dict[str, Any]
    attempts: list[dict[str, Any]]

    @property
    def code(self) -> str:
        return str(self.body["artifact"]["code"])

    @property
    def review(self) -> dict[str, Any]:
        return dict(self.body["review"])

    @property
    def steps(self) -> list[str]:
        """The purposes of the attempts, each once for all that came in a row."""
        return [purpose for purpose, _ in groupby(line["purpose"] for line in self.attempts)]


def made(running: Emulator, host: StandIn, prompt: str, **fields: Any) -> Made:
    """What comes of a reviewed request."""
    answer = generate(running, prompt, workflow="reviewed", **fields)
    return logged(answer, lines_of(running, answer.json()["requestId"]), host.ledger()["calls"])


def logged(answer: httpx.Response, written: list[dict[str, Any]], calls: list[dict[str, Any]]) -> Made:
    """What came of a request: it has one cost line, which says what its attempts and the ledger say."""
    body = answer.json()
    own = [line for line in written if line["request_id"] == body["requestId"]]
    (cost,) = [line for line in own if line["message"] == "cost"]
    attempts = [line for line in own if line["message"] == "attempt"]
    amounts = [line["cost_nano_usd"] for line in attempts if line["cost_nano_usd"] is not None]
    assert cost["cost_nano_usd"] == (sum(amounts) if amounts else None)
    assert (cost["workflow"], cost["attempts"], body["attempts"]) == ("reviewed", len(attempts), len(attempts))
    reported = {line["generation_id"]: line["cost_nano_usd"] for line in attempts if line["cost_source"] == "reported"}
    rows = {row["generation_id"]: row["sent_nano_usd"] for row in calls if row["generation_id"] in reported}
    assert rows == reported
    if body["success"]:
        review = body.get("review")
        assert cost["findings"] == (len(review["findings"]) if review else None)
        assert cost["rebuild"] == (review or {}).get("rebuild")
        assert cost["model"] == body["model"]
    return Made(answer.status_code, body, cost, attempts)


def prompt_for(artifact: Artifact, *directives: str) -> str:
    return " ".join([f"Make a {_WORDS[artifact.title]}", *(f"[[fault {directive}]]" for directive in directives)])
