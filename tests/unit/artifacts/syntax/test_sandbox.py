"""Work in a child process: its result comes back, and nothing that it does reaches this process."""

import faulthandler
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from shared.artifacts.syntax import sandbox
from shared.artifacts.syntax.sandbox import CrashedError, ExhaustedError, OverdueError

T = TypeVar("T")


def run(work: Callable[[], T], seconds: float) -> T:
    return sandbox.run(work, seconds, cpu_seconds=0.5)


def children() -> set[str]:
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


@pytest.fixture(autouse=True)
def _no_child_is_left() -> Iterator[None]:
    """Not even one that nobody waited for; other tests have servers running."""
    before = children()
    yield
    assert children() <= before


def test_what_the_work_returns_comes_back() -> None:
    large = [("é" * 100_000, number) for number in range(10)]

    assert run(lambda: large, 10) == large
    assert run(lambda: None, 10) is None


def test_nothing_that_the_work_changes_is_changed_here(capfd: pytest.CaptureFixture[str]) -> None:
    changed: list[int] = []

    def work() -> int:
        changed.append(1)
        os.write(2, b"from a library that gives up")
        return os.getpid()

    assert run(work, 10) != os.getpid()
    assert changed == []
    assert capfd.readouterr().err == ""


def grow() -> int:
    return len([bytes(1_000_000) for _ in range(2 * sandbox.MEMORY_BYTES // 1_000_000)])


def compute() -> None:
    while True:
        pass


def overflow() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


@pytest.fixture
def _quiet() -> Iterator[None]:
    """No traces of the signals that end a child: this process has its own way to write them."""
    faulthandler.disable()
    yield
    faulthandler.enable(sys.__stderr__ or sys.stderr)


@pytest.mark.usefixtures("_quiet")
@pytest.mark.parametrize("work", [grow, compute, os.abort, overflow, lambda: os._exit(3), lambda: sys.exit(0)])
def test_work_that_takes_too_much_or_ends_its_process_is_exhausted(work: Callable[[], object]) -> None:
    with pytest.raises(ExhaustedError):
        run(work, 60)


def test_work_that_only_waits_is_ended_in_time() -> None:
    began = time.monotonic()

    with pytest.raises(OverdueError):
        run(lambda: time.sleep(30), 0.05)

    assert time.monotonic() - began < 10


def test_no_time_is_too_little() -> None:
    with pytest.raises(OverdueError):
        run(compute, 0.0)


def test_a_mistake_in_the_work_says_where_it_was_made_and_not_what_it_said() -> None:
    def work() -> None:
        msg = "secret"
        raise KeyError(msg)

    with pytest.raises(CrashedError) as raised:
        run(work, 10)

    assert raised.value.exception_name == "KeyError"
    assert raised.value.frames[-1].endswith("work")
    assert "secret" not in repr(raised.value.frames)


def test_a_lock_that_another_thread_holds_does_no_harm() -> None:
    lock, done = threading.Lock(), threading.Event()

    def hold() -> None:
        with lock:
            done.wait(30)

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert run(lambda: 1, 10) == 1
    finally:
        done.set()
        holder.join()


def test_a_machine_that_has_no_process_to_spare_is_exhausted(monkeypatch: pytest.MonkeyPatch) -> None:
    def fork() -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", fork)

    with pytest.raises(ExhaustedError):
        run(lambda: 1, 10)
