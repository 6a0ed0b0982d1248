"""Where the emulator listens: other machines may not reach it."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from local.rehearse.background import running
from local.rehearse.errors import RehearsalError
from local.rehearse.listening import require_loopback
from tests.local.emulator import wait_for

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
LISTENS = """
import socket, subprocess, sys, time
if len(sys.argv) > 2:  # as a function's process does: a child listens, not the emulator itself
    sys.exit(subprocess.run([sys.executable, "-c", sys.argv[2], sys.argv[1]]).returncode)
family = socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET
with socket.create_server((sys.argv[1], 0), family=family) as server:
    print(server.getsockname()[1], flush=True)
    time.sleep(60)
"""


@contextmanager
def listening(address: str, folder: Path, *more: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    log = folder / "log"
    command = [sys.executable, "-c", LISTENS, address, *more]
    with running(command, cwd=folder, environment={"PATH": os.environ["PATH"]}, log=log) as process:
        while not (port := re.match(r"(\d+)\n", log.read_text())):
            assert process.poll() is None, log.read_text()
        yield process, int(port[1])


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1"])
@pytest.mark.parametrize("more", [(), (LISTENS,)], ids=["itself", "a child"])
def test_loopback_is_all_right(tmp_path: Path, address: str, more: tuple[str, ...]) -> None:
    with listening(address, tmp_path, *more) as (process, port):
        assert require_loopback(process.pid) == [f"{address}:{port}"]


@pytest.mark.parametrize("address", ["0.0.0.0", "::"])  # noqa: S104 - that is what is refused
@pytest.mark.parametrize("more", [(), (LISTENS,)], ids=["itself", "a child"])
def test_all_addresses_are_refused(tmp_path: Path, address: str, more: tuple[str, ...]) -> None:
    with listening(address, tmp_path, *more) as (process, port), pytest.raises(RehearsalError) as refused:
        require_loopback(process.pid)

    assert f"{address}:{port}" in str(refused.value)


def test_nothing_outlives_it(tmp_path: Path) -> None:
    with listening("127.0.0.1", tmp_path, LISTENS) as (process, _):
        session = process.pid

    assert process.returncode is not None
    wait_for(lambda: not require_loopback(session))  # a child that was killed takes a moment to be gone
