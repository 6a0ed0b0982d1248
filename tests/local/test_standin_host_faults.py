"""Every fault at every host that it is for, in the host's own words; elsewhere it is a 400 that says so."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from local.standin.calls import ChatCall
from local.standin.dialects import DIALECTS
from local.standin.examples import example_for
from local.standin.faults import FAULTS
from local.standin.faults.table import Group
from local.standin.host import Host
from local.standin.kinds import Kind
from local.standin.ledger import Ledger
from local.standin.settings import StandinSettings
from tests.local.code_requests import AS_EDITS, about
from tests.local.test_standin import ONE_ARTIFACT
from tests.local.test_standin_hosts import HEADERS, HOSTS, MODELS, OTHERS, ask_at, error_of, last_at
from tests.support.standin import StandIn

Check = Callable[[httpx.Response], object]


def says(status: int, error_type: str, code: str | None = None, words: str = "") -> Check:
    """An error of this status, type and code, whose message holds these words."""

    def check(response: httpx.Response) -> bool:
        error = error_of(response)
        found = (response.status_code, error["type"], error.get("code"))
        return found == (status, error_type, code) and words in error["message"]

    return check


QUOTA = "exceeded_current_quota_error"
MOONSHOT: list[tuple[str, Check]] = [
    ("status", says(503, "engine_overloaded_error")),
    ("status code=500", says(500, "server_error")),
    ("status code=500 type=abc raw=xyz hint=2", says(500, "abc", words="xyz")),
    ("status code=504", lambda it: it.status_code == 504 and it.text.startswith("<!DOCTYPE html>")),
    ("rate-limit", says(429, "rate_limit_reached_error", words="please try again after 1 seconds")),
    ("rate-limit words=7", says(429, "rate_limit_reached_error", words="please try again after 7 seconds")),
    ("overloaded", says(429, "engine_overloaded_error")),
    ("quota", says(429, QUOTA, words="suspended due to insufficient balance")),
    ("quota form=tokens", says(429, QUOTA, words="exceeded your current token quota")),
    ("credit", says(429, QUOTA)),
    ("key", says(401, "invalid_authentication_error")),
    ("forbidden", says(403, "permission_denied_error")),
    ("forbidden type=abc", says(403, "abc")),
    ("gone", says(404, "resource_not_found_error", words="Not found the model")),
    ("context", says(400, "invalid_request_error", words="token limit")),
    ("policy", says(400, "content_filter")),
    ("html", lambda it: it.status_code == 504 and it.headers["content-type"].startswith("text/html")),
]
CUSTOM: list[tuple[str, Check]] = [
    ("status", says(503, "server_error")),
    ("status code=504", says(504, "server_error")),
    ("status hint=2", lambda it: it.headers["retry-after"] == "2"),
    ("rate-limit", says(429, "requests", "rate_limit_exceeded")),
    ("rate-limit retry_after=3", lambda it: it.headers["retry-after"] == "3"),
    ("quota", says(429, "insufficient_quota", "insufficient_quota")),
    ("credit", says(429, "insufficient_quota", "insufficient_quota")),
    ("key", says(401, "invalid_request_error", "invalid_api_key")),
    ("forbidden", says(403, "permission_error")),
    ("gone", says(404, "invalid_request_error", "model_not_found")),
    ("context", says(400, "invalid_request_error", "context_length_exceeded")),
    ("policy", says(400, "invalid_request_error", "content_policy_violation")),
    ("html", lambda it: it.status_code == 504 and "<h1>" in it.text),
]
STATUSES = [
    *(("moonshot", *row) for row in MOONSHOT),
    *(("kimi", *row) for row in MOONSHOT),
    ("kimi", "access-terminated", says(403, "access_terminated_error")),
    *(("custom", *row) for row in CUSTOM),
]


@pytest.mark.parametrize(("name", "directive", "check"), STATUSES, ids=[f"{row[0]} {row[1]}" for row in STATUSES])
def test_an_error_status_is_in_the_hosts_words(host: StandIn, name: str, directive: str, check: Check) -> None:
    response = ask_at(host, name, f"A counter [[fault {directive}]]")

    assert check(response), response.text
    if not response.text.startswith("<"):
        keys = {"message", "type", "param", "code"} if name == "custom" else {"message", "type"}
        assert (set(response.json()), set(error_of(response))) == ({"error"}, keys)
    row = last_at(host, name)
    assert (row["fault"], row["status"]) == (directive.partition(" ")[0], response.status_code)
    assert (row["charged_nano_usd"], row["sent_nano_usd"], row["generation_id"]) == (0, 0, None)


def test_every_error_status_is_tried_at_every_host() -> None:
    tried = {(name, directive.partition(" ")[0]) for name, directive, _ in STATUSES}

    assert tried == {
        (name, fault.name) for fault in FAULTS.values() if fault.group is Group.STATUS for name in fault.hosts
    } - {("openrouter", fault) for fault in FAULTS}


ELSEWHERE = [(fault.name, name) for fault in FAULTS.values() for name in HOSTS if name not in fault.hosts]


@pytest.mark.parametrize(("fault", "name"), ELSEWHERE, ids=[" ".join(row) for row in ELSEWHERE])
def test_what_makes_no_sense_at_a_host_is_a_400_that_says_so(host: StandIn, fault: str, name: str) -> None:
    response = ask_at(host, name, f"A counter [[fault {fault}]]")

    assert response.status_code == 400
    assert f"the fault {fault!r} makes no sense at {name}, only at" in error_of(response)["message"]
    assert last_at(host, name)["fault"] is None


@pytest.mark.parametrize(
    ("name", "directive", "words"),
    [
        ("moonshot", "rate-limit retry_after=1", "no parameter 'retry_after' at moonshot"),
        ("custom", "rate-limit words=1", "no parameter 'words' at custom"),
        ("custom", "gone fallback=a", "no parameter 'fallback' at custom"),
        ("moonshot", "quota form=wrapped", "no form=wrapped at moonshot"),
        ("openrouter", "quota form=tokens", "no form=tokens at openrouter"),
    ],
)
def test_a_parameter_may_be_for_some_hosts_only(host: StandIn, name: str, directive: str, words: str) -> None:
    response = ask_at(host, name, f"A counter [[fault {directive}]]")

    assert (response.status_code, words in error_of(response)["message"]) == (400, True)


WITHOUT_END = {"never", "silence", "keepalive", "slow-json", "garbage", "trickle"}
CUT_OFF = {"reset", "stall", "mid-usage-reset"}
WHOLE = [
    (name, fault.name)
    for name in OTHERS
    for fault in FAULTS.values()
    if name in fault.hosts and fault.group not in {Group.STATUS, Group.REVIEWED}
    if fault.name not in WITHOUT_END | CUT_OFF
]
BROKEN = {"error-200", "mid-error", "cut", "garbage-json"}


@pytest.mark.parametrize(("name", "fault"), WHOLE, ids=[" ".join(row) for row in WHOLE])
def test_what_comes_to_an_end_does_so_in_the_hosts_dialect(host: StandIn, name: str, fault: str) -> None:
    asked = f"A counter [[fault {fault}]]"
    if FAULTS[fault].needs_edits:
        asked = about(example_for(Kind.REACT, "todo").code, AS_EDITS, change=asked)["content"]
    response = ask_at(host, name, asked)

    row = last_at(host, name)
    assert (response.status_code, row["fault"], row["finished"]) == (200, fault, fault not in BROKEN)
    assert not [
        word for word in ("OPENROUTER", "gen-", "native_finish_reason", "provider", '"cost"') if word in response.text
    ]
    assert row["sent_nano_usd"] == 0
    assert (row["charged_nano_usd"] > 0) == (name != "kimi" and fault != "error-200")


@pytest.mark.parametrize("fault", sorted(WITHOUT_END - {"slow-json"} | CUT_OFF))
@pytest.mark.parametrize("name", OTHERS)
def test_what_comes_to_no_end_goes_on_or_breaks_off(host: StandIn, name: str, fault: str) -> None:
    text, is_broken = read_for(0.15, host, name, fault)

    row = last_at(host, name)
    assert row["fault"] == fault
    assert is_broken == (fault in {"reset", "mid-usage-reset"})
    assert ("<artifact" in "".join(pieces(text))) == (fault in CUT_OFF)
    assert b"OPENROUTER" not in text
    assert row["finished"] == (fault == "mid-usage-reset")


def read_for(seconds: float, host: StandIn, name: str, fault: str) -> tuple[bytes, bool]:
    """What comes within this time, and whether the connection was broken off."""
    body = {
        "model": MODELS[name],
        "stream": True,
        "messages": [ONE_ARTIFACT, {"role": "user", "content": f"A list [[fault {fault}]]"}],
    }
    text, url = b"", f"{host.url_of(name)}/chat/completions"
    with httpx.Client(timeout=seconds if fault != "mid-usage-reset" else 5, verify=False) as client:  # noqa: S501 - http
        try:
            with client.stream("POST", url, json=body, headers=HEADERS) as response:
                for piece in response.iter_raw():
                    text += piece
                    if fault in {"garbage", "keepalive", "trickle"}:
                        break
        except httpx.ReadTimeout:
            return text, False
        except (httpx.ReadError, httpx.RemoteProtocolError):
            return text, True
    return text, False


def pieces(text: bytes) -> list[str]:
    """The pieces of content in as much of a stream as has come."""
    lines = [line[6:] for line in text.split(b"\n\n")[:-1] if line.startswith(b"data: {")]
    chunks = [json.loads(line) for line in lines]
    return [choice["delta"].get("content") or "" for chunk in chunks for choice in chunk["choices"]]


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("moonshot", {"message": "Stream failed", "type": "server_error", "code": "stream_failure"}),
        ("custom", {"message": "The engine failed while it generated", "type": "server_error"}),
    ],
)
def test_a_stream_breaks_off_with_an_error_and_nothing_else(host: StandIn, name: str, error: dict[str, Any]) -> None:
    response = ask_at(host, name, "A counter [[fault mid-error]]")

    last = json.loads(response.text.rstrip("\n").rpartition("\ndata: ")[2])
    assert set(last) == {"error"}
    assert error.items() <= last["error"].items()


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("name", HOSTS)
def test_a_refusal_has_a_field_of_its_own_but_at_moonshot(host: StandIn, name: str, stream: bool) -> None:
    response = ask_at(host, name, "A counter [[fault refusal]]", stream=stream)

    assert '"finish_reason":"content_filter"' in response.text
    assert ('"refusal":"' in response.text) == (name in {"openrouter", "custom"})
    assert "<artifact" not in response.text


def drawn(name: str, *, stream: bool = True) -> list[str | None]:
    """The names of the faults of 300 calls at a host."""
    host = Host(StandinSettings(fault="mix p=0.5", seed=1), DIALECTS[name], Ledger())
    messages = [{"role": "user", "content": "A list"}]
    call = ChatCall.from_body({"model": MODELS[name], "stream": stream, "messages": messages})
    directives = [host.fault_for(call) for _ in range(300)]
    return [directive.name if directive else None for directive in directives]


@pytest.mark.parametrize("name", HOSTS)
def test_a_mix_draws_what_is_usual_at_its_host(name: str) -> None:
    """A failure here says nothing of a failure there."""
    names = set(drawn(name)) - {None}

    assert len(names) > 4
    assert all(name in FAULTS[fault].hosts for fault in names if fault)
    assert not [fault for fault in drawn(name, stream=False) if fault and FAULTS[fault].needs_stream]
    assert drawn(name) == drawn(name)
    assert all([bool(x) for x in drawn(name)] != [bool(x) for x in drawn(other)] for other in HOSTS if other != name)
