"""What each fault of the stand-in puts on the wire, and what the ledger says of it."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest

from local.standin.calls import ChatCall
from local.standin.dialects import DIALECTS
from local.standin.directives import DirectiveError
from local.standin.examples import Example, examples
from local.standin.faults import FAULTS, checked, described
from local.standin.faults.contents import elided, fenced, invalid, nested, u2028, wrong_kind
from local.standin.host import Host
from local.standin.ledger import Ledger
from local.standin.replies import Reply
from local.standin.settings import SettingsError, StandinSettings
from tests.local.test_standin import KEY, MODEL, ask, calling, last_row
from tests.local.test_standin_chat import CHAT_FAULTS
from tests.local.test_standin_edits import EDIT_FAULTS
from tests.local.test_standin_steps import REVIEWED_FAULTS
from tests.support.processes import ROOT
from tests.support.standin import StandIn, standin

PATIENCE = 0.25
SYSTEM = 'Answer with <artifact type="application/vnd.ant.react" title="…">.'


@dataclass
class Answer:
    """All that came over the wire before it ended: `whole`, `broken`, `silent`, or still going on (`endless`)."""

    end: str = "silent"
    status: int = 0
    headers: httpx.Headers = field(default_factory=httpx.Headers)
    body: bytes = b""

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> dict[str, Any]:
        return dict(json.loads(self.text))

    @property
    def error(self) -> dict[str, Any]:
        return dict(self.json["error"])

    @property
    def data(self) -> list[str]:
        return [line[6:] for line in self.text.replace("\r\n", "\n").split("\n") if line.startswith("data: ")]

    @property
    def done(self) -> bool:
        return self.data[-1:] == ["[DONE]"]

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(data) for data in self.data if data != "[DONE]"]

    @property
    def choices(self) -> list[dict[str, Any]]:
        return [choice for event in self.events for choice in event["choices"]]

    @property
    def content(self) -> str:
        return "".join(choice["delta"].get("content") or "" for choice in self.choices)

    @property
    def finish(self) -> list[str]:
        return [choice["finish_reason"] for choice in self.choices if choice["finish_reason"]]

    @property
    def usage(self) -> dict[str, Any]:
        return next((event["usage"] for event in self.events if "usage" in event), {})


def provoke(host: StandIn, directive: str, system: str = SYSTEM) -> Answer:
    """Ask for a fault and read for as long as there is something to read, and patience."""
    messages = [{"role": "system", "content": system}, {"role": "user", "content": f"A counter [[fault {directive}]]"}]
    body = {"model": MODEL, "stream": True, "max_tokens": 32000, "messages": messages}
    answer = Answer()
    began = time.monotonic()
    with httpx.Client(timeout=PATIENCE, verify=False) as client:  # noqa: S501 - plain HTTP on loopback
        try:
            with client.stream("POST", f"{host.url}/chat/completions", json=body, headers=KEY) as response:
                answer.status, answer.headers = response.status_code, response.headers
                for piece in response.iter_raw():
                    answer.body += piece
                    if time.monotonic() - began > 2 * PATIENCE:
                        answer.end = "endless"
                        return answer
                answer.end = "whole"
        except httpx.ReadTimeout:
            answer.end = "silent"
        except (httpx.ReadError, httpx.RemoteProtocolError):
            answer.end = "broken"
    return answer


Check = Callable[[Answer], object]


def status_is(status: int, error_type: str | None = None) -> Check:
    """An error envelope of this status and type, wherever the type stands."""

    def check(answer: Answer) -> bool:
        types = {answer.error.get("type"), answer.error.get("error_type"), *_metadata(answer).values()}
        return (answer.status, error_type in types) == (status, True)

    return check


def _metadata(answer: Answer) -> dict[str, Any]:
    return {"error_type": answer.error.get("metadata", {}).get("error_type")}


def _seconds_to_come(date: str) -> float:
    return parsedate_to_datetime(date).timestamp() - time.time()


STATUSES: list[tuple[str, Check]] = [
    *(
        (f"status code={code}", lambda it, code=code: (it.status, it.error["code"]) == (code, code))
        for code in (400, 401, 402, 403, 404, 408, 413, 422, 429, 500, 502, 503, 504, 524, 529)
    ),
    ("status code=503 hint=2", lambda it: it.headers["retry-after"] == "2"),
    ("status code=502 type=abc", status_is(502, "abc")),
    ('status raw="two words"', lambda it: it.error["metadata"]["raw"] == "two words"),
    ("status code=500 html=1", lambda it: it.status == 500 and it.text.startswith("<!DOCTYPE html>")),
    ("rate-limit", lambda it: (it.status, it.headers.get("retry-after")) == (429, None)),
    ("rate-limit retry_after=7", lambda it: it.headers["retry-after"] == "7"),
    ("rate-limit retry_after_ms=700", lambda it: it.headers["retry-after-ms"] == "700"),
    ("rate-limit retry_date=30", lambda it: 28 < _seconds_to_come(it.headers["retry-after"]) < 32),
    (
        "rate-limit reset_ms=30000",
        lambda it: 28 < int(it.error["metadata"]["headers"]["X-RateLimit-Reset"]) / 1000 - time.time() < 31,
    ),
    ("rate-limit words=3", lambda it: "try again after 3 seconds" in it.error["message"] and "code" not in it.error),
    ("rate-limit availability=4", lambda it: it.error["availability"]["retry_after"] == 4),
    (
        "availability retry_after=2 fallback=a/b,c/d",
        lambda it: (
            (it.status, it.error["http_status"], it.error.get("code")) == (503, 503, None)
            and it.error["availability"]["retryable"] is True
            and it.error["availability"]["fallback_models"] == ["a/b", "c/d"]
        ),
    ),
    ("availability code=429 retryable=0", lambda it: it.status == 429 and not it.error["availability"]["retryable"]),
    ("quota", status_is(429, "exceeded_current_quota_error")),
    ("quota form=wrapped", lambda it: "exceeded_current_quota_error" in it.error["metadata"]["raw"]),
    ("quota form=daily", lambda it: it.status == 429 and "per-day" in it.error["message"]),
    ("credit", lambda it: (it.status, it.error["code"]) == (402, 402)),
    ("key", lambda it: (it.status, it.error["code"]) == (401, 401)),
    ("forbidden", status_is(403, "access_terminated_error")),
    ("gone", lambda it: it.status == 404 and it.error["availability"]["fallback_models"] == ["moonshotai/kimi-k2.6"]),
    ("context", status_is(400, "context_length_exceeded")),
    ("policy", status_is(400, "content_policy_violation")),
    ("html", lambda it: it.status == 504 and it.headers["content-type"].startswith("text/html")),
]


@pytest.mark.parametrize(("directive", "check"), STATUSES, ids=[row[0] for row in STATUSES])
def test_an_error_status_costs_nothing(host: StandIn, directive: str, check: Check) -> None:
    answer = provoke(host, directive)

    assert check(answer), answer
    row = last_row(host)
    assert row["fault"] == directive.partition(" ")[0]
    assert (row["status"], row["charged_nano_usd"], row["sent_nano_usd"]) == (answer.status, 0, 0)
    assert (row["finished"], row["generation_id"]) == (False, None)


BODIES: list[tuple[str, Check]] = [
    ("error-200", lambda it: it.text.startswith("\n  ") and it.error["code"] == 500 and "choices" not in it.json),
    ("error-200 as=sse", lambda it: [set(event) for event in it.events] == [{"error", "user_id"}] and not it.done),
    ("choices-null", lambda it: it.json["choices"] is None and it.error["code"] == 429),
    ("choices-null as=sse", lambda it: it.events[0]["choices"] is None),
    ("choices-empty", lambda it: it.json["choices"] == [] and it.error["metadata"]["error_type"]),
    ("choices-empty as=sse", lambda it: it.events[0]["choices"] == [] and it.events[0]["error"]["code"] == 502),
]


@pytest.mark.parametrize(("directive", "check"), BODIES, ids=[row[0] for row in BODIES])
def test_an_error_inside_200_costs_nothing(host: StandIn, directive: str, check: Check) -> None:
    answer = provoke(host, directive)

    assert (answer.status, answer.end) == (200, "whole")
    assert answer.headers["x-generation-id"] == last_row(host)["generation_id"]
    assert check(answer), answer
    assert (last_row(host)["charged_nano_usd"], last_row(host)["finished"]) == (0, False)


@pytest.mark.parametrize("usage", [0, 1])
def test_an_error_inside_a_choice_comes_with_half_of_the_content(host: StandIn, usage: int) -> None:
    body = provoke(host, f"choice-error usage={usage}").json
    event = provoke(host, f"choice-error as=sse usage={usage}").events[0]

    for answer, message in (body, "message"), (event, "delta"):
        choice = answer["choices"][0]
        assert choice["error"]["code"] == 502
        assert choice[message]["content"].startswith(" <artifact")
        assert ("usage" in answer) == bool(usage)
    row = last_row(host)
    assert row["charged_nano_usd"] > 0
    assert row["sent_nano_usd"] == usage * row["charged_nano_usd"]


def is_half(answer: Answer) -> bool:
    return answer.content.startswith(" <artifact") and not answer.finish and not answer.done


@pytest.fixture(scope="module")
def whole(host: StandIn) -> int:
    """What the whole answer costs."""
    ask(host, "A counter", system=SYSTEM)
    return int(last_row(host)["charged_nano_usd"])


STREAMS: list[tuple[str, str, Check]] = [
    ("mid-error", "whole", lambda it: it.events[-1]["error"]["code"] == 502 and it.events[-1]["choices"] == []),
    ("mid-error code=string", "whole", lambda it: it.events[-1]["error"]["code"] == "stream_failure" and is_half(it)),
    ("mid-error code=none", "whole", lambda it: "code" not in it.events[-1]["error"] and is_half(it)),
    ("finish-error", "whole", lambda it: it.finish == ["error"] and it.done),
    ("cut", "whole", is_half),
    ("reset", "broken", is_half),
    ("stall", "silent", is_half),
    ("stall comments=1 every=0.02", "endless", lambda it: it.body.endswith(b": OPENROUTER PROCESSING\n\n" * 5)),
    ("garbage-json", "whole", lambda it: it.data[-1].startswith("{'id'") and '"finish_reason":"' not in it.text),
]


@pytest.mark.parametrize(("directive", "end", "check"), STREAMS, ids=[row[0] for row in STREAMS])
def test_what_ends_in_mid_stream_is_charged_as_far_as_it_came(
    host: StandIn, whole: int, directive: str, end: str, check: Check
) -> None:
    answer = provoke(host, directive)

    assert (answer.status, answer.end) == (200, end)
    assert "usage" not in answer.text
    assert check(answer), answer.text[-600:]
    row = last_row(host)
    assert 0.3 * whole < row["charged_nano_usd"] < 0.8 * whole
    assert (row["sent_nano_usd"], row["finished"], row["fault"]) == (0, False, directive.partition(" ")[0])


CONNECTIONS: list[tuple[str, str, Check]] = [
    ("never", "silent", lambda it: it.status == 0),
    ("silence", "silent", lambda it: it.status == 200 and it.body == b"" and it.headers["x-generation-id"]),
    ("keepalive every=0.02", "endless", lambda it: set(it.text.split("\n")) == {"", ": ", ": OPENROUTER PROCESSING"}),
    ("slow-json every=0.02", "endless", lambda it: it.body.strip() == b"" and len(it.body) > 100),
    ("garbage", "endless", lambda it: len(it.body) > 50_000 and b"\n" in it.body),
    ("garbage newlines=0", "endless", lambda it: len(it.body) > 50_000 and not {10, 13} & set(it.body)),
    ("trickle seconds=0.02", "endless", lambda it: it.text.startswith(": OPENROUTER") and 10 < len(it.body) < 100),
]


@pytest.mark.parametrize(("directive", "end", "check"), CONNECTIONS, ids=[row[0] for row in CONNECTIONS])
def test_what_never_says_anything_costs_nothing(host: StandIn, directive: str, end: str, check: Check) -> None:
    answer = provoke(host, directive)

    assert answer.end == end
    assert check(answer), answer
    assert (last_row(host)["status"], last_row(host)["charged_nano_usd"]) == (answer.status, 0)


def test_a_reset_after_the_usage_is_a_whole_answer(host: StandIn) -> None:
    answer = provoke(host, "mid-usage-reset")

    assert (answer.end, answer.finish, answer.done) == ("broken", ["stop", "stop"], False)
    assert answer.usage
    assert last_row(host)["sent_nano_usd"] == last_row(host)["charged_nano_usd"] > 0


def bill_of(row: dict[str, Any]) -> tuple[bool, bool]:
    return row["charged_nano_usd"] > 0, row["sent_nano_usd"] > 0


STYLES: list[tuple[str, tuple[bool, bool], Check]] = [
    ("crlf", (True, True), lambda it: it.text.count("\n") == it.text.count("\r\n") > 100 and it.done),
    (
        "ids",
        (True, True),
        lambda it: [event["id"][:4] for event in it.events[:: len(it.events) - 1]] == ["chat", "gen-"],
    ),
    ("parts", (True, True), lambda it: it.choices[-3]["delta"]["content"][0]["type"] == "text"),
    (
        "reasoning-content",
        (True, True),
        lambda it: "reasoning_content" in it.choices[0]["delta"] and "reasoning_details" not in it.text,
    ),
    ("json", (True, True), lambda it: it.json["choices"][0]["message"]["content"].endswith("</artifact>")),
    ("trickle seconds=0", (True, True), lambda it: it.done),
    ("no-done", (True, True), lambda it: it.usage and not it.done),
    ("no-usage", (True, False), lambda it: "usage" not in it.text and it.done),
    ("no-cost", (True, False), lambda it: it.usage["prompt_tokens"] > 0 and "cost" not in it.usage),
    ("null-usage", (True, False), lambda it: set(it.usage.values()) == {None}),
    ("null-usage tokens=1", (True, False), lambda it: it.usage["completion_tokens"] > 0 and it.usage["cost"] is None),
    (
        "byok",
        (True, True),
        lambda it: (it.usage["is_byok"], it.usage["cost"]) == (True, 0) and '"cost":0,' in it.text,
    ),
    ("byok fee=5", (True, True), lambda it: 0 < it.usage["cost"] < it.usage["cost_details"]["upstream_inference_cost"]),
    ("free", (False, False), lambda it: it.usage["cost"] == 0 and it.usage["completion_tokens"] > 0),
    ("u2028", (True, True), lambda it: "\u2028" in it.text and "\u0085" in it.content and it.done),
]


@pytest.mark.parametrize(("directive", "bill", "check"), STYLES, ids=[row[0] for row in STYLES])
def test_a_dialect_is_a_good_answer(host: StandIn, directive: str, bill: tuple[bool, bool], check: Check) -> None:
    answer = provoke(host, directive)

    assert (answer.status, answer.end) == (200, "whole")
    assert check(answer), answer.text[-600:]
    assert (bill_of(last_row(host)), last_row(host)["finished"]) == (bill, True)


def test_ones_own_key_is_charged_once(host: StandIn) -> None:
    """What was spent is the host's fee and the upstream's price together."""
    usage = provoke(host, "byok fee=5").usage

    spent = round((usage["cost"] + usage["cost_details"]["upstream_inference_cost"]) * 10**9)
    assert spent == last_row(host)["charged_nano_usd"] == last_row(host)["sent_nano_usd"]


REACT = '<artifact type="application/vnd.ant.react"'
CONTENTS: list[tuple[str, str, Check]] = [
    ("length", "length", lambda it: REACT in it.content and "</artifact>" not in it.content),
    ("truncated", "stop", lambda it: REACT in it.content and "</artifact>" not in it.content),
    ("empty", "stop", lambda it: it.content == ""),
    ("blank", "stop", lambda it: it.content.partition("\n")[2].removesuffix("</artifact>").strip() == ""),
    ("prose", "stop", lambda it: "<artifact" not in it.content and "```" not in it.content and len(it.content) > 50),
    ("two-fences", "stop", lambda it: it.content.count("\n```jsx\n") == 2 and "<artifact" not in it.content),
    ("command-first", "stop", lambda it: it.content.index("\n```bash\n") < it.content.index("\n```jsx\n")),
    ("page-behind", "stop", lambda it: it.content.index("export") < it.content.index("<!DOCTYPE html>")),
    ("fenced", "stop", lambda it: ">\n```jsx\n" in it.content and it.content.endswith("\n```\n</artifact>")),
    ("untagged", "stop", lambda it: it.content.count("```") == 2 and "<artifact" not in it.content),
    ("several", "stop", lambda it: it.content.count("<artifact type") == it.content.count("</artifact>") == 2),
    ("think", "stop", lambda it: it.content.startswith(" <think>") and "</think>\n<artifact" in it.content),
    ("tokens", "stop", lambda it: it.content.startswith(" <|") and it.content.endswith("|>")),
    ("wrong-kind", "stop", lambda it: it.content.startswith(f" {REACT}") and "<!DOCTYPE html>" in it.content),
    ("invalid", "stop", lambda it: it.content.count("{") == it.content.count("}") + 1),
    ("elided", "stop", lambda it: "// ... rest of the code unchanged\n}" in it.content),
    ("chatter", "stop", lambda it: not it.content.startswith(" <") and not it.content.endswith(">")),
    ("broken case=undeclared-component", "stop", lambda it: "<Avtar " in it.content),
    ("nested", "stop", lambda it: it.content.count("</artifact>") == 2 and "'</artifact>'" in it.content),
]


@pytest.mark.parametrize(("directive", "finish", "check"), CONTENTS, ids=[row[0] for row in CONTENTS])
def test_odd_content_is_billed_like_any_other(host: StandIn, directive: str, finish: str, check: Check) -> None:
    answer = provoke(host, directive)

    assert (answer.end, answer.finish, answer.done) == ("whole", [finish, finish], True)
    assert check(answer), answer.content
    assert "[[" not in answer.text
    assert bill_of(last_row(host)) == (True, True)


@pytest.mark.parametrize("directive", ["reasoning-only", "length"])
def test_what_ends_by_its_length_has_used_all_of_it(host: StandIn, directive: str) -> None:
    usage = provoke(host, directive).usage

    assert usage["completion_tokens"] == 32000
    assert (usage["completion_tokens_details"]["reasoning_tokens"] == 32000) == (directive == "reasoning-only")


def test_reasoning_only_has_no_content(host: StandIn) -> None:
    answer = provoke(host, "reasoning-only")

    assert (answer.content, answer.finish) == ("", ["length", "length"])
    assert answer.choices[-2]["delta"]["content"] is None


def test_a_refusal_is_said_and_billed(host: StandIn) -> None:
    answer = provoke(host, "refusal")

    assert (answer.content, answer.finish[0]) == ("", "content_filter")
    assert answer.choices[-2]["delta"]["refusal"]
    assert bill_of(last_row(host)) == (True, True)


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.artifact.title)
@pytest.mark.parametrize(
    "change", [invalid, elided, nested, u2028, wrong_kind, fenced], ids=lambda change: change.__name__
)
def test_a_fault_of_content_exists_for_every_kind(example: Example, change: Callable[[Reply], Reply]) -> None:
    reply = Reply(example.artifact, reasoning="", content=None).showing(example.artifact)

    assert change(reply).content != reply.content


def test_every_fault_is_tried_here() -> None:
    tried = {
        row[0].partition(" ")[0]
        for table in (STATUSES, BODIES, STREAMS, CONNECTIONS, STYLES, CONTENTS)
        for row in table
    }

    assert tried | {
        "choice-error",
        "mid-usage-reset",
        "reasoning-only",
        "refusal",
        "overloaded",
        "access-terminated",
        *CHAT_FAULTS,
        *EDIT_FAULTS,
        *REVIEWED_FAULTS,
    } == set(FAULTS)
    assert all(f"\n  {name}" in f"\n{described()}" for name in [*FAULTS, "mix"])


@pytest.mark.parametrize(
    "directive",
    [
        "nope",
        "cut at=3",
        "cut at=",
        "byok at=moonshot",
        "status code=200",
        "status code=x",
        "mid-error code=z",
        "cut times=-1",
        "quota form=z",
        "Cut !",
    ],
)
def test_a_directive_that_makes_no_sense_is_a_400(host: StandIn, directive: str) -> None:
    """And says why: whoever writes a test finds out."""
    assert provoke(host, directive).status == 400


@pytest.mark.parametrize("name", [name for name, fault in FAULTS.items() if fault.needs_stream])
def test_what_happens_in_streams_only_is_refused_elsewhere(host: StandIn, name: str) -> None:
    response = ask(host, f"[[fault {name}]]", stream=False)

    assert response.status_code == 400
    assert "streams only" in response.json()["error"]["message"]


def test_without_stream_the_others_work(host: StandIn) -> None:
    assert ask(host, "[[fault refusal]]", stream=False).json()["choices"][0]["message"]["refusal"]
    assert ask(host, "[[fault reasoning-only]]", stream=False).json()["choices"][0]["message"]["content"] is None
    assert "usage" not in ask(host, "[[fault no-usage]]", stream=False).json()


def test_times_fails_the_first_calls_then_none_then_again(host: StandIn) -> None:
    """Counted per set of messages: another prompt has a count of its own."""
    both = ["One [[fault credit times=2]]", "Two [[fault credit times=2]]"]

    statuses = [[ask(host, prompt).status_code for prompt in both] for _ in range(4)]

    assert statuses == [[402, 402], [402, 402], [200, 200], [402, 402]]


def test_a_setting_fails_every_call_and_a_prompt_outranks_it() -> None:
    with standin("--fault", "status code=529 times=1") as running:
        assert [ask(running, "A list").status_code for _ in range(3)] == [529, 200, 529]
        assert ask(running, "A list [[fault credit]]").status_code == 402


def drawn(fault: str, seed: int, *, stream: bool = True) -> list[str | None]:
    """The names of the faults of 400 calls."""
    host = Host(StandinSettings(fault=fault, seed=seed), DIALECTS["openrouter"], Ledger())
    messages = [{"role": "user", "content": "A list"}]
    call = ChatCall.from_body({"model": MODEL, "stream": stream, "messages": messages})
    directives = [host.fault_for(call) for _ in range(400)]
    return [directive.name if directive else None for directive in directives]


def test_a_mix_is_random_and_repeatable() -> None:
    first = drawn("mix p=0.25", 1)

    assert first == drawn("mix", 1) != drawn("mix", 2)
    assert 60 < 400 - first.count(None) < 140
    assert set(first) == {None, "rate-limit", "status", "error-200", "mid-error", "cut", "reset"}
    assert set(drawn("mix p=1", 1, stream=False)) == {"rate-limit", "status", "error-200"}
    assert set(drawn("mix p=0", 1)) == {None}
    assert drawn("mix p=1 times=3", 1)[3::4] == [None] * 100


def test_the_ledger_names_what_a_mix_has_drawn(host: StandIn) -> None:
    provoke(host, "mix p=1")

    assert last_row(host)["fault"] in {"rate-limit", "status", "error-200", "mid-error", "cut", "reset"}


@pytest.mark.parametrize("fault", ["mix p=0.1 q=1", "nope", "status code=z times=1.5"])
def test_a_setting_that_is_no_fault_is_refused_at_the_start(fault: str) -> None:
    directive = StandinSettings(fault=fault).directive

    assert directive is not None
    with pytest.raises(DirectiveError):
        checked(directive)


def test_a_setting_that_cannot_be_read_is_refused_at_the_start() -> None:
    with pytest.raises(SettingsError, match="key=value"):
        _ = StandinSettings(fault="cut now").directive


def test_a_client_that_goes_away_is_charged_for_what_was_said() -> None:
    """And nothing is on the books as sent."""
    with standin("--pace", "natural") as running:
        with calling(running.url, "A todo list") as connection:
            seen = b""
            while seen.count(b"data: ") < 100:
                seen += connection.recv(65536)
        time.sleep(0.1)
        first = last_row(running)
        time.sleep(0.2)
        second = last_row(running)

    assert first == second, "it goes on although nobody listens"
    assert first["charged_nano_usd"] > 0
    assert 80 < first["completion_tokens"] < 800
    assert (first["sent_nano_usd"], first["finished"], first["status"]) == (0, False, 200)


def test_it_stops_at_once_whoever_is_still_waiting() -> None:
    command = [sys.executable, "-m", "local.standin", "--port", "0", "--pace", "instant"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process, ExitStack() as calls:
        assert process.stdout is not None
        url = process.stdout.readline().split()[4]
        for fault in ("never", "silence", "stall", "garbage", "keepalive", "slow-json", "trickle"):
            calls.enter_context(calling(url, f"A list [[fault {fault}]]"))
        time.sleep(0.2)
        process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        assert process.wait(5) == 0
        assert time.monotonic() - began < 1
