"""The events that tell a caller how its request goes: `status`, `delta` and `reset`, and at last its result.

Of a reviewed request also `plan` and `review`, as the answer will have them.

They are a preview: the code is what the first tag of an answer opens, while the artifact is extracted from the whole
answer. Reasoning is never sent.
"""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from shared.artifacts.camel_model import CamelModel
from shared.artifacts.extraction import code_preview
from shared.artifacts.kinds import Kind
from shared.deadline import Clock
from shared.progress import Phase, Silent, StepResult
from shared.run import Run


class StatusEvent(CamelModel):
    """What happens now; the event `status`."""

    phase: Phase
    elapsed_seconds: float
    """Since the request was admitted."""
    characters: int
    """Of the answer that is being written, reasoning not included."""
    attempt: int
    """Which call to the model host this is, from 1."""


class DeltaEvent(CamelModel):
    """A further piece of the code, as it is written; the event `delta`."""

    code: str


class ResetEvent(CamelModel):
    """All code so far is withdrawn: another attempt begins, or it was no more than thought; the event `reset`."""

    attempt: int
    """The one that goes on from here."""


_STATUS_SECONDS = 1.0
"""How often a status tells of more characters; a phase is told of at once."""


class ProgressEvents(Silent):
    """Observes one request, and sends what its caller may know of it.

    Args:
        send: sends an event: its name, and its data as JSON on one line.
        run: whose attempts are counted.
        kind: the kind that is requested, if one is.
        result_event: the name of the event that holds the body of a success.
    """

    def __init__(
        self,
        send: Callable[[str, str], None],
        run: Run,
        kind: Kind | None,
        result_event: str = "artifact",
        clock: Clock = time.monotonic,
    ) -> None:
        self._send = send
        self._ledger = run.ledger
        self._kind = kind
        self._result_event = result_event
        self._clock = clock
        self._started_at = self._told_at = clock()
        self._preview = code_preview(kind)
        self._characters = 0
        self._told: tuple[Phase, int] = "thinking", 1

    def begin(self) -> None:
        """Send a first status, so that a caller knows at once that it is served."""
        self._send_status()

    def end(self, body: str, *, success: bool) -> None:
        """Send the body of the answer."""
        self._send(self._result_event if success else "error", body)

    def phase(self, phase: Phase) -> None:
        """Send a status, unless the last one said the same."""
        if phase == "checking":
            self._send_code(self._preview.end())
        attempt = len(self._ledger.attempts) + (phase != "checking")
        if (phase, attempt) != self._told:
            self._told = phase, attempt
            self._send_status()

    def text(self, piece: str) -> None:
        """Send the code that this piece adds, and now and then a status."""
        self._characters += len(piece)
        self._send_code(self._preview.feed(piece))
        if self._clock() - self._told_at >= _STATUS_SECONDS:
            self._send_status()

    def reset(self) -> None:
        """Withdraw all code sent so far."""
        self._preview = code_preview(self._kind)
        self._characters = 0
        self._send_event("reset", ResetEvent(attempt=len(self._ledger.attempts) + 1))

    def step_result(self, step: StepResult, body: Mapping[str, Any]) -> None:
        """Send what a step of a reviewed request brought."""
        self._send(step, json.dumps(body))

    def _send_code(self, code: str) -> None:
        if self._preview.withdrawn:
            self._send_event("reset", ResetEvent(attempt=self._told[1]))
        if code:
            self._send_event("delta", DeltaEvent(code=code))

    def _send_status(self) -> None:
        phase, attempt = self._told
        self._told_at = self._clock()
        seconds = round(self._told_at - self._started_at, 3)
        status = StatusEvent(phase=phase, elapsed_seconds=seconds, characters=self._characters, attempt=attempt)
        self._send_event("status", status)

    def _send_event(self, name: str, event: CamelModel) -> None:
        # ASCII only, so that it can be sent whatever characters a model writes.
        self._send(name, json.dumps(event.model_dump(by_alias=True)))
