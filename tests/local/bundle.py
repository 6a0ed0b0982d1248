"""The bundle as `make run` serves it, and what its functions log."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from local.emulator.host_settings import HOSTS
from tests.local.emulator import ROOT, Emulator, emulator, wait_for
from tests.support.issuer import AUDIENCE, ISSUER, Fetches
from tests.support.standin import StandIn

_DAY, _LONGEST = 86_400, 90
"""Seconds: a day of UTC, and what a test of budgets takes on a busy machine."""


@contextmanager
def running_bundle(folder: Path, **environment: str) -> Iterator[Emulator]:
    """The bundle in a folder without a `.env` file: nobody's key is spent by a test.

    One with a guard is not begun shortly before midnight, when its budgets are new. At the end all that it wrote is
    searched for what went through its client: see `tests/support/leaks.py`.
    """
    to_midnight = _DAY - time.time() % _DAY
    if environment.get("ENABLE_GUARD") == "true" and to_midnight < _LONGEST:
        time.sleep(to_midnight)
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


def at_hosts(host: StandIn, *models: str) -> dict[str, str]:
    """The settings that point the bundle at all of a stand-in's hosts, each with a key of its own, and its models."""
    keys = {each.key: f"sk-test-{each.name}" for each in HOSTS}
    return keys | {each.url: host.url_of(each.name) for each in HOSTS} | {"MODELS": ",".join(models)}


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

    wait_for(lambda: any(line["message"] == "cost" for line in found()))
    return found()


def generate(running: Emulator, prompt: str, **fields: Any) -> httpx.Response:
    return running.call({"prompt": prompt, **fields}, "generate-artifact")


def check_bill(written: list[dict[str, Any]], ledger: dict[str, Any]) -> None:
    """The costs in a log add up to what the host has put on the wire, to the nano-dollar.

    What it wrote in attempts marked `unknown` is not part of it, nor is what was estimated for want of a figure.
    """
    attempts = [line for line in written if line["message"] == "attempt"]
    rows = {row["generation_id"]: row["sent_nano_usd"] for row in ledger["calls"]}
    known = [line for line in attempts if line["cost_source"] in {"reported", "none"}]
    assert sum(line["cost_nano_usd"] for line in known) == sum(
        rows[line["generation_id"]] for line in known if line["generation_id"]
    )
    unbooked = {line["generation_id"] for line in attempts if line["cost_source"] in {"unknown", "estimated"}}
    estimated = sum(line["cost_nano_usd"] for line in attempts if line["cost_source"] == "estimated")
    booked = sum(line["cost_nano_usd"] or 0 for line in written if line["message"] == "cost") - estimated
    assert booked == ledger["sent_nano_usd"] - sum(rows[each] for each in unbooked)
    assert booked > 0
    assert unbooked
    assert len(attempts) == len(ledger["calls"])
