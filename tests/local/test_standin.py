"""The stand-in model host: its dialect, its books and its examples, over real HTTP."""

import ast
import dataclasses
import json
import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from itertools import groupby
from typing import IO, Any
from xml.etree import ElementTree as ET

import httpx
import pytest

from local.standin.examples import examples
from local.standin.kinds import MIME_TYPES, Kind
from local.standin.settings import SettingsError, StandinSettings
from tests.support.standin import StandIn, standin

MODEL = "moonshotai/kimi-k2-thinking"
KEY = {"Authorization": "Bearer anything"}
ONE_ARTIFACT = {"role": "system", "content": "Answer with one artifact."}


def ask(host: StandIn, prompt: str, **fields: Any) -> httpx.Response:
    """A streamed call, read to its end."""
    system = fields.pop("system", "Answer with one artifact.")
    messages = [{"role": "system", "content": system}, {"role": "user", "content": prompt}]
    body = {"model": MODEL, "stream": True, "max_tokens": 32000, "messages": messages} | fields
    return request("POST", f"{host.url}/chat/completions", json=body)


def request(method: str, url: str, headers: dict[str, str] = KEY, **content: Any) -> httpx.Response:
    """One request; the certificates, which take longer to read than all the rest, are not needed on loopback."""
    return httpx.request(method, url, headers=headers, timeout=10, verify=False, **content)  # noqa: S501 - plain HTTP


@contextmanager
def calling(url: str, prompt: str) -> Iterator[socket.socket]:
    """A connection on which a call has been made."""
    messages = [ONE_ARTIFACT, {"role": "user", "content": prompt}]
    body = json.dumps({"model": MODEL, "stream": True, "messages": messages})
    head = "POST /api/v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer x"
    address = httpx.URL(url)
    with socket.create_connection((address.host, address.port or 0)) as connection:
        connection.sendall(f"{head}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
        yield connection


def events(response: httpx.Response) -> list[dict[str, Any]]:
    """The JSON events of a stream."""
    lines = response.content.decode().split("\n")
    return [json.loads(line[6:]) for line in lines if line.startswith("data: ") and line != "data: [DONE]"]


def content_of(response: httpx.Response) -> str:
    return "".join(choice["delta"].get("content") or "" for event in events(response) for choice in event["choices"])


def usage_of(response: httpx.Response) -> dict[str, Any]:
    (usage,) = [event["usage"] for event in events(response) if "usage" in event]
    return dict(usage)


def last_row(host: StandIn) -> dict[str, Any]:
    calls = request("GET", f"{host.url.removesuffix('/api/v1')}/ledger").json()["calls"]
    return dict(calls[-1])


def test_the_stream_has_the_recorded_shape(host: StandIn) -> None:
    """Comments, reasoning beside empty content, content with a space first, two finishes, usage at the end only."""
    response = ask(host, "A todo list")

    lines = [line for line in response.text.split("\n") if line]
    chunks = events(response)
    comments = lines[: lines.index(next(line for line in lines if line.startswith("data: ")))]
    assert ": OPENROUTER PROCESSING" in comments
    assert ": " in comments
    assert response.headers["content-type"] == "text/event-stream"
    assert {chunk["id"] for chunk in chunks} == {response.headers["x-generation-id"]}
    assert {chunk["model"] for chunk in chunks} == {"moonshotai/kimi-k2-thinking-20251106"}
    assert {chunk["provider"] for chunk in chunks} == {"Stand-in"}
    first = chunks[0]["choices"][0]["delta"]
    assert first["content"] == ""
    assert first["reasoning_details"][0]["text"] == first["reasoning"]
    assert content_of(response).startswith(' <artifact type="application/vnd.ant.react" title="Todo list">\n')
    assert content_of(response).endswith("\n</artifact>")
    finishing = [chunk for chunk in chunks if chunk["choices"][0]["finish_reason"]]
    assert [chunk["choices"][0]["finish_reason"] for chunk in finishing] == ["stop", "stop"]
    assert finishing == chunks[-2:]
    assert finishing[0]["choices"][0]["delta"]["content"], "the first one comes with the last content"
    assert ["usage" in chunk for chunk in chunks] == [False] * (len(chunks) - 1) + [True]
    assert lines[-1] == "data: [DONE]"


def test_without_stream_it_is_one_padded_body(host: StandIn) -> None:
    response = ask(host, "A todo list", stream=False)

    assert response.text.startswith("\n         \n\n         \n")
    body = response.json()
    message = body["choices"][0]["message"]
    assert message["content"].startswith(" <artifact")
    assert message["reasoning"] == message["reasoning_details"][0]["text"]
    assert body["usage"]["cost"] > 0
    assert last_row(host)["sent_nano_usd"] == _nano(response.text.rpartition('"cost":')[2].partition(",")[0])


def _nano(figure: str) -> int:
    nano = Decimal(figure).scaleb(9)
    assert nano == int(nano), "not a whole number of nano-dollars"
    return int(nano)


@pytest.mark.parametrize(
    ("model", "dated", "prices"),
    [
        (MODEL, f"{MODEL}-20251106", (600, 150, 2500)),
        ("moonshotai/kimi-k2.6", "moonshotai/kimi-k2.6-20260101", (950, 160, 4000)),
        ("someone/else", "someone/else-20260101", (950, 160, 4000)),
    ],
)
def test_the_bill_is_exact_and_in_the_ledger(
    host: StandIn, model: str, dated: str, prices: tuple[int, int, int]
) -> None:
    """Tokens times price, to the nano-dollar, on the wire as in the books; a system message seen before is cached."""
    host.forget()
    system = f"A system message of some length, new to the host at {time.time_ns()} for {model}."

    answers = [ask(host, "Release notes", system=system, model=model) for _ in range(2)]

    calls = host.ledger()["calls"]
    for response, row in zip(answers, calls, strict=True):
        usage = usage_of(response)
        cached = usage["prompt_tokens_details"]["cached_tokens"]
        figure = response.text.rpartition('"cost":')[2].partition(",")[0]
        expected = (usage["prompt_tokens"] - cached) * prices[0] + cached * prices[1]
        expected += usage["completion_tokens"] * prices[2]
        assert _nano(figure) == expected == row["charged_nano_usd"] == row["sent_nano_usd"]
        assert usage["cost_details"]["upstream_inference_cost"] == usage["cost"]
        assert usage["is_byok"] is False
        assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]
        assert (row["model"], row["status"], row["fault"], row["finished"]) == (dated, 200, None, True)
        assert row["generation_id"] == response.headers["x-generation-id"]
        assert row["reasoning_tokens"] == usage["completion_tokens_details"]["reasoning_tokens"] > 0
    assert [row["cached_tokens"] for row in calls] == [0, -(-len(system) // 4)]
    assert [row["number"] for row in calls] == [1, 2]
    assert host.ledger()["charged_nano_usd"] == sum(row["charged_nano_usd"] for row in calls)


@pytest.mark.parametrize("max_tokens", [5, 100, 200])
def test_max_tokens_is_kept_and_reasoning_counts(host: StandIn, max_tokens: int) -> None:
    """A limit inside the reasoning leaves no content at all."""
    response = ask(host, "A todo list", max_tokens=max_tokens)

    usage = usage_of(response)
    assert usage["completion_tokens"] == max_tokens
    assert {chunk["choices"][0]["finish_reason"] for chunk in events(response)} == {None, "length"}
    assert "</artifact>" not in content_of(response)
    assert bool(content_of(response)) == (max_tokens > usage["completion_tokens_details"]["reasoning_tokens"])


@pytest.mark.parametrize(("missing", "finish"), [(0, "stop"), (1, "length")])
def test_one_token_makes_the_difference(host: StandIn, missing: int, finish: str) -> None:
    needed = usage_of(ask(host, "A counter"))["completion_tokens"]

    response = ask(host, "A counter", max_tokens=needed - missing)

    assert events(response)[-1]["choices"][0]["finish_reason"] == finish
    assert content_of(response).endswith("</artifact>") == (finish == "stop")


def test_a_generation_can_be_looked_up(host: StandIn) -> None:
    response = ask(host, "A todo list")
    url = host.url + "/generation"

    found = request("GET", url, params={"id": response.headers["x-generation-id"]}).json()["data"]
    unknown = request("GET", url, params={"id": "gen-0"})

    assert found["total_cost"] == usage_of(response)["cost"]
    assert found["tokens_completion"] == usage_of(response)["completion_tokens"]
    assert found["cancelled"] is False
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, 404)
    assert request("GET", url, headers={}).status_code == 401


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer"}, {"Authorization": "Basic abc"}])
def test_a_call_needs_a_key(host: StandIn, headers: dict[str, str]) -> None:
    response = request("POST", f"{host.url}/chat/completions", headers, json={})

    assert (response.status_code, response.json()["error"]["code"]) == (401, 401)
    assert (last_row(host)["status"], last_row(host)["charged_nano_usd"]) == (401, 0)


@pytest.mark.parametrize(
    "body",
    ["", "no JSON", "[]", '{"model": "m"}', '{"model": "m", "messages": []}', '{"messages": [{"role": "user"}]}',
     '{"model": "m", "messages": ["hi"]}', '{"model": "m", "messages": [{"role": "user"}], "max_tokens": 0}'],
)  # fmt: skip
def test_what_is_no_chat_request_is_a_400(host: StandIn, body: str) -> None:
    response = request("POST", f"{host.url}/chat/completions", content=body)

    assert (response.status_code, response.json()["error"]["code"]) == (400, 400)


def test_content_may_come_in_parts(host: StandIn) -> None:
    message = {"role": "user", "content": [{"type": "text", "text": "An icon [[fault "}, {"text": "credit]]"}]}

    assert ask(host, "", messages=[message]).status_code == 402


@pytest.mark.parametrize("kind", Kind)
def test_the_one_kind_that_the_system_message_names_is_made(host: StandIn, kind: Kind) -> None:
    mime = MIME_TYPES[kind]

    content = content_of(ask(host, "A logo on a landing page", system=f'Use <artifact type="{mime}" title="…">.'))

    assert content.startswith(f' <artifact type="{mime}" title="')
    assert (' language="' in content.partition("\n")[0]) == (kind is Kind.CODE)


@pytest.mark.parametrize(
    ("prompt", "kind", "title"),
    [
        ("Sequence diagram of a login", Kind.MERMAID, "Signing in"),
        ("A flow chart of an order", Kind.MERMAID, "From order"),
        ("A logo for a rocket company", Kind.SVG, "Rocket icon"),
        ("Illustrations of mountains", Kind.SVG, "Mountains"),
        ("Landing page for a bakery", Kind.HTML, "Landing page"),
        ("A portfolio website", Kind.HTML, "Portfolio"),
        ("A README for my tool", Kind.MARKDOWN, "README"),
        ("Meeting notes", Kind.MARKDOWN, "Notes"),
        ("Python script for primes", Kind.CODE, "Prime sieve"),
        ("A debounce function in JavaScript", Kind.CODE, "Debounce"),
        ("A weather dashboard", Kind.REACT, "Weather &amp; wind"),
        ("Build me a pomodoro timer", Kind.REACT, "Pomodoro"),
        ("A counter", Kind.REACT, "Counter"),
        ("Track my protein", Kind.REACT, ""),
    ],
)
def test_words_choose_where_the_model_may(host: StandIn, prompt: str, kind: Kind, title: str) -> None:
    everything = "Answer with one artifact of these types: " + ", ".join(MIME_TYPES.values())

    content = content_of(ask(host, prompt, system=everything))

    assert content.startswith(f' <artifact type="{MIME_TYPES[kind]}" title="{title}')


def test_the_same_prompt_gets_the_same_answer_and_is_not_echoed(host: StandIn) -> None:
    answers = [content_of(ask(host, "Track my zebrafish")) for _ in range(2)]

    assert answers[0] == answers[1]
    assert "zebrafish" not in ask(host, "Track my zebrafish").text


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.artifact.title)
def test_an_example_is_whole(example: Any) -> None:
    """What can be checked without a browser: each kind's own minimum."""
    artifact = example.artifact
    code = artifact.code
    assert example.words
    assert "</artifact>" not in code
    match artifact.kind:
        case Kind.REACT:
            assert code.count("export default function") == 1
            assert {line.partition(" from ")[2] for line in code.split("\n") if line.startswith("import ")} == {
                "'react';"
            }
            assert "Storage" not in code
        case Kind.HTML:
            assert code.startswith("<!DOCTYPE html>")
            assert code.endswith("</html>")
            assert not any(outside in code for outside in ("http:", "https:", "src=", "@import", "<link"))
        case Kind.SVG:
            root = ET.fromstring(code)  # noqa: S314 - our own file
            assert root.tag == "{http://www.w3.org/2000/svg}svg"
            assert root.get("viewBox")
            assert not any("script" in element.tag or "href" in str(element.attrib) for element in root.iter())
        case Kind.MERMAID:
            assert code.startswith(("flowchart ", "sequenceDiagram\n"))
        case Kind.MARKDOWN:
            assert code.startswith("# ")
        case Kind.CODE if artifact.language == "python":
            ast.parse(code)
        case _:
            assert artifact.language == "javascript"


def test_there_are_two_examples_of_every_kind() -> None:
    for kind in Kind:
        assert len([example for example in examples() if example.artifact.kind is kind]) >= 2


def test_the_natural_pace_takes_its_time() -> None:
    """0.8 seconds of comments before the first token, then thousands of characters a second; instant is instant."""
    body = {"model": MODEL, "stream": True, "messages": [ONE_ARTIFACT, {"role": "user", "content": "A rocket icon"}]}
    with standin("--pace", "natural") as running:
        began = time.monotonic()
        with httpx.stream("POST", f"{running.url}/chat/completions", json=body, headers=KEY) as response:
            lines = response.iter_lines()
            next(line for line in lines if line.startswith("data:"))
            first = time.monotonic() - began
            list(lines)
        took = time.monotonic() - began

    assert 0.7 < first < 1.5
    assert 0.2 < took - first < 3


def test_the_instant_pace_is_instant(host: StandIn) -> None:
    began = time.monotonic()
    ask(host, "A todo list")

    assert time.monotonic() - began < 0.7


def test_both_paces_send_the_same(host: StandIn) -> None:
    """What is sent in packets is what is sent piece by piece, all events alike, and the books say the same."""
    model = "a/model"  # new to both, so that neither has the prompt in its cache
    with standin("--pace", "natural") as natural:
        answers = [ask(running, "A rocket icon", model=model) for running in (natural, host)]
        slow, quick = last_row(natural), last_row(host)

    assert _stripped(answers[0]) == _stripped(answers[1])
    own = {"number", "generation_id", "at"}
    assert {name: slow[name] for name in slow.keys() - own} == {name: quick[name] for name in quick.keys() - own}


def _stripped(response: httpx.Response) -> list[str]:
    """The lines of an answer without what is new in each: its id and its time."""
    return re.sub(r'"id":"[^"]+"|"created":\d+', "", response.text).split("\n")


def test_an_instant_answer_comes_in_few_packets(host: StandIn) -> None:
    """Many events at once, so that a load test measures its client; `make bench-standin` says what that takes."""
    with calling(host.url, "A todo list") as connection, connection.makefile("rb") as answer:
        while answer.readline().strip():
            pass
        packets = list(_chunks(answer))

    assert b"".join(packets).count(b"\ndata: ") > 1000
    assert len(packets) < 100


def _chunks(wire: IO[bytes]) -> Iterator[bytes]:
    """The chunks of a chunked body."""
    while size := int(wire.readline(), 16):
        yield wire.read(size)
        wire.readline()


def test_the_page_lists_the_faults(host: StandIn) -> None:
    page = request("GET", host.url.removesuffix("/api/v1"))

    assert page.headers["content-type"].startswith("text/plain")
    assert "stand-in" in page.text.split("\n")[0]
    assert "\n  cut [after=N]\n" in page.text


def test_a_program_is_told_the_faults_by_group(host: StandIn) -> None:
    faults = request("GET", host.url.removesuffix("/api/v1") + "/faults").json()

    assert {
        "hosts": ["openrouter", "moonshot", "kimi", "custom"],
        "name": "cut",
        "group": "in mid-stream",
        "what": "The body ends in an orderly way after half of the content, with neither finish_reason nor [DONE].",
        "steps": ["plan", "build", "review", "changes", "rebuild"],
    } in faults
    groups = [each["group"] for each in faults]
    assert list(dict.fromkeys(groups)) == [group for group, _ in groupby(groups)], "each group stands together"
    assert all(each["what"].endswith(".") for each in faults)


def test_the_environment_sets_it_up() -> None:
    environment = {"STANDIN_PORT": "0", "STANDIN_PACE": "instant", "STANDIN_FAULT": "cut", "STANDIN_SEED": "7"}

    assert StandinSettings.from_environment(environment) == StandinSettings(0, "instant", "cut", 7)
    assert StandinSettings.from_environment({"STANDIN_PORT": "", "STANDIN_PACE": ""}) == StandinSettings()


@pytest.mark.parametrize(
    ("name", "value"),
    [("STANDIN_PORT", "x"), ("STANDIN_PORT", "70000"), ("STANDIN_PACE", "hasty"), ("STANDIN_SEED", "?")],
)
def test_a_setting_that_makes_no_sense_is_refused(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=value.replace("?", r"\?")):
        StandinSettings.from_environment({name: value})


def test_settings_do_not_change() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        StandinSettings().port = 1  # type: ignore[misc]
