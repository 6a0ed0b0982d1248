"""One question asked by a client of its own, and what came of it."""

import time
from dataclasses import dataclass, field
from typing import Any

from shared.errors import Failure
from shared.model_host import Client, Completion, Question
from shared.settings import Settings
from tests.support.runs import Lines, a_run, cost_line

SYSTEM = {"role": "system", "content": 'Answer with <artifact type="text/markdown" title="…">.'}


@dataclass
class Outcome:
    """What came of one question."""

    result: Completion | Failure
    seconds: float
    waits: list[float]
    lines: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    @property
    def calls(self) -> list[dict[str, Any]]:
        return [line for name, line in self.lines if name == "attempt"]

    @property
    def cost(self) -> dict[str, Any]:
        (line,) = [line for name, line in self.lines if name == "cost"]
        return line


def settings_for(url: str, **settings: Any) -> Settings:
    given = {"openrouter_base_url": url, "openrouter_k2t_key": "key", "models": ("moonshotai/kimi-k2-thinking",)}
    return Settings.model_validate(given | settings)


def question_of(prompt: str) -> Question:
    return Question([SYSTEM, {"role": "user", "content": prompt}])


def ask(url: str, prompt: str, *, seconds: float = 20.0, extend: bool = False, **settings: Any) -> Outcome:
    """Ask with a client of its own, whose backoff sleeps are noted and not slept; `extend` asks for more tokens too."""
    waits: list[float] = []
    lines = Lines()
    client = Client.of(settings_for(url, **settings), sleep=waits.append, jitter=lambda _low, high: high)
    run, question = a_run(seconds, lines=lines), question_of(prompt)
    began = time.monotonic()
    try:
        result: Completion | Failure = client.complete(question, run)
        if extend and isinstance(result, Completion):
            result = client.retry_with_more_tokens(question, result, run) or result
    except Failure as failure:
        result = failure
    took = time.monotonic() - began
    lines.emit("cost", cost_line(run.ledger, "ok" if isinstance(result, Completion) else result.code)._asdict())
    assert not [each for each in connections(client) if not each.is_idle() and not each.is_closed()], "a leak"
    client.close()
    return Outcome(result, took, waits, lines)


def connections(client: Client) -> list[Any]:
    """The connections that the client has; an idle one is kept on purpose."""
    return list(client._http._transport._pool.connections)  # type: ignore[attr-defined]
