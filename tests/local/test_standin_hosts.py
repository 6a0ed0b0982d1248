"""The stand-in's four hosts: what each accepts, how it answers, what it charges, and what the ledger says of it."""

import re
import subprocess
import sys
import time
from typing import Any

import httpx
import pytest

from local.standin.dialects import DIALECTS
from tests.local.test_standin import MODEL, content_of, events, request
from tests.support.processes import ROOT
from tests.support.standin import StandIn, standin

HOSTS = tuple(DIALECTS)
OTHERS = HOSTS[1:]
MODELS = {"openrouter": MODEL, "moonshot": "kimi-k2.6", "kimi": "kimi-for-coding", "custom": "anybody/anything"}
HEADERS = {"Authorization": "Bearer anything", "User-Agent": "kimi-artifacts/0"}


def ask_at(host: StandIn, name: str, prompt: str = "A rocket icon", **fields: Any) -> httpx.Response:
    """A streamed call at one of the hosts, read to its end; a field that is None is left out."""
    system = fields.pop("system", "Answer with one artifact.")
    messages = [{"role": "system", "content": system}, {"role": "user", "content": prompt}]
    body = {"model": MODELS[name], "stream": True, "max_tokens": 32000, "messages": messages}
    body |= {"stream_options": {"include_usage": True}} | fields
    given = {field: value for field, value in body.items() if value is not None}
    return request("POST", f"{host.url_of(name)}/chat/completions", HEADERS, json=given)


def error_of(response: httpx.Response) -> dict[str, Any]:
    return dict(response.json()["error"])


def last_at(host: StandIn, name: str) -> dict[str, Any]:
    return dict(host.ledger(name)["calls"][-1])


@pytest.mark.parametrize("name", OTHERS)
def test_a_stream_is_role_reasoning_content_and_stop(host: StandIn, name: str) -> None:
    """Under one id and the name that was asked for; no comments, no provider, no header that names a generation."""
    response = ask_at(host, name)

    chunks = events(response)
    deltas = [choice["delta"] for chunk in chunks for choice in chunk["choices"]]
    forms = [tuple(delta) for delta in deltas]
    assert list(dict.fromkeys(forms)) == [("role", "content"), ("reasoning_content",), ("content",), ()]
    assert deltas[0] == {"role": "assistant", "content": ""}
    assert content_of(response).startswith(" <artifact")
    assert content_of(response).endswith("</artifact>")
    assert [choice["finish_reason"] for chunk in chunks for choice in chunk["choices"] if choice["finish_reason"]] == [
        "stop"
    ]
    assert {(chunk["id"][:9], chunk["model"]) for chunk in chunks} == {("chatcmpl-", MODELS[name])}
    assert len({chunk["id"] for chunk in chunks}) == 1
    assert "provider" not in chunks[0]
    assert "x-generation-id" not in response.headers
    assert response.text.startswith("data: ")
    assert response.text.endswith("data: [DONE]\n\n")


@pytest.mark.parametrize("name", OTHERS)
def test_one_body_is_not_padded_and_names_no_cost(host: StandIn, name: str) -> None:
    response = ask_at(host, name, stream=False, stream_options=None)

    body = response.json()
    message = body["choices"][0]["message"]
    assert response.text.startswith("{")
    assert "x-generation-id" not in response.headers
    assert (set(message), body["choices"][0]["finish_reason"]) == ({"role", "content", "reasoning_content"}, "stop")
    assert message["content"].endswith("</artifact>")
    assert body["usage"]["completion_tokens"] > body["usage"]["completion_tokens_details"]["reasoning_tokens"] > 0
    assert "cost" not in response.text


@pytest.mark.parametrize("include", [True, False])
@pytest.mark.parametrize("name", ["moonshot", "kimi"])
def test_moonshots_usage_is_in_the_stop_chunk_and_if_asked_for_again_without_choices(
    host: StandIn, name: str, include: bool
) -> None:
    chunks = events(ask_at(host, name, stream_options={"include_usage": include}))

    (stop,) = [choice for chunk in chunks for choice in chunk["choices"] if choice["finish_reason"]]
    assert stop["usage"]["cached_tokens"] == stop["usage"]["prompt_tokens_details"]["cached_tokens"]
    trailing = [chunk for chunk in chunks if "usage" in chunk]
    assert [(chunk["choices"], chunk["usage"]) for chunk in trailing] == ([([], stop["usage"])] if include else [])
    assert chunks[-1:] == trailing or not include


@pytest.mark.parametrize(("options", "count"), [({"include_usage": True}, 1), ({"include_usage": False}, 0), (None, 0)])
def test_custom_tells_the_usage_of_a_stream_only_if_asked(
    host: StandIn, options: dict[str, bool] | None, count: int
) -> None:
    response = ask_at(host, "custom", stream_options=options)

    trailing = [chunk for chunk in events(response) if "usage" in chunk]
    assert [chunk["choices"] for chunk in trailing] == [[]] * count
    assert response.text.count('"usage"') == count
    assert last_at(host, "custom")["charged_nano_usd"] > 0


PRICES = [
    ("moonshot", "kimi-k2.6", (950, 160, 4000)),
    ("moonshot", "kimi-k2.7-code", (950, 190, 4000)),
    ("moonshot", "kimi-k2.7-code-highspeed", (1900, 380, 8000)),
    ("moonshot", "kimi-k3", (3000, 300, 15000)),
    ("moonshot", "kimi-k3.1-pro", (2000, 200, 10000)),
    ("moonshot", "kimi-k3.1-pro-highspeed", (4000, 200, 20000)),
    ("custom", "someone/else", (950, 160, 4000)),
    ("kimi", "kimi-for-coding", (0, 0, 0)),
]


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize(("name", "model", "prices"), PRICES, ids=[row[1] for row in PRICES])
def test_what_is_charged_follows_from_the_usage_that_was_sent(
    host: StandIn, name: str, model: str, prices: tuple[int, int, int], stream: bool
) -> None:
    """To the nano-dollar; nothing of it is on the wire. The second time, the system message is cached."""
    host.forget(name)
    system = f"A system message that is new at {time.time_ns()}."

    answers = [ask_at(host, name, model=model, system=system, stream=stream) for _ in range(2)]

    calls = host.ledger(name)["calls"]
    for response, row in zip(answers, calls, strict=True):
        usage = (events(response)[-1] if stream else response.json())["usage"]
        cached = usage["prompt_tokens_details"]["cached_tokens"]
        expected = (usage["prompt_tokens"] - cached) * prices[0] + cached * prices[1]
        assert row["charged_nano_usd"] == expected + usage["completion_tokens"] * prices[2]
        assert (row["host"], row["model"], row["sent_nano_usd"], row["finished"]) == (name, model, 0, True)
        assert row["unknown_fields"] == []
    assert [row["cached_tokens"] for row in calls] == [0, -(-len(system) // 4)]


@pytest.mark.parametrize("fault", ["length", "reasoning-only"])
@pytest.mark.parametrize(("name", "price"), [("moonshot", 4000), ("custom", 4000), ("kimi", 0)])
def test_a_truncated_answer_is_charged_as_its_usage_says(host: StandIn, name: str, price: int, fault: str) -> None:
    response = ask_at(host, name, f"A counter [[fault {fault}]]")

    usage, row = events(response)[-1]["usage"], last_at(host, name)
    assert usage["completion_tokens"] == row["completion_tokens"] == 32000
    prompt = row["charged_nano_usd"] - 32000 * price
    assert 0 <= prompt < 1_000_000
    assert row["sent_nano_usd"] == 0


def test_every_host_has_a_prompt_cache_of_its_own(host: StandIn) -> None:
    fields = {"model": "kimi-k2.6", "system": f"A system message that is new at {time.time_ns()}."}

    for name in ("moonshot", "custom", "openrouter"):
        ask_at(host, name, **fields)

        assert last_at(host, name)["cached_tokens"] == 0


@pytest.mark.parametrize("model", ["kimi-k2-thinking", "kimi-k2.5", "moonshotai/kimi-k2.6", "nobody"])
def test_moonshot_has_retired_models_and_never_had_others(host: StandIn, model: str) -> None:
    response = ask_at(host, "moonshot", model=model)

    assert (response.status_code, error_of(response)) == (
        404,
        {"message": f"Not found the model {model} or Permission denied", "type": "resource_not_found_error"},
    )
    assert (last_at(host, "moonshot")["status"], last_at(host, "moonshot")["charged_nano_usd"]) == (404, 0)


OFF = {"type": "disabled"}
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("kimi-k2.6", {"temperature": 0.6}, "invalid temperature: only 1 is allowed for this model"),
    ("kimi-k2.6", {"temperature": 1, "thinking": OFF}, "invalid temperature: only 0.6 is allowed for this model"),
    ("kimi-k2.7-code", {"thinking": OFF}, "invalid thinking: only type=enabled is allowed for this model"),
    ("kimi-k2.7-code-highspeed", {"thinking": OFF}, "invalid thinking: only type=enabled is allowed for this model"),
    ("kimi-k3", {"temperature": 0.3}, "invalid temperature: only 1 is allowed for this model"),
    ("kimi-k3", {"top_p": 1}, "invalid top_p"),
    ("kimi-k3.1-pro", {"n": 1}, "invalid n"),
    ("kimi-k3.1-pro", {"presence_penalty": 0}, "invalid presence_penalty"),
]


@pytest.mark.parametrize(("model", "fields", "words"), REFUSED, ids=[f"{row[0]} {row[1]}" for row in REFUSED])
def test_moonshot_refuses_values_that_are_fixed(host: StandIn, model: str, fields: dict[str, Any], words: str) -> None:
    response = ask_at(host, "moonshot", model=model, **fields)

    assert (response.status_code, error_of(response)["type"]) == (400, "invalid_request_error")
    assert error_of(response)["message"].startswith(words)


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        ("kimi-k2.6", {"temperature": 1}),
        ("kimi-k2.6", {"temperature": 0.6, "thinking": OFF, "top_p": 0.95}),
        ("kimi-k2.7-code", {"thinking": {"type": "enabled"}}),
        ("kimi-k3", {"temperature": 1, "reasoning_effort": "low", "max_tokens": None, "max_completion_tokens": 9000}),
    ],
)
def test_moonshot_takes_what_its_models_know(host: StandIn, model: str, fields: dict[str, Any]) -> None:
    response = ask_at(host, "moonshot", model=model, **fields)

    assert content_of(response).endswith("</artifact>")
    assert last_at(host, "moonshot")["unknown_fields"] == []
    assert (last_at(host, "moonshot")["reasoning_tokens"] == 0) == (fields.get("thinking") == OFF)
    assert ("reasoning_content" in response.text) == (fields.get("thinking") != OFF)


@pytest.mark.parametrize(
    ("name", "fields", "unknown"),
    [
        ("moonshot", ["provider", "reasoning", "session_id"], ["provider", "reasoning", "session_id"]),
        ("moonshot", ["reasoning_effort"], ["reasoning_effort"]),
        ("kimi", ["session_id"], ["session_id"]),
        ("custom", ["provider", "thinking"], ["provider", "thinking"]),
        ("openrouter", ["provider", "reasoning", "session_id", "thinking"], ["thinking"]),
    ],
)
def test_fields_that_mean_nothing_to_a_host_are_in_its_row(
    host: StandIn, name: str, fields: list[str], unknown: list[str]
) -> None:
    response = ask_at(host, name, **dict.fromkeys(fields, "x"))

    assert response.status_code == 200
    assert last_at(host, name)["unknown_fields"] == unknown


@pytest.mark.parametrize("agent", ["claude-cli/2.0", "RooCode/3", ""])
def test_kimi_admits_a_client_that_says_who_it_is(host: StandIn, agent: str) -> None:
    body = {"model": "kimi-for-coding", "messages": [{"role": "user", "content": "A list"}]}

    response = request("POST", f"{host.url_of('kimi')}/chat/completions", HEADERS | {"User-Agent": agent}, json=body)

    assert (response.status_code, error_of(response)["type"]) == (403, "access_terminated_error")


def test_kimi_has_one_model(host: StandIn) -> None:
    assert error_of(ask_at(host, "kimi", model="kimi-k3"))["type"] == "resource_not_found_error"


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize(("max_tokens", "is_empty"), [(1499, True), (1500, False)])
def test_kimi_with_few_tokens_only_thinks(host: StandIn, max_tokens: int, is_empty: bool, stream: bool) -> None:
    response = ask_at(host, "kimi", max_tokens=max_tokens, stream=stream)

    row = last_at(host, "kimi")
    assert (row["reasoning_tokens"] == row["completion_tokens"] == max_tokens) is is_empty
    assert ('"finish_reason":"length"' in response.text) is is_empty
    if stream:
        assert (content_of(response) == "") is is_empty
    else:
        assert (response.json()["choices"][0]["message"]["content"] is None) is is_empty


@pytest.mark.parametrize("field", ["max_tokens", "max_completion_tokens"])
@pytest.mark.parametrize("name", HOSTS)
def test_the_limit_has_two_names(host: StandIn, name: str, field: str) -> None:
    limit: dict[str, Any] = {"max_tokens": None, field: 20}

    ask_at(host, name, **limit)

    assert last_at(host, name)["completion_tokens"] == 20


KEY_ERRORS: dict[str, dict[str, Any]] = {
    "moonshot": {"type": "invalid_authentication_error"},
    "kimi": {"type": "invalid_authentication_error"},
    "custom": {"type": "authentication_error", "param": None, "code": None},
}


@pytest.mark.parametrize("name", OTHERS)
def test_a_call_without_a_key_is_refused_in_the_hosts_words(host: StandIn, name: str) -> None:
    response = request("POST", f"{host.url_of(name)}/chat/completions", {}, json={})

    message = error_of(response)["message"]
    assert (response.status_code, error_of(response)) == (401, {"message": message} | KEY_ERRORS[name])


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_chat_request_is_a_400_in_the_hosts_words(host: StandIn, name: str) -> None:
    for body in ("", "[]", '{"model": "m"}'):
        response = request("POST", f"{host.url_of(name)}/chat/completions", HEADERS, content=body)

        assert (response.status_code, error_of(response)["type"]) == (400, "invalid_request_error")


def test_the_ledger_is_told_and_emptied_by_host() -> None:
    """Sums included; numbers go on, so that no two rows have the same."""
    with standin() as running:
        for name in (*HOSTS, "moonshot"):
            ask_at(running, name)
        everything = running.ledger()
        sums = {name: running.ledger(name)["charged_nano_usd"] for name in HOSTS}
        running.forget("moonshot")
        ask_at(running, "moonshot")
        rest = running.ledger()

        assert [row["host"] for row in everything["calls"]] == [*HOSTS, "moonshot"]
        assert sum(sums.values()) == everything["charged_nano_usd"]
        assert sums["moonshot"] > sums["custom"] > sums["kimi"] == 0
        assert everything["sent_nano_usd"] == running.ledger("openrouter")["sent_nano_usd"] == sums["openrouter"]
        assert [(row["number"], row["host"]) for row in rest["calls"]] == [
            (1, "openrouter"),
            (3, "kimi"),
            (4, "custom"),
            (5, "moonshot"),
        ]
        unknown = request("GET", f"{running.url.removesuffix('/api/v1')}/ledger", params={"host": "elsewhere"})
        assert (unknown.status_code, "elsewhere" in unknown.text) == (400, True)


def test_only_openrouter_can_look_a_generation_up(host: StandIn) -> None:
    ask_at(host, "moonshot")
    ask_at(host, "openrouter")

    ids = [last_at(host, name)["generation_id"] for name in ("moonshot", "openrouter")]
    found = [request("GET", f"{host.url}/generation", params={"id": each}).status_code for each in ids]
    assert found == [404, 200]


def test_at_meets_only_the_host_that_it_names(host: StandIn) -> None:
    prompt = "A list [[fault key at=moonshot+custom]]"

    assert [ask_at(host, name, prompt).status_code for name in HOSTS] == [200, 401, 200, 401]


def test_without_at_every_host_fails(host: StandIn) -> None:
    assert {ask_at(host, name, "A list [[fault key]]").status_code for name in HOSTS} == {401}


def test_the_last_directive_that_is_for_the_host_counts(host: StandIn) -> None:
    prompt = "A list [[fault forbidden]] [[fault key at=moonshot]] [[fault html code=500 at=custom]]"

    assert [ask_at(host, name, prompt).status_code for name in HOSTS] == [403, 401, 403, 500]


def test_a_prompts_directive_for_another_host_leaves_the_settings_one() -> None:
    with standin("--fault", "key at=openrouter") as running:
        prompt = "A list [[fault forbidden at=moonshot]]"

        assert [ask_at(running, name, prompt).status_code for name in HOSTS] == [401, 403, 200, 200]


def test_times_is_counted_at_each_host(host: StandIn) -> None:
    prompt = "A list that fails once at each [[fault key times=1]]"

    statuses = {name: [ask_at(host, name, prompt).status_code for _ in range(2)] for name in HOSTS}
    assert statuses == {name: [401, 200] for name in HOSTS}


@pytest.mark.parametrize(
    "directive", ["key at=elsewhere", "key at=moonshot+", "byok at=moonshot", "key at=kimi;custom"]
)
def test_an_at_that_makes_no_sense_is_a_400_everywhere(host: StandIn, directive: str) -> None:
    for name in HOSTS:
        response = ask_at(host, name, f"A list [[fault {directive}]]")

        assert response.status_code == 400
        assert "moonshot" in error_of(response)["message"]


def test_it_says_where_its_hosts_are(host: StandIn) -> None:
    page = request("GET", host.url.removesuffix("/api/v1")).text

    assert all(f"{dialect.path}\n" in page for dialect in DIALECTS.values())


def test_its_first_line_has_all_base_urls() -> None:
    command = [sys.executable, "-m", "local.standin", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        urls = re.findall(r"http://\S+", process.stdout.readline())
        process.kill()

    assert [httpx.URL(url).path for url in urls] == [dialect.path for dialect in DIALECTS.values()]
    assert len({httpx.URL(url).port for url in urls}) == 1
