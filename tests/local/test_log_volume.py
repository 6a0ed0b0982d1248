"""How much a request logs: what docs/capacity.md assumes."""

import re
from pathlib import Path

import pytest

from tests.local.bundle import at, lines_of, running_bundle
from tests.local.emulator import ROOT, wait_for
from tests.support.standin import StandIn

PLATFORM, EVENT, REPEATED = 650, 26, 0.1
"""Bytes of Lambda's own two lines, what CloudWatch adds to each, and the share of requests with another attempt."""


def test_a_request_logs_as_many_bytes_as_is_assumed(host: StandIn, tmp_path: Path) -> None:
    found = re.search(
        r"^\| log bytes per artifact \| ([\d,]+) \|", (ROOT / "docs/capacity.md").read_text(), re.MULTILINE
    )
    assert found is not None

    with running_bundle(tmp_path, **at(host), LOCAL_CONCURRENCY="1") as running:
        answer = running.request("POST", "/generate-artifact", json={"prompt": "A list", "artifactType": "react"})
        assert answer.status_code == 200
        lines_of(running, answer.json()["requestId"])
        wait_for(lambda: running.stdout.count('"metrics"') == 2)
        written = running.stdout.splitlines(keepends=True)

    attempt = [len(line.encode()) + EVENT for line in written if '"message":"attempt' in line]
    own = sum(len(line.encode()) + EVENT for line in written)
    assert (len(written), len(attempt)) == (5, 2)
    assert own + PLATFORM + 2 * EVENT + REPEATED * sum(attempt) == pytest.approx(
        int(found[1].replace(",", "")), rel=0.05
    )
