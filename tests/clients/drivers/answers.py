"""What a driver reads and writes: orders from standard input, answers to standard output, a line of JSON each.

It runs in the clients' own environment, so it imports nothing but the standard library.
"""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

Order = Mapping[str, Any]
"""What is asked, as `tests/clients/driver.py` writes it."""


@dataclass
class Answer:
    """What the caller of a client gets to see.

    Attributes:
        text: all of the content.
        reasoning: all of the reasoning, where the client shows it.
        finish: every reason to finish that was told, in order.
        calls: the tool calls, each with its name and its arguments.
        usage: the sums of all that was told of tokens and cost, which is None where the client shows none.
        pieces: how many pieces of content there were.
        error: what was raised, if anything was.
    """

    text: str = ""
    reasoning: str = ""
    finish: list[str] = field(default_factory=list)
    calls: list[dict[str, Any]] = field(default_factory=list)
    usage: dict[str, Any] = field(default_factory=lambda: {"prompt": 0, "completion": 0, "cost": None})
    pieces: int = 0
    error: dict[str, Any] | None = None

    def add(self, text: str | None, reasoning: str | None = None) -> None:
        """Take in one piece."""
        self.text += text or ""
        self.reasoning += reasoning or ""
        self.pieces += bool(text)

    def call(self, name: str, arguments: str) -> None:
        """Take in a tool call."""
        self.calls.append({"name": name, "arguments": json.loads(arguments)})

    def spend(self, prompt: int, completion: int, cost: float | None) -> None:
        """Take in what the client says was used."""
        self.usage["prompt"] += prompt
        self.usage["completion"] += completion
        if cost is not None:
            self.usage["cost"] = (self.usage["cost"] or 0) + cost


def serve(ask: Callable[[Order, Answer], None], describe: Callable[[Exception], dict[str, Any]]) -> None:
    """Answer each order; whatever a client raises is described in the answer, beside what came before it."""
    for line in sys.stdin:
        answer = Answer()
        try:
            ask(json.loads(line), answer)
        except Exception as error:  # noqa: BLE001 - what is raised is the result
            classes = [each.__name__ for each in type(error).__mro__]
            answer.error = {"classes": classes, "message": str(error), **describe(error)}
        print(json.dumps(asdict(answer)), flush=True)
