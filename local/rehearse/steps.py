"""The steps of a rehearsal, printed as they are taken, each with the time that it took."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Step:
    """One step; `notes` is what it found, a line each."""

    name: str
    notes: list[str] = field(default_factory=list)
    seconds: float = 0
    done: bool = False

    def note(self, text: str) -> None:
        """Say something that the step found."""
        self.notes.append(text)


class Steps:
    """All steps so far."""

    def __init__(self) -> None:
        self._steps: list[Step] = []
        self._begun = time.monotonic()

    @contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Take a step: it is printed when it is over, and is done unless something was raised in it."""
        step = Step(name)
        self._steps.append(step)
        begun = time.monotonic()
        try:
            yield step
            step.done = True
        finally:
            step.seconds = time.monotonic() - begun
            print(f"{'ok  ' if step.done else 'FAIL'} {step.seconds:6.1f} s  {name}", flush=True)
            for note in step.notes:
                print(f"                {note}", flush=True)

    def summary(self) -> str:
        """Return one line on all steps."""
        done = sum(step.done for step in self._steps)
        return f"{done} of {len(self._steps)} steps were taken in {time.monotonic() - self._begun:.0f} s"
