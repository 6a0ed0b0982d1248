"""What a request is part of, through the running functions to their cost lines and `make costs`."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.costs.__main__ import main
from tests.local.bundle import at, lines_of, running_bundle
from tests.local.emulator import Emulator
from tests.support.standin import StandIn

CART = {"feature": "checkout", "component": "cart"}
SEARCH = {"feature": "search"}
BROKEN = "export default function App() { return <p>Hi</div>; }"
BODIES = {
    "generate-artifact": {"prompt": "A list", "artifactType": "svg"},
    "generate-artifact-fix": {"content": BROKEN, "type": "react", "errorMessage": "</div>"},
}
ROUTES = pytest.mark.parametrize("route", BODIES)


@pytest.fixture(scope="module")
def bundle(host: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    settings = at(host) | {"ENABLE_GUARD": "true", "GUEST_LIMIT": "1000", "GLOBAL_LIMIT_PER_MINUTE": "1000"}
    with running_bundle(tmp_path_factory.mktemp("metadata"), **settings) as running:
        yield running


def ask(running: Emulator, route: str, metadata: object, key: str | None = None, fault: str = "") -> httpx.Response:
    body: dict[str, Any] = BODIES[route] | {"metadata": metadata}
    if fault:
        text = "prompt" if "prompt" in body else "errorMessage"
        body[text] += f" [[fault {fault}]]"
    return running.call(body, route, headers={"Idempotency-Key": key} if key else {})


def cost_of(running: Emulator, answer: httpx.Response) -> dict[str, Any]:
    return lines_of(running, answer.json()["requestId"])[-1]


@ROUTES
def test_an_answer_a_failure_and_a_replay_say_what_they_are_part_of(bundle: Emulator, route: str) -> None:
    answer = ask(bundle, route, CART, key=route)
    replay = ask(bundle, route, SEARCH, key=route)
    failure = ask(bundle, route, CART, fault="refusal")
    plain = ask(bundle, route, None)

    assert [each.status_code for each in (answer, replay, failure, plain)] == [200, 200, 422, 200]
    assert replay.headers["idempotent-replayed"] == "true"
    found = [cost_of(bundle, each) for each in (answer, replay, failure, plain)]
    assert [(line["feature"], line["component"]) for line in found] == [
        ("checkout", "cart"), ("search", None), ("checkout", "cart"), (None, None),
    ]  # fmt: skip
    assert [line["replayed"] for line in found] == [False, True, False, False]


@ROUTES
@pytest.mark.parametrize(
    ("metadata", "field"),
    [
        ("checkout", "metadata"),
        ({"feature": "two words"}, "metadata.feature"),
        ({"component": 1}, "metadata.component"),
    ],
)
def test_what_is_malformed_is_400(bundle: Emulator, route: str, metadata: object, field: str) -> None:
    answer = ask(bundle, route, metadata)

    body = answer.json()
    assert (answer.status_code, body["code"], body["field"]) == (400, "invalid_request", field)
    line = cost_of(bundle, answer)
    assert (line["outcome"], line["feature"], line["component"], line["attempts"]) == ("invalid_request", None, None, 0)


def test_costs_can_be_asked_by_feature(host: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of a run from its first line to its last; a replay is no request of any feature."""
    host.forget()
    with running_bundle(tmp_path, **at(host), ENABLE_GUARD="true") as running:
        asked = [
            ask(running, "generate-artifact", CART, key="one"),
            ask(running, "generate-artifact", SEARCH, key="one"),
            ask(running, "generate-artifact-fix", CART, fault="refusal"),
            ask(running, "generate-artifact", SEARCH),
        ]
        for each in asked:
            lines_of(running, each.json()["requestId"])
        log = tmp_path / "functions.log"
        log.write_text(running.stdout)
    capsys.readouterr()

    assert main([str(log), "--by", "feature", "--by", "host", "--json"]) == 0

    (rows,) = json.loads(capsys.readouterr().out).values()
    found = {row["feature_name"]: row for row in rows}
    assert {name: (row["requests"], row["calls"], row["answered_percent"]) for name, row in found.items()} == {
        "checkout": (2, 2, 50),
        "search": (1, 1, 100),
    }
    assert {row["host_name"] for row in rows} == {"openrouter"}
    charged = sum(row["charged_nano_usd"] for row in host.ledger()["calls"])
    assert round(sum(row["cost_usd"] for row in rows) * 10**9) == charged > 0


HI = {"model": "auto", "messages": [{"role": "user", "content": "Hi"}]}
LATIN = {"template": "translate", "variables": {"TARGET_LANGUAGE": "Latin"}}


def error_of(answer: httpx.Response) -> dict[str, Any]:
    """What an answer of the chat function says is wrong, in the form of either of its contracts."""
    body = answer.json()
    error: dict[str, Any] = body["error"] if "error" in body else body["data"]
    return error


@pytest.mark.parametrize(
    ("path", "body", "names_field"),
    [
        pytest.param("/v1/chat/completions", HI, "param", id="whole"),
        pytest.param("/v1/chat/completions", HI | {"stream": True}, "param", id="streamed"),
        pytest.param("/api/kimi", {"prompt": "Hi"} | LATIN, "field", id="kimi"),
    ],
)
def test_a_chat_says_what_it_is_part_of(bundle: Emulator, path: str, body: dict[str, Any], names_field: str) -> None:
    """Its `metadata` may hold anything else, as OpenAI's does."""
    good, bad = CART | {"anything": 1}, {"feature": "two words"}
    answer, wrong = (
        bundle.request("POST", f"/chat-completions{path}", json=body | {"metadata": each}) for each in (good, bad)
    )

    line = lines_of(bundle, answer.headers["x-request-id"])[-1]
    assert (line["feature"], line["component"], line["attempts"]) == ("checkout", "cart", 1)
    assert (answer.status_code, wrong.status_code) == (200, 400)
    assert error_of(wrong)[names_field] == "metadata.feature"
