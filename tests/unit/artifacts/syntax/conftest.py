"""Lets `make coverage` see what a check does in its own process."""

import os
from collections.abc import Callable
from typing import NoReturn

import pytest
from coverage import Coverage, process_startup

from shared.artifacts.syntax import sandbox


@pytest.fixture(autouse=True)
def measured_children(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measure each child; of all tests only here, since writing the figures takes ten times as long as a check."""
    measuring = Coverage.current()
    if measuring is None:
        return
    run_and_exit, exit_now = sandbox._run_and_exit, os._exit

    def run_measured(work: Callable[[], object], writer: int, cpu_seconds: float) -> NoReturn:
        measuring.stop()
        own = process_startup(force=True)
        assert own is not None

        def save_and_exit(status: int) -> NoReturn:
            own.stop()
            own.save()
            exit_now(status)

        os._exit = save_and_exit  # in the child, which has nothing else to come
        run_and_exit(work, writer, cpu_seconds)

    monkeypatch.setattr(sandbox, "_run_and_exit", run_measured)
