"""The bundle as `make run` serves it, and what its functions log."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.local.emulator import ROOT, Emulator, emulator, wait_for
from tests.support.issuer import AUDIENCE, ISSUER, Fetches
from tests.support.standin import StandIn


@contextmanager
def running_bundle(folder: Path, **environment: str) -> Iterator[Emulator]:
    """The bundle in a folder without a `.env` file: nobody's key is spent by a test.

    At the end all that it wrote is searched for what went through its client: see `tests/support/leaks.py`.
    """
    root = folder / "root"
    root.mkdir()
    for name in ("template.yaml", "functions", "shared"):
        (root / name).symlink_to(ROOT / name)
    with emulator(folder, root / "template.yaml", **environment) as running:
        running.be_watched()
        yield running
        running.stop()  # so that all is written
        running.watch.check(running.stdout + running.stderr)


def at(host: StandIn) -> dict[str, str]:
    """The settings that point the bundle at this host."""
    return {"OPENROUTER_K2T_KEY": "sk-test", "OPENROUTER_BASE_URL": host.url}


def trusting(issuer: Fetches, host: StandIn, **settings: str) -> dict[str, str]:
    """The settings of a bundle that takes this issuer's tokens."""
    accepted = {"AUTH_MODE": "jwt", "JWT_ISSUER": ISSUER, "JWT_AUDIENCE": AUDIENCE, "JWT_JWKS_URL": issuer.url}
    return {**at(host), "LOCAL_CONCURRENCY": "1", **accepted, **settings}


def lines(running: Emulator) -> list[dict[str, Any]]:
    """The functions' log lines so far, without those of the metrics: every line of standard output is one."""
    whole = running.stdout.rpartition("\n")[0]
    return [line for text in whole.splitlines() if (line := json.loads(text))["message"] != "metrics"]


def lines_of(running: Emulator, request_id: str) -> list[dict[str, Any]]:
    """The lines of one request, from when its cost line is there."""

    def found() -> list[dict[str, Any]]:
        return [line for line in lines(running) if line.get("request_id") == request_id]

    wait_for(lambda: any(line["message"] == "cost" for line in found()), 5)
    return found()


def generate(running: Emulator, prompt: str, **fields: Any) -> httpx.Response:
    return running.call({"prompt": prompt, **fields}, "generate-artifact")
