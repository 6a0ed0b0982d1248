"""What a caller of a chat gets where the host fails, whole and streamed: status, error, whether SDKs may repeat it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import pytest

from tests.local.bundle import at_hosts, running_bundle
from tests.local.chat_answers import ChatAnswer, chat, says
from tests.local.chat_orders import FIRST
from tests.local.emulator import Emulator
from tests.support.documented import check
from tests.support.standin import StandIn

SETTINGS = {
    "CHAT_MODELS": FIRST,
    "ENABLE_GUARD": "false",
    "MAX_ATTEMPTS": "1",
    "STALL_SECONDS": "4",
    "LOCAL_CONCURRENCY": "4",
}
"""No attempt follows another one, so that all is said before a stream has been silent for too long."""
ROUTE = "chat-completions/v1/chat/completions"


class Outcome(NamedTuple):
    """What a fault comes to where nothing was passed on before."""

    status: int
    code: str
    may_repeat: bool = False
    """Whether an SDK may send the request again by itself."""
    retry_after: str | None = None
    comes_late: bool = False
    """Whether a part of the answer was passed on before it, where answers are sent as they come."""


LIMITED, OVERLOADED, FAILED = (429, "upstream_rate_limited"), (503, "upstream_overloaded"), (502, "upstream_error")
OURS, REFUSED = (503, "service_misconfigured"), (422, "refused")
INVALID = 400, "invalid_request"
FAULTS = {
    "rate-limit": Outcome(*LIMITED, may_repeat=True),
    "rate-limit retry_after=30": Outcome(*LIMITED, may_repeat=True, retry_after="30"),
    "rate-limit retry_after=3600": Outcome(*LIMITED, retry_after="3600"),
    "status code=503": Outcome(*OVERLOADED, may_repeat=True),
    "status code=503 hint=30": Outcome(*OVERLOADED, may_repeat=True, retry_after="30"),
    "status code=500": Outcome(*FAILED, may_repeat=True),
    "error-200": Outcome(*FAILED, may_repeat=True),
    "mid-error after=0": Outcome(*OVERLOADED, may_repeat=True),
    "html": Outcome(*OVERLOADED),
    "status code=413": Outcome(*INVALID),
    "context": Outcome(*INVALID),
    "gone": Outcome(*FAILED),
    "quota": Outcome(*OURS),
    "credit": Outcome(*OURS),
    "key": Outcome(*OURS),
    "forbidden": Outcome(*OURS),
    "policy": Outcome(*REFUSED),
    "refusal": Outcome(*REFUSED, comes_late=True),
    "filtered": Outcome(*REFUSED, comes_late=True),
    "cut after=0": Outcome(*FAILED),
    "garbage-json after=0": Outcome(*FAILED),
    "mid-error": Outcome(*OVERLOADED, comes_late=True),
    "choice-error": Outcome(*OVERLOADED, comes_late=True),
    "finish-error": Outcome(*FAILED, comes_late=True),
    "cut": Outcome(*FAILED, comes_late=True),
    "reset": Outcome(*FAILED, comes_late=True),
    "garbage-json": Outcome(*FAILED, comes_late=True),
    "stall": Outcome(*FAILED, comes_late=True),
}
"""May not be repeated: what would fail again, and what was or may have been paid for."""


class Sweep(NamedTuple):
    mode: str
    answers: dict[tuple[str, bool], ChatAnswer]
    """By the fault, and whether the answer was to be streamed."""


@pytest.fixture(scope="module", params=["stream", "buffered"])
def sweep(request: pytest.FixtureRequest, host: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sweep]:
    mode = str(request.param)
    asked = [(fault, streams) for fault in FAULTS for streams in (False, True)]
    settings = at_hosts(host, FIRST) | SETTINGS | {"RESPONSE_MODE": mode}
    with running_bundle(tmp_path_factory.mktemp(mode), **settings) as running, ThreadPoolExecutor(4) as threads:
        yield Sweep(mode, dict(zip(asked, threads.map(lambda each: ask(running, *each), asked), strict=True)))


def ask(running: Emulator, fault: str, streams: bool) -> ChatAnswer:
    options = {"stream": True, "stream_options": {"include_usage": True}} if streams else {}
    return chat(running, says(f"Tell me a story [[fault {fault}]]", max_tokens=150, **options))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_failure_has_its_status(sweep: Sweep, fault: str) -> None:
    """Streamed, too, where nothing was passed on before it: so it is always where answers are buffered."""
    outcome = FAULTS[fault]
    late = outcome.comes_late and sweep.mode == "stream"

    for answer in [sweep.answers[fault, False], *([] if late else [sweep.answers[fault, True]])]:
        check(ROUTE, answer.response)
        headers = answer.response.headers
        assert (answer.response.status_code, answer.error) == outcome[:2]
        assert headers.get("x-should-retry") == (None if outcome.may_repeat else "false")
        assert headers.get("retry-after") == outcome.retry_after


@pytest.mark.parametrize("sweep", ["stream"], indirect=True)
@pytest.mark.parametrize("fault", [fault for fault, outcome in FAULTS.items() if outcome.comes_late])
def test_a_failure_after_the_first_delta_is_the_last_event(sweep: Sweep, fault: str) -> None:
    """Never a silent end, which clients take for a success."""
    answer = sweep.answers[fault, True]

    check(ROUTE, answer.response)
    assert (answer.response.status_code, answer.is_stream) == (200, True)
    assert answer.text
    assert answer.error == FAULTS[fault].code
    assert "[DONE]" not in answer.events
    assert not answer.finish_reasons
