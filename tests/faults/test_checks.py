"""What code can make a check take, measured from outside: memory of the process and its children, and computing."""

import json
import resource
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.support.hostile import hostile

pytestmark = pytest.mark.alone

ROOT = Path(__file__).parents[2]
MOST_MB = 300
MOST_SECONDS = 2.0

CHECK_ALL = """
import json, re, resource, sys
from pathlib import Path
from shared.artifacts.kinds import Kind
from shared.artifacts.syntax import check
from shared.artifacts.allowed_imports import AllowedImports
from tests.support.hostile import hostile

def computing():
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))

imports = AllowedImports.default()
places = set(json.loads(sys.argv[1]))
for place, (kind, language, part, code) in enumerate(hostile()):
    if place in places:
        check("a", kind, language, imports)  # loads what is loaded once
        before = computing()
        check(code, kind, language, imports, seconds=60)
        print(json.dumps([place, kind, language, part, computing() - before]))
# Of this process getrusage would count the one that started it as well.
own = int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
print(json.dumps([own / 1024, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024]))
"""

FIX = """
import json, resource, sys
from types import SimpleNamespace

resource.setrlimit(resource.RLIMIT_AS, (512 * 1024 * 1024,) * 2)
import httpx
from shared.artifacts.repair_loop import Dependencies
from shared.artifacts.fix import fix
from shared.artifacts.allowed_imports import AllowedImports
from shared.artifacts.contract import ArtifactContract, FixRequest, FIXED
from shared.edge.endpoint import Endpoint
from shared.model_host import Client
from shared.settings import Settings

def answer(request):
    said = "```python\\nimport a" + ".b" * int(sys.argv[2]) + "\\n```"
    choice = {"message": {"content": said}, "finish_reason": "stop"}
    return httpx.Response(200, json={"choices": [choice], "usage": {"cost": 0.01}})

def start(settings):
    http = httpx.Client(transport=httpx.MockTransport(answer))
    return Dependencies(Client.of(settings, http=http), AllowedImports([]))

def work(request, dependencies, run):
    return fix(dependencies, run, request.content, request.type, request.error_message)

content = "```python\\nimport a" + ".a" * int(sys.argv[1]) + "\\n```"
event = {
    "version": "2.0", "rawPath": "/", "headers": {"content-type": "application/json"},
    "requestContext": {"http": {"method": "POST", "path": "/", "sourceIp": "127.0.0.1"}},
    "body": json.dumps({"content": content, "type": "code", "errorMessage": "No module named a"}),
}
context = SimpleNamespace(aws_request_id="r-1", get_remaining_time_in_millis=lambda: 30_000)
contract = ArtifactContract(FixRequest, FIXED)
print(json.dumps(Endpoint("generate_artifact_fix", contract, start, work)(event, context)))
"""


def test_no_text_takes_a_check_beyond_its_bounds() -> None:
    """Each as long as is checked at all; the largest child and its process together stay below 300 MB."""
    places = range(sum(1 for _ in hostile()))
    with ThreadPoolExecutor(2) as halves:
        both = list(halves.map(measure, (places[::2], places[1::2])))

    for checked, megabytes in both:
        assert len(checked) > 100
        slow = [each for each in checked if each[-1] > MOST_SECONDS]
        assert len(slow) < 10, slow
        # What runs beside a check can only add to what is measured, and so can the other half.
        assert [each for each in slow if all(measure([each[0]])[0][0][-1] > MOST_SECONDS for _ in range(3))] == []
        assert sum(megabytes) < MOST_MB
    assert sum(len(checked) for checked, _ in both) == len(places)


def measure(places: Sequence[int]) -> tuple[list[list[Any]], list[float]]:
    """Place, kind, language, part and seconds of these texts, and the megabytes that the process and its child took."""
    done = subprocess.run(
        [sys.executable, "-c", CHECK_ALL, json.dumps(list(places))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=1200,
    )
    *checked, megabytes = [json.loads(line) for line in done.stdout.splitlines()]
    return checked, megabytes


@pytest.mark.parametrize(
    ("sent", "answered", "outcome"),
    [
        (24_900, 24_000, "artifact_invalid"),
        (1, 100_000, "artifact_invalid"),
        (24_900, 15_000, "artifact_invalid"),
        (1, 2, "ok"),
    ],
)
def test_a_function_outlives_code_that_would_take_all_its_memory(sent: int, answered: int, outcome: str) -> None:
    """What is sent takes 617 MB to parse, and so may what the model answers; the process has 512 and no more."""
    done = subprocess.run(
        [sys.executable, "-c", FIX, str(sent), str(answered)],
        cwd=ROOT,
        env={"OPENROUTER_K2T_KEY": "k", "ENABLE_GUARD": "false", "AUTH_MODE": "none", "ALLOW_UNAUTHENTICATED": "true"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0)),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    *lines, answer = [json.loads(line) for line in done.stdout.splitlines()]

    costs = [line for line in lines if line["message"] == "cost"]
    body = json.loads(answer["body"])
    assert len(costs) == 1
    assert costs[0]["cost_usd"] == pytest.approx(0.01 * costs[0]["attempts"])
    assert (answer["statusCode"], body.get("code", "ok")) == (200 if outcome == "ok" else 502, outcome)
    assert body["costUsd"] == costs[0]["cost_usd"]
