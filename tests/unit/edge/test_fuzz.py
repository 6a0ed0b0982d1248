"""Whatever comes in, both artifact functions answer as documented, write one cost line, and log nothing of it."""

import base64
import io
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from functions.generate_artifact.app import work as generate
from functions.generate_artifact_fix.app import work as fix
from shared.artifacts.allowed_imports import AllowedImports
from shared.artifacts.contract import FIXED, GENERATED, ArtifactContract, FixRequest, GenerateRequest
from shared.artifacts.repair_loop import Dependencies
from shared.edge.endpoint import Endpoint
from shared.model_host import Client
from shared.settings import Settings
from tests.support.answers import ANSWERS
from tests.support.documented import check
from tests.support.fuzzing import ANY_TEXT, CANARIES, FUZZ, JSON, ODD_TEXT, PIECES, Context, event_of
from tests.support.logged import logged_to

KEY = "sk-or-canary-5b1d"
GOOD = '<artifact type="text/markdown" title="T"># A page\n\nof text</artifact>'
SETTINGS = Settings.model_validate({"openrouter_k2t_key": KEY, "models": ("a/b",), "max_calls": 2})


class Functions:
    """Both functions, with a model host that says what it is told to."""

    def __init__(self) -> None:
        self.said = GOOD
        self.log = io.StringIO()
        http = httpx.Client(transport=httpx.MockTransport(self._host))
        dependencies = Dependencies(
            Client.of(SETTINGS, http=http, sleep=lambda _seconds: None), AllowedImports(["react"])
        )
        self._endpoints: dict[str, Endpoint[Any, Any, Any]] = {
            "generate-artifact": Endpoint(
                "generate_artifact",
                ArtifactContract(GenerateRequest, GENERATED),
                lambda _: dependencies,
                generate,
            ),
            "generate-artifact-fix": Endpoint(
                "generate_artifact_fix", ArtifactContract(FixRequest, FIXED), lambda _: dependencies, fix
            ),
        }

    def _host(self, _request: httpx.Request) -> httpx.Response:
        choice = {"message": {"content": self.said}, "finish_reason": "stop"}
        return httpx.Response(200, content=json.dumps({"choices": [choice], "usage": {"cost": 0.01}}))

    def check(self, route: str, event: Any) -> int:
        """Have one event answered; whatever it is, the answer is documented and there is one cost line."""
        endpoint = self._endpoints[route]
        self.log = io.StringIO()
        with logged_to(endpoint._logs, self.log):
            answer = json.loads(json.dumps(endpoint(event, Context())))
        check(route, httpx.Response(answer["statusCode"], headers=answer["headers"], content=answer["body"]))
        lines = [json.loads(line) for line in self.log.getvalue().splitlines()]
        assert [line["status"] for line in lines if line["message"] == "cost"] == [answer["statusCode"]]
        assert KEY not in self.log.getvalue() + answer["body"]
        return int(answer["statusCode"])


@pytest.fixture(scope="module")
def functions() -> Iterator[Functions]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENROUTER_K2T_KEY", KEY)
        patch.setenv("AUTH_MODE", "none")
        patch.setenv("ALLOW_UNAUTHENTICATED", "true")
        patch.setenv("ENABLE_GUARD", "false")
        yield Functions()


ROUTES = st.sampled_from(["generate-artifact", "generate-artifact-fix"])
KINDS = st.sampled_from(["react", "HTML", " svg", "text/markdown", "application/vnd.ant.code", "mermaid", "code"])
VALUES = st.one_of(st.text(min_size=1, max_size=80), KINDS, ANY_TEXT, ODD_TEXT, JSON)
FIELDS = [
    "prompt",
    "artifactType",
    "sessionId",
    "content",
    "type",
    "errorMessage",
    "artifact_type",
    "success",
    "metadata",
]
NEAR = st.one_of(
    st.dictionaries(st.sampled_from(FIELDS) | ANY_TEXT, VALUES, max_size=8),
    st.fixed_dictionaries(
        {"prompt": ANY_TEXT, "content": ANY_TEXT, "type": KINDS, "errorMessage": ANY_TEXT},
        optional={"artifactType": KINDS},
    ),
    JSON,
)


@FUZZ
@given(ROUTES, NEAR, ANSWERS | st.just(GOOD))
@example("generate-artifact", {"prompt": "A page"}, GOOD)
@example("generate-artifact-fix", {"content": "# A", "type": "markdown", "errorMessage": "none"}, GOOD)
def test_json_near_the_schema(functions: Functions, route: str, body: Any, said: str) -> None:
    functions.said = said

    functions.check(route, event_of(json.dumps(body)))


@FUZZ
@given(ROUTES, st.binary(max_size=200) | st.lists(PIECES).map(lambda pieces: "".join(pieces).encode()), st.booleans())
def test_any_bytes(functions: Functions, route: str, body: bytes, is_base64: bool) -> None:
    functions.said = GOOD
    text = base64.b64encode(body).decode() if is_base64 else body.decode("utf-8", "surrogateescape")

    functions.check(route, event_of(text, is_base64=is_base64))


@FUZZ
@given(
    ROUTES,
    st.dictionaries(st.sampled_from([*event_of(""), "cookies", "rawQueryString"]), JSON, max_size=4),
    st.dictionaries(st.sampled_from(["content-type", "Content-Encoding", "authorization"]) | ANY_TEXT, JSON),
)
def test_any_event(functions: Functions, route: str, parts: dict[str, Any], headers: dict[str, Any]) -> None:
    """An event with parts that are anything, and one with headers that are anything."""
    functions.said = GOOD

    functions.check(route, event_of('{"prompt": "a"}') | parts)
    functions.check(route, event_of('{"prompt": "a"}', headers=headers))


@FUZZ
@given(ROUTES, JSON)
def test_anything_as_an_event(functions: Functions, route: str, event: Any) -> None:
    assert functions.check(route, event) == 405 or isinstance(event, dict)


@FUZZ
@given(ROUTES, CANARIES)
def test_nothing_of_a_request_or_answer_is_logged(functions: Functions, route: str, canary: str) -> None:
    functions.said = GOOD.replace("text", f"text {canary}-answer")
    kinds = {"type": "markdown", "artifactType": "markdown"}
    body = kinds | {"prompt": canary, "content": f"# {canary}", "errorMessage": canary, canary: canary}

    bad = json.dumps(body | {"prompt": "", "content": "", "type": canary})
    for text, status in [(json.dumps(body), 200), (json.dumps(body)[:-1], 400), (bad, 400)]:
        assert functions.check(route, event_of(text)) == status
        assert canary not in functions.log.getvalue()
