"""docs/openapi.json against the running functions: what it allows, what it forbids, and what is far from either.

No answer is a mistake of ours, has a status that is not documented, or another shape than the document says. What went
in is not in the log: `running_bundle` looks.
"""

import copy
from collections import Counter
from typing import Any

import httpx
import pytest
import schemathesis
from schemathesis import checks
from schemathesis.config import GenerationConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig

from tests.local.bundle import lines, lines_of
from tests.local.emulator import Emulator
from tests.support.chatting import KIMI
from tests.support.documented import DOCUMENT, check

CHAT_REQUESTS = ("ChatRequest", "RouteRequest", "KimiRequest")


def naming_models(document: dict[str, Any]) -> dict[str, Any]:
    """The document with the names that callers may use here, and no prefix for them: any other text is refused."""
    document = copy.deepcopy(document)
    for name in CHAT_REQUESTS:
        fields = document["components"]["schemas"][name]["properties"]
        # Null is as good as none, where a model may be missing.
        fields["model"] = {"enum": [KIMI, "auto", *([] if name == "ChatRequest" else [None])]}
        del fields["provider"]
    return document


CONFIG = SchemathesisConfig(
    projects=ProjectsConfig(
        default=ProjectConfig(generation=GenerationConfig(max_examples=20, deterministic=True, database="none"))
    )
)
# A header of any characters cannot be sent; what becomes of the key is in test_guard.
PATHS = {
    path: {method: operation | {"parameters": []} for method, operation in item.items()}
    for path, item in DOCUMENT["paths"].items()
}
SCHEMA = schemathesis.openapi.from_dict(naming_models(DOCUMENT | {"paths": PATHS}), config=CONFIG)
CHECKS = [
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
]
GOOD = {
    "generate-artifact": {"prompt": "A list of many things", "artifactType": "react", "sessionId": "session-1"},
    "generate-artifact-fix": {
        "content": "export default function App() {\n  return <p>{[1, 2].map((n) => <b key={n}>{n}</b>)}</p>;\n",
        "type": "react",
        "errorMessage": "SyntaxError: Unexpected end",
    },
}

CANARY, TOKEN = "canary-7f3a91c04e", "canary-token-0b6e52d8"
TEXTS = {"prompt", "content", "errorMessage"}


# Two tests, as those of one for all paths would have one name between them, and a worker would run one of them.
@SCHEMA.include(path="/generate-artifact").parametrize()
def test_every_answer_of_generate_artifact_is_documented(case: schemathesis.Case[Any], bundle: Emulator) -> None:
    assert_documented(case, bundle)


@SCHEMA.include(path="/chat-completions/v1/chat/completions").parametrize()
def test_every_answer_of_chat_completions_is_documented(case: schemathesis.Case[Any], bundle: Emulator) -> None:
    assert_documented(case, bundle)


@SCHEMA.include(path="/chat-completions/v1/models").parametrize()
def test_every_answer_of_models_is_documented(case: schemathesis.Case[Any], bundle: Emulator) -> None:
    assert_documented(case, bundle)


@SCHEMA.include(path="/chat-completions/v1/route").parametrize()
def test_every_answer_of_route_is_documented(case: schemathesis.Case[Any], bundle: Emulator) -> None:
    assert_documented(case, bundle)


@SCHEMA.include(path="/chat-completions/api/kimi").parametrize()
def test_every_answer_of_kimi_is_documented(case: schemathesis.Case[Any], bundle: Emulator) -> None:
    assert_documented(case, bundle)


@SCHEMA.include(path="/generate-artifact-fix").parametrize()
def test_every_answer_of_generate_artifact_fix_is_documented(case: schemathesis.Case[Any], bundle: Emulator) -> None:
    assert_documented(case, bundle)


def test_every_path_has_its_test() -> None:
    chat = {f"/chat-completions{path}" for path in ("/v1/chat/completions", "/v1/models", "/v1/route", "/api/kimi")}
    assert set(PATHS) == {"/generate-artifact", "/generate-artifact-fix", *chat}


def assert_documented(case: schemathesis.Case[Any], bundle: Emulator) -> None:
    response = case.call(base_url=bundle.url)

    case.validate_response(response, checks=CHECKS)
    asked: Any = response.request
    bundle.watch.sent(httpx.Request(asked.method, asked.url, headers=asked.headers, content=asked.body or b""))
    check(case.path.removeprefix("/"), _received(bundle, response))


def _received(bundle: Emulator, response: Any) -> httpx.Response:
    headers = {name: values[0] for name, values in response.headers.items()}
    received = httpx.Response(response.status_code, headers=headers, content=response.content)
    bundle.watch.received(received)
    return received


def test_the_document_was_tried_from_both_sides(bundle: Emulator) -> None:
    """If every request had been refused, all of this would have said nothing."""
    costs = [line for line in lines(bundle) if line["message"] == "cost"]
    tried = Counter((line["function"], line["status"], line["attempts"] > 0) for line in costs)

    for function in ("generate_artifact", "generate_artifact_fix", "chat_completions"):
        assert tried[function, 200, True] > 3, tried
        assert tried[function, 400, False] > 3, tried


HOSTILE = {
    "empty": (b"", 400, "invalid_json"),
    "no json": (b"\xff\xfe\x00", 400, "invalid_json"),
    "utf-16": ('{"prompt": "A page"}'.encode("utf-16"), 400, "invalid_json"),
    "deep": (b'{"prompt": "A page", "x": ' + b"[" * 500_000, 400, "invalid_json"),
    "deep and whole": (b'{"prompt": "A page", "x": ' + b"[" * 99 + b"]" * 99 + b"}", 400, "invalid_json"),
    "twice": (b'{"prompt": "A page", "prompt": "Another"}', 400, "invalid_json"),
    "nan": (b'{"prompt": "A page", "x": NaN}', 400, "invalid_json"),
    "huge float": (b'{"prompt": "A page", "x": 1e999999}', 400, "invalid_json"),
    "huge integer": (b'{"prompt": "A page", "x": ' + b"9" * 10_000 + b"}", 400, "invalid_json"),
    "surrogate": (rb'{"prompt": "A page \ud800"}', 400, "invalid_request"),
    "nul": (rb'{"prompt": "A page \u0000"}', 400, "invalid_request"),
    "raw nul": (b'{"prompt": "A page \x00"}', 400, "invalid_json"),
    "session": (rb'{"prompt": "A page", "sessionId": "a\r\nb"}', 400, "invalid_request"),
    "array": (b'["prompt"]', 400, "invalid_request"),
    "large": (b'{"prompt": "' + b"x" * 1024 * 1024 + b'"}', 413, "payload_too_large"),
}


@pytest.mark.parametrize(("body", "status", "code"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_bodies(bundle: Emulator, body: bytes, status: int, code: str) -> None:
    headers = {"content-type": "application/json"}

    answer = bundle.request("POST", "/generate-artifact", content=body, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    check("generate-artifact", answer)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"x-long": "y" * 16_384}, 431),
        ({f"x-{number}": "y" * 200 for number in range(80)}, 431),
        ({"cookie": "a=" + "b" * 16_384}, 431),
        ({"x-long": "y" * 15_000}, 200),
        ({"content-type": "text/plain"}, 415),
        ({"content-type": "application/json; charset=utf-16"}, 415),
        ({"content-encoding": "gzip"}, 415),
    ],
    ids=["one", "many", "cookies", "long enough", "text", "charset", "compressed"],
)
@pytest.mark.parametrize("route", GOOD)
def test_hostile_headers(bundle: Emulator, route: str, headers: dict[str, str], status: int) -> None:
    answer = bundle.request("POST", f"/{route}", json=GOOD[route], headers=headers)

    assert answer.status_code == status
    check(route, answer)


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ("rate-limit retry_after=3600", 429),
        ("status code=503 hint=3600", 503),
        ("status code=500 raw=canary-upstream-5d1c hint=3600", 502),
        ("credit", 503),
        ("key", 503),
        ("context", 502),
        ("policy", 422),
        ("prose", 502),
        ("invalid", 502),
        ("length", 502),
    ],
)
@pytest.mark.parametrize("route", GOOD)
def test_failures_of_the_host_are_documented(bundle: Emulator, route: str, fault: str, status: int) -> None:
    """And say nothing in the host's words."""
    field = "prompt" if "prompt" in GOOD[route] else "errorMessage"

    answer = bundle.call({**GOOD[route], field: f"Something [[fault {fault}]]"}, route)

    assert answer.status_code == status, answer.text
    assert "canary" not in answer.text
    check(route, answer)


@pytest.mark.parametrize("route", GOOD)
@pytest.mark.parametrize("is_good", [True, False])
def test_nothing_that_is_sent_is_logged(bundle: Emulator, route: str, is_good: bool) -> None:
    body = {name: f"{value}\n// {CANARY}\n" if name in TEXTS else value for name, value in GOOD[route].items()}
    headers = {"authorization": f"Bearer {TOKEN}", "cookie": f"session={CANARY}", "x-canary": CANARY}

    answer = bundle.call(body if is_good else {CANARY: CANARY}, f"{route}?q={CANARY}", headers=headers)

    assert (answer.status_code == 400) is not is_good
    lines_of(bundle, answer.json()["requestId"])
    written = bundle.stdout + bundle.stderr
    assert CANARY not in written
    assert TOKEN not in written + answer.text


@pytest.mark.parametrize("path", ["v1/chat/completions", "v1/route", "api/kimi"])
@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, 200),
        ({"stream": True}, 200),
        ({"model": f"{CANARY}/{CANARY}"}, 400),
        ({"metadata": {"feature": CANARY * 9}}, 400),
    ],
    ids=["whole", "streamed", "model", "metadata"],
)
def test_nothing_of_a_chat_that_is_sent_is_logged(
    bundle: Emulator, path: str, change: dict[str, Any], status: int
) -> None:
    message = {
        "role": "user",
        "content": [{"type": "text", "text": f"{CANARY} [[fault status code=503 raw={CANARY} times=1]]"}],
    }
    body = {"prompt": CANARY} if path == "api/kimi" else {"messages": [message], "stop": [CANARY], "user": CANARY}
    headers = {"authorization": f"Bearer {TOKEN}", "cookie": f"session={CANARY}", "x-canary": CANARY}

    answer = bundle.call({"model": KIMI, **body, **change}, f"chat-completions/{path}?q={CANARY}", headers=headers)

    assert answer.status_code == status
    lines_of(bundle, answer.headers["x-request-id"])
    written = bundle.stdout + bundle.stderr
    assert CANARY not in written
    assert TOKEN not in written + answer.text
