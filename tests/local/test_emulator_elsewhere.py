"""`make run` on systems other than Linux, as far as Linux can show it: without what Linux alone has."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from asyncio.subprocess import Process
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from local.emulator import IMPORTED_AT, child_process, lifecycle
from tests.local.emulator import KEY, ROOT, emulator, is_alive, wait_for

# macOS has neither, before Python 3.13; without the first, asyncio waits for children as it does there.
_ELSEWHERE = """
import os
vars(os).pop("pidfd_open", None)
del os.waitid
from local.emulator import child_process
child_process._ON_LINUX = False
"""

# Signals its group, starts a process, names both, and ends when there is a file of the given name.
_CHILD = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.killpg(0, signal.SIGTERM)
started = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], stdout=-3, stderr=-3)
print(os.getpid(), started.pid, flush=True)
while not os.path.exists(sys.argv[1]):
    time.sleep(0.01)
"""

_PARENT = """
import asyncio, json, sys
from pathlib import Path
from local.emulator.child_process import start_python

async def main():
    child = await start_python("-c", sys.argv[1], "no file", cwd=Path.cwd(), env={})
    print(json.dumps([child.pid, *map(int, (await child.stdout.readline()).split())]), flush=True)
    await child.wait()

asyncio.run(main())
"""


@pytest.fixture
def elsewhere(tmp_path: Path) -> dict[str, str]:
    """The environment that takes from a Python what Linux alone has."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(_ELSEWHERE)
    return {"PYTHONPATH": f"{folder}:{ROOT}"}


@pytest.fixture
def _watched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child_process, "_ON_LINUX", False)


def test_killed_parent_takes_along_its_children_and_what_they_started(elsewhere: dict[str, str]) -> None:
    parent = subprocess.Popen([sys.executable, "-c", _PARENT, _CHILD], cwd=ROOT, env=elsewhere, stdout=subprocess.PIPE)
    with parent:
        assert parent.stdout
        pid, own, started = json.loads(parent.stdout.readline())
        members = _group(pid)
        alive = [process for process in members if is_alive(process)]
        parent.kill()

    assert own == pid, "the child has the process id that its parent knows"
    assert set(alive) == set(members) > {pid, started}
    assert len(members) == 3, "the child, what it started and what watches"
    wait_for(lambda: not any(map(is_alive, members)), 2)


def test_killed_make_run_leaves_no_process_behind(tmp_path: Path, elsewhere: dict[str, str]) -> None:
    """Neither the stand-in nor a function that is busy, nor what watches them."""
    mark = tmp_path / "mark"
    with emulator(tmp_path, **elsewhere) as toys, ThreadPoolExecutor() as threads:
        threads.submit(toys.call, {"do": "touch and sleep", "touch": str(mark), "seconds": 20})
        wait_for(mark.exists)
        groups = [_group(child) for child in toys.children("")]
        toys.stop(signal.SIGKILL)

        assert len(groups) > 1
        assert all(len(group) == 2 for group in groups)
        wait_for(lambda: not any(is_alive(member) for group in groups for member in group), 2)


def test_signal_ends_everything_at_once(tmp_path: Path, elsewhere: dict[str, str]) -> None:
    """As on Linux."""
    mark = tmp_path / "mark"
    with emulator(tmp_path, **KEY, **elsewhere) as toys, ThreadPoolExecutor() as threads:
        threads.submit(toys.call, {"do": "touch and sleep", "touch": str(mark), "seconds": 20})
        wait_for(mark.exists)
        members = [member for child in toys.children("") for member in _group(child)]

        assert toys.stop(signal.SIGTERM) == 0
        assert members
        wait_for(lambda: not any(map(is_alive, members)), 1)
        assert toys.stderr.partition("Ctrl-C ends it")[2] == ")\n"


@pytest.mark.usefixtures("_watched")
def test_child_has_its_environment_an_empty_input_and_its_own_exit_status(tmp_path: Path) -> None:
    tell = "import json, os, sys; print(json.dumps([dict(os.environ), os.getcwd(), sys.stdin.read()])); sys.exit(7)"

    async def run() -> tuple[bytes, bytes, int | None]:
        child = await child_process.start_python("-c", tell, cwd=tmp_path, env={"PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"})
        stdout, stderr = await _read(child)
        return stdout, stderr, child.returncode

    stdout, stderr, status = asyncio.run(run())

    assert json.loads(stdout) == [{"PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"}, str(tmp_path), ""]
    assert stderr == b""
    assert status == 7


@pytest.mark.usefixtures("_watched")
def test_child_that_ends_by_itself_takes_along_what_it_started_and_what_watches(tmp_path: Path) -> None:
    """Its parent may go on for days."""
    may_end = tmp_path / "may end"

    async def run() -> list[int]:
        child = await child_process.start_python("-c", _CHILD, str(may_end), cwd=tmp_path, env={})
        assert child.stdout
        await child.stdout.readline()
        members = _group(child.pid)
        may_end.touch()
        await _read(child)
        await asyncio.sleep(0)  # asyncio closes the pipe now
        wait_for(lambda: not any(map(is_alive, members)), 2)
        return members

    assert len(asyncio.run(run())) == 3


@pytest.mark.usefixtures("_watched")
@pytest.mark.parametrize("has_waitid", [True, False])
def test_child_runs_until_it_has_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, has_waitid: bool) -> None:
    """Although the loop stands still meanwhile, so that asyncio hears of nothing."""

    async def run() -> tuple[bool, bool]:
        child = await child_process.start_python("-c", "import time; time.sleep(60)", cwd=tmp_path, env={})
        before = child_process.is_running(child)
        child_process.kill(child)
        wait_for(lambda: not is_alive(child.pid))
        if not has_waitid:
            _collect(child)
        after = child_process.is_running(child)
        await child.wait()
        return before, after

    if not has_waitid:
        monkeypatch.delattr(os, "waitid")
    assert asyncio.run(run()) == (True, False)


def test_group_that_macos_will_not_signal_has_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: int) -> None:
        raise PermissionError

    async def run() -> None:
        child = await child_process.start_python("-c", "", cwd=tmp_path, env={})
        with monkeypatch.context() as patched:
            patched.setattr(os, "killpg", refuse)
            child_process.kill(child)
        await child.wait()

    asyncio.run(run())


def test_time_since_the_start_is_known_without_proc(tmp_path: Path) -> None:
    imported = time.monotonic() - IMPORTED_AT

    assert imported <= lifecycle._seconds_since_start(str(tmp_path / "none")) < imported + 1


def _collect(child: Process) -> None:
    """Do what a thread of asyncio's does where there is no `waitid`."""
    with suppress(ChildProcessError):  # Python 3.11 has such a thread on Linux too
        os.waitpid(child.pid, 0)


async def _read(child: Process) -> tuple[bytes, bytes]:
    """Return all that it writes until it ends; `communicate` would close its input, and so end it."""
    assert child.stdout
    assert child.stderr
    async with asyncio.timeout(10):
        stdout, stderr, _ = await asyncio.gather(child.stdout.read(), child.stderr.read(), child.wait())
    return stdout, stderr


def _group(pid: int) -> list[int]:
    """Return the processes of the group that this process leads."""
    return [member for member, group in _processes() if group == pid]


def _processes() -> Iterator[tuple[int, int]]:
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):
            yield int(stat.parent.name), int(stat.read_text().rpartition(")")[2].split()[2])
