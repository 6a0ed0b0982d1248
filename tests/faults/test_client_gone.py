"""A caller that goes away while the host writes, or is silent: nothing more is paid for."""

import io
import json
import time
from types import SimpleNamespace
from typing import Any

import pytest

from shared.artifacts.contract import GENERATED, ArtifactContract, GenerateRequest
from shared.artifacts.generate import generate
from shared.artifacts.repair_loop import Dependencies, Made
from shared.edge.endpoint import Endpoint
from shared.run import Run
from shared.settings import Settings
from tests.support.logged import logged_to
from tests.support.standin import StandIn

pytestmark = pytest.mark.alone


def work(request: GenerateRequest, dependencies: Dependencies, run: Run) -> Made:
    return generate(dependencies, run, request.brief)


@pytest.mark.parametrize(
    ("fault", "seconds", "outcome"),
    [
        ("keepalive", 1, "deadline_exceeded"),
        ("stall comments=1", 1, "deadline_exceeded"),
        ("trickle seconds=0.01", 1, "deadline_exceeded"),
        ("stall", 2, "deadline_exceeded"),
        ("rate-limit retry_after=20", 1, "upstream_rate_limited"),
    ],
    ids=["comments", "comments-in-mid-stream", "content", "silence", "wait-for-a-retry"],
)
def test_the_attempt_under_way_ends(
    host: StandIn, fault: str, seconds: float, outcome: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within moments, though there is a minute left; no other attempt follows, and the cost line tells of it."""
    environment = {"OPENROUTER_K2T_KEY": "k", "OPENROUTER_BASE_URL": host.url, "ENABLE_GUARD": "false"}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    host.forget()
    contract = ArtifactContract(GenerateRequest, GENERATED)
    made: list[Dependencies] = []

    def start(settings: Settings) -> Dependencies:
        made.append(Dependencies.of(settings))
        return made[0]

    endpoint = Endpoint("generate_artifact", contract, start, work)
    event = {
        "headers": {"content-type": "application/json", "accept": "text/event-stream"},
        "requestContext": {"http": {"method": "POST"}, "authorizer": {"iam": {"userArn": "arn:aws:iam::1:user/a"}}},
        "body": json.dumps({"prompt": f"Notes [[fault {fault}]]"}),
    }
    context: Any = SimpleNamespace(aws_request_id="r-1", get_remaining_time_in_millis=lambda: 60_000, streams=True)

    with logged_to(endpoint._logs, io.StringIO()) as log:
        body = endpoint(event, context)["body"]
        next(iter(body))
        time.sleep(0.5)  # the host has begun
        began = time.monotonic()
        body.close()
        took = time.monotonic() - began

    made[0].client.close()  # an answer that was read to its end keeps its connection

    written = [json.loads(line) for line in log.getvalue().splitlines()]
    costs = [line for line in written if line["message"] == "cost"]
    assert took < seconds
    assert [(line["outcome"], line["status"], line["attempts"]) for line in costs] == [("client_gone", 499, 1)]
    assert [line["outcome"] for line in written if line["message"] == "attempt"] == [outcome]
    assert len(host.ledger()["calls"]) == 1
