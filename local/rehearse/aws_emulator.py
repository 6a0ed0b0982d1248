"""The AWS emulator (ministack) and the stand-in model host, as processes on loopback."""

import os
import re
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from local.rehearse.background import running
from local.rehearse.errors import RehearsalError
from local.rehearse.listening import require_loopback

REGION: Final = "us-east-1"
_ROOT = Path(__file__).parents[2]
_START_SECONDS = 30
_LAST_LINES = 25


@dataclass(frozen=True)
class AwsEmulator:
    """A running emulator."""

    url: str
    version: str
    session: int
    home: Path

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment of programs that are to take this emulator for AWS, and find no account of a user."""
        return {
            "AWS_ACCESS_KEY_ID": "test",  # the emulator's root
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ENDPOINT_URL": self.url,
            "AWS_SECRET_ACCESS_KEY": "test",
            "HOME": os.fspath(self.home),
            "PATH": os.environ["PATH"],
            "SAM_CLI_TELEMETRY": "0",
        }

    def require_loopback(self) -> list[str]:
        """Return where it and its functions listen; RehearsalError if other machines can reach that."""
        return require_loopback(self.session)


@contextmanager
def aws_emulator(program: Path, folder: Path) -> Iterator[AwsEmulator]:
    """Run the emulator with its files in a folder, until it is left."""
    port = _free_port()
    home = folder / "home"
    home.mkdir()
    environment = {
        "AUTH": "true",  # roles may do what their policies say, and nothing else
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "HOME": os.fspath(home),
        "IOT_MTLS_ENABLED": "0",  # would listen on all addresses
        "PATH": os.environ["PATH"],
        "PYTHONUNBUFFERED": "1",
        "SFTP_ENABLED": "0",
        "TMPDIR": os.fspath(folder),
    }
    log = folder / "emulator.log"
    with running([os.fspath(program.absolute())], cwd=folder, environment=environment, log=log) as process:
        url = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + _START_SECONDS
        while (health := _health(url)) is None:
            if process.poll() is not None or time.monotonic() > deadline:
                msg = f"the emulator did not start:\n{last_lines(log)}"
                raise RehearsalError(msg)
            time.sleep(0.1)
        emulator = AwsEmulator(url, str(health.get("version", "?")), process.pid, home)
        emulator.require_loopback()
        yield emulator


@contextmanager
def stand_in_host(folder: Path) -> Iterator[str]:
    """Run the stand-in model host, until it is left; where it listens is given, as `http://127.0.0.1:PORT`."""
    log = folder / "model-host.log"
    command = [sys.executable, "-m", "local.standin", "--port", "0", "--pace", "instant"]
    environment = {"PATH": os.environ["PATH"], "PYTHONUNBUFFERED": "1"}
    with running(command, cwd=_ROOT, environment=environment, log=log) as process:
        deadline = time.monotonic() + _START_SECONDS
        while not (found := re.search(r"http://127\.0\.0\.1:\d+", log.read_text("utf-8"))):
            if process.poll() is not None or time.monotonic() > deadline:
                msg = f"the stand-in model host did not start:\n{last_lines(log)}"
                raise RehearsalError(msg)
            time.sleep(0.1)
        yield found[0]


def last_lines(log: Path) -> str:
    """Return the end of a log."""
    return "\n".join(log.read_text("utf-8", "replace").splitlines()[-_LAST_LINES:])


def _health(url: str) -> dict[str, object] | None:
    try:
        answer = httpx.get(f"{url}/_ministack/health", timeout=2, trust_env=False)
        return dict(answer.json()) if answer.status_code == httpx.codes.OK else None
    except (httpx.HTTPError, ValueError):
        return None


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
