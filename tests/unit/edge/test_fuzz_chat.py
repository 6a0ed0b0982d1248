"""Whatever comes in, and whatever a host says, the chat function answers as documented and logs nothing of it."""

import base64
import io
import itertools
import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from functions.chat_completions.app import CONTRACTS, work
from shared.chat.chat import Chat
from shared.chat.models import AllowedModels
from shared.edge.endpoint import Endpoint
from shared.model_host import Client
from shared.settings import Settings
from tests.support.chat_bodies import ABSENT, CALLING, CHAT, RESULT, SHORT, places, replaced
from tests.support.chatting import saying, streaming
from tests.support.documented import check
from tests.support.fuzzing import ANY_TEXT, CANARIES, FUZZ, JSON, ODD_TEXT, PIECES, Context, event_of
from tests.support.logged import logged_to

KEY = "sk-or-canary-5b1d"
ENVIRONMENT = {"OPENROUTER_K2T_KEY": KEY, "CHAT_MODELS": "a/b,auto", "TIER_FAST": "a/b", "TIER_BALANCED": "a/b"}
ENVIRONMENT |= {"MAX_CALLS": "2", "AUTH_MODE": "none", "ALLOW_UNAUTHENTICATED": "true", "ENABLE_GUARD": "false"}
COMPLETIONS, KIMI = "/v1/chat/completions", "/api/kimi"
METHODS = {COMPLETIONS: "POST", "/v1/models": "GET", "/v1/route": "POST", KIMI: "POST"}
GOOD = saying("Hi", reasoning="Well", tool_calls=[{"id": "1", "function": {"name": "look", "arguments": "{}"}}])


class Function:
    """The chat function, with a model host that answers as it is told to."""

    def __init__(self) -> None:
        self.says = GOOD
        self.log = io.StringIO()
        settings = Settings.from_environment(ENVIRONMENT)
        models = AllowedModels.of(settings)
        http = httpx.Client(transport=httpx.MockTransport(self._host))
        client = Client.of(settings, models.all, http=http, sleep=lambda _seconds: None)
        chat = Chat(client, models)
        self._endpoint: Endpoint[Any, Any, Any] = Endpoint("chat_completions", CONTRACTS, lambda _: chat, work)

    def _host(self, _request: httpx.Request) -> httpx.Response:
        return httpx.Response(self.says.status_code, headers=self.says.headers, content=self.says.content)

    def check(self, path: str, event: Any, *, streams: bool) -> httpx.Response:
        """Have one event answered; whatever it is, the answer is documented and there is one cost line."""
        self.log = io.StringIO()
        with logged_to(self._endpoint._logs, self.log):
            given = self._endpoint(event, Context(streams=streams))
            body = given["body"]
            content = body.encode() if isinstance(body, str) else b"".join(body)
            if not isinstance(body, str):
                body.close()
        answer = httpx.Response(given["statusCode"], headers=given["headers"], content=content)
        check(f"chat-completions{path}", answer)
        lines = [json.loads(line) for line in self.log.getvalue().splitlines()]
        (cost,) = [line for line in lines if line["message"] == "cost"]
        assert cost["status"] == answer.status_code or answer.headers["content-type"] == "text/event-stream"
        assert KEY not in self.log.getvalue() + answer.text
        return answer


@pytest.fixture(scope="module")
def function() -> Iterator[Function]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        yield Function()


PATHS = st.sampled_from(list(METHODS))
WORDS = st.sampled_from(
    ["a/b", "auto", "none", "required", "tool", "assistant", "function", "image_url", "json_schema"]
)
VALUES = st.one_of(st.just(ABSENT), WORDS, ANY_TEXT, ODD_TEXT, JSON)
KIMI_BODY = {"prompt": "a", "template": "translate", "variables": {"TARGET_LANGUAGE": "b"}, "model": "a/b"}
BASES: list[dict[str, Any]] = [CHAT, SHORT | {"messages": [CALLING, RESULT]}, SHORT, KIMI_BODY, {"prompt": "a"}]


@st.composite
def near(draw: Any) -> dict[str, Any]:
    """A good request with anything in one or two places."""
    body = draw(st.sampled_from(BASES))
    for _ in range(draw(st.integers(0, 2))):
        if here := list(places(body)):
            body = replaced(body, draw(st.sampled_from(here)), draw(VALUES))
    return dict(body)


@FUZZ
@given(PATHS, near() | JSON, st.booleans())
@example(path=COMPLETIONS, body=CHAT, streams=True)
@example(path=COMPLETIONS, body=CHAT, streams=False)
@example(path=KIMI, body=KIMI_BODY, streams=True)
def test_json_near_the_schema(function: Function, path: str, body: Any, streams: bool) -> None:
    function.says = GOOD

    function.check(path, event_of(json.dumps(body), path=path, method=METHODS[path]), streams=streams)


@FUZZ
@given(
    PATHS,
    st.binary(max_size=200) | st.lists(PIECES).map(lambda pieces: "".join(pieces).encode()),
    st.booleans(),
    st.booleans(),
)
def test_any_bytes(function: Function, path: str, body: bytes, is_base64: bool, streams: bool) -> None:
    text = base64.b64encode(body).decode() if is_base64 else body.decode("utf-8", "surrogateescape")

    function.check(path, event_of(text, is_base64=is_base64, path=path, method=METHODS[path]), streams=streams)


@FUZZ
@given(
    PATHS,
    st.dictionaries(st.sampled_from([*event_of(""), "cookies", "rawQueryString"]), JSON, max_size=4),
    st.dictionaries(st.sampled_from(["content-type", "Accept", "Prefer", "authorization"]) | ANY_TEXT, JSON),
    st.booleans(),
)
def test_any_event(
    function: Function, path: str, parts: dict[str, Any], headers: dict[str, Any], streams: bool
) -> None:
    """An event with parts that are anything, and one with headers that are anything."""
    function.says = GOOD
    body = json.dumps(SHORT | {"stream": True, "prompt": "a"})
    method = METHODS[path]
    odd = event_of(body, path=path, method=method) | parts

    function.check(path if odd["rawPath"] == path else COMPLETIONS, odd, streams=streams)
    function.check(path, event_of(body, path=path, method=method, headers=headers), streams=streams)


@FUZZ
@given(JSON, st.booleans())
def test_anything_as_an_event(function: Function, event: Any, streams: bool) -> None:
    assert function.check(COMPLETIONS, event, streams=streams).status_code == 404


CALLS = st.lists(
    st.fixed_dictionaries({"index": st.integers(-1, 3) | JSON, "id": ANY_TEXT | JSON, "function": JSON})
    | st.fixed_dictionaries({"function": st.fixed_dictionaries({"name": ANY_TEXT, "arguments": ANY_TEXT | JSON})})
    | JSON,
    max_size=3,
)
MESSAGE = st.fixed_dictionaries(
    {}, optional={"content": ANY_TEXT | JSON, "reasoning": ANY_TEXT | JSON, "role": JSON, "tool_calls": CALLS | JSON}
)
CHOICE = st.fixed_dictionaries(
    {"delta": MESSAGE, "message": MESSAGE}, optional={"finish_reason": st.sampled_from(["stop", "length"]) | JSON}
)
CHUNK = st.fixed_dictionaries({"choices": st.lists(CHOICE, max_size=2)}, optional={"id": JSON, "usage": JSON}) | JSON


@FUZZ
@given(st.lists(CHUNK, max_size=4), st.booleans(), st.booleans(), st.booleans())
def test_whatever_a_host_says(
    function: Function, chunks: list[Any], host_streams: bool, asks_stream: bool, streams: bool
) -> None:
    """The answer is documented, and a stream has one end: a finish reason, or an error."""
    content = json.dumps(chunks[-1] if chunks else {})
    function.says = streaming(*map(json.dumps, chunks), "[DONE]") if host_streams else httpx.Response(200, text=content)
    body = SHORT | {"stream": asks_stream, "stream_options": {"include_usage": True}}

    answer = function.check(COMPLETIONS, event_of(json.dumps(body), path=COMPLETIONS), streams=streams)

    assert answer.status_code in {200, 422, 429, 502, 503}


def marked(body: Any, mark: Iterator[int]) -> Any:
    """A body in which each text that begins with `secret` has a mark of its own."""
    if isinstance(body, dict):
        return {marked(name, mark): marked(each, mark) for name, each in body.items()}
    if isinstance(body, list):
        return [marked(each, mark) for each in body]
    is_secret = isinstance(body, str) and body.startswith("secret")
    return body.replace("secret", f"canary{next(mark):02}q") if is_secret else body


CALL = {"id": "secret-id", "type": "function", "function": {"name": "secret-call", "arguments": '{"a": "secret"}'}}
SCHEMA = {
    "type": "object",
    "properties": {"secret-property": {"type": "secret", "description": "secret", "role": "secret"}},
}
SECRETS: dict[str, dict[str, Any]] = {
    "messages": {
        "model": "auto",
        "messages": [
            {"role": "system", "content": "secret of the owner"},
            {"role": "developer", "content": [{"type": "text", "text": "secret of the developer"}]},
            {"role": "user", "content": "secret of the user", "name": "secret-name"},
            {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "secret://image"}}]},
            {"role": "user", "content": [{"type": "image_url", "image_url": "secret://other"}]},
            {
                "role": "assistant",
                "content": "secret answer",
                "reasoning_content": "secret thought",
                "tool_calls": [CALL],
            },
        ],
    },
    "options": SHORT
    | {
        "tools": [
            {"type": "function", "function": {"name": "secret-tool", "description": "secret", "parameters": SCHEMA}}
        ],
        "response_format": {"type": "json_schema", "json_schema": {"name": "secret", "schema": SCHEMA}},
        "stop": ["secret stop"],
    },
    "kimi": {"prompt": "secret prompt", "system": "secret system"},
    "template": {
        "prompt": "secret prompt",
        "template": "translate",
        "variables": {"TARGET_LANGUAGE": "secret-language"},
    },
}


def echoes(text: str) -> Iterator[httpx.Response]:
    """What a host may say that repeats a text: names, and errors of every form."""
    choices = [{"message": {"content": text}, "finish_reason": text}]
    yield httpx.Response(200, json={"id": text, "model": text, "provider": text, "choices": choices})
    yield httpx.Response(
        200, json={"id": f"gen-{text}", "model": f"a/{text}", "provider": f"A {text}", "choices": choices}
    )
    yield httpx.Response(400, json={"error": {"message": text, "code": text, "type": text, "metadata": {"raw": text}}})
    yield httpx.Response(200, json={"error": {"message": text, "code": 502, "metadata": {"provider_name": text}}})
    yield streaming({"choices": [{"delta": {"content": text}}]}, {"error": {"message": text, "code": text}})


NOT_PASSED_ON = {
    "routing": {"intent": "canary intent"},
    "user": "canary",
    "reasoning": {"canary": 1},
    "canary": "canary",
}


def test_nothing_that_is_not_passed_on_is_logged(function: Function) -> None:
    function.says = GOOD

    answer = function.check(
        COMPLETIONS, event_of(json.dumps(SHORT | {"model": "auto"} | NOT_PASSED_ON), path=COMPLETIONS), streams=True
    )

    assert answer.headers["x-ignored-parameters"] == "reasoning"
    assert "canary" not in function.log.getvalue() + answer.text + str(answer.headers)


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("streams", [True, False])
def test_nothing_that_a_caller_writes_is_logged(function: Function, name: str, streams: bool) -> None:
    """Even where the host repeats it."""
    body = marked(SECRETS[name], itertools.count())
    texts = sorted(set(re.findall(r"canary\d\dq[^\"\\]*", json.dumps(body))))
    assert len(texts) >= 2
    path = KIMI if "prompt" in body else COMPLETIONS

    for text in texts:
        for host in echoes(text):
            function.says = host
            for stream in (True, False) if path == COMPLETIONS else (False,):
                event = event_of(json.dumps(body | {"stream": stream}), path=path)
                assert function.check(path, event, streams=streams).status_code in {200, 400, 502}
                assert "canary" not in function.log.getvalue(), text


BAD: dict[str, Any] = {
    "model": "canary",
    "provider": "canary",
    "stream": "canary",
    "max_tokens": "canary",
    "metadata": {"feature": "canary canary"},
    "session_id": "canary\n",
    "tools": [{"type": "canary"}],
    "tool_choice": "canary",
    "response_format": {"type": "canary"},
    "stop": [{"canary": "canary"}],
    "temperature": "canary",
    "routing": {"score": "canary"},
    "messages": [{"role": "canary", "content": "canary"}],
}


@pytest.mark.parametrize("field", BAD)
@pytest.mark.parametrize("path", [COMPLETIONS, "/v1/route"])
def test_nothing_of_a_bad_request_is_logged_or_repeated(function: Function, path: str, field: str) -> None:
    event = event_of(json.dumps(SHORT | {field: BAD[field]}), path=path)

    answer = function.check(path, event, streams=True)

    assert answer.status_code == 400
    assert answer.json()["error"]["param"].startswith(field)
    assert "canary" not in function.log.getvalue() + answer.text


@pytest.mark.parametrize(
    "body",
    [
        {"prompt": ["canary"]},
        {"prompt": "a", "system": ["canary"]},
        {"prompt": "a", "template": "canary"},
        {"prompt": "a", "template": "translate", "variables": {"CANARY": "canary", "TARGET_LANGUAGE": "canary"}},
        {"prompt": "a", "template": "translate", "variables": {"TARGET_LANGUAGE": ["canary"]}},
        {"prompt": "a", "variables": {"canary": "canary"}},
        {"prompt": "a", "model": "canary"},
    ],
    ids=["prompt", "system", "template", "variable", "value", "variables", "model"],
)
def test_nothing_of_a_bad_prompt_is_logged_or_repeated(function: Function, body: dict[str, Any]) -> None:
    answer = function.check(KIMI, event_of(json.dumps(body), path=KIMI), streams=True)

    assert answer.status_code == 400
    assert "canary" not in function.log.getvalue() + answer.text


@FUZZ
@given(PATHS, CANARIES, st.booleans())
def test_nothing_of_a_body_that_is_no_json_is_logged(function: Function, path: str, canary: str, streams: bool) -> None:
    body = json.dumps(SHORT | {"prompt": canary, canary: canary})[:-1]
    headers = {
        "content-type": "application/json",
        "authorization": f"Bearer {canary}",
        "cookie": canary,
        canary: canary,
    }
    event = event_of(body, path=path, method=METHODS[path], headers=headers, rawQueryString=canary)

    assert function.check(path, event, streams=streams).status_code == (400 if METHODS[path] == "POST" else 200)
    assert canary not in function.log.getvalue()
