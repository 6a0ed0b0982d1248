"""What each path of the chat function takes."""

from typing import Any

import pytest

from shared.chat.requests import ChatRequest, KimiRequest, RouteRequest
from shared.costs.cost_line import WorkFacts
from shared.errors import InvalidRequest
from shared.metadata import Metadata

HELLO = ({"role": "user", "content": "Hello"},)
BODY: dict[str, Any] = {"model": "a/b", "messages": HELLO}
ROUTING = {"score": 4, "intent": "extract", "previousFailures": 2}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, {}),
        ({"stream": True}, {"stream": True}),
        ({"stream": True, "stream_options": {"include_usage": True}}, {"stream": True, "include_usage": True}),
        ({"stream": None, "stream_options": None, "routing": None, "metadata": None, "session_id": None}, {}),
        ({"stream_options": {}, "routing": {}, "metadata": {"other": 1}}, {}),
        ({"max_tokens": 5}, {"max_tokens": 5}),
        ({"session_id": "s", "prompt_cache_key": "k"}, {"session_id": "s"}),
        ({"prompt_cache_key": "k"}, {"session_id": "k"}),
        ({"routing": ROUTING}, {"score": 4.0, "intent": "extract", "previous_failures": 2}),
        ({"routing": {"score": 0}}, {"score": 0.0}),
        ({"metadata": {"feature": "search", "x": {}}}, {"metadata": Metadata(feature="search")}),
        ({"model": "auto"}, {"model": "auto"}),
        ({"provider": "kimi"}, {"model": "kimi/a/b"}),
        ({"provider": "kimi", "model": "kimi/k3"}, {"model": "kimi/k3"}),
        ({"provider": {"sort": "price"}}, {"ignored": ("provider",)}),
        ({"top_k": 3, "temperature": 1}, {"ignored": ("top_k",), "options": {"temperature": 1.0}}),
    ],
)
def test_a_chat_request_is_read(fields: dict[str, Any], expected: dict[str, Any]) -> None:
    values = {"model": "a/b", "messages": HELLO, "options": {}} | expected

    assert ChatRequest.read(BODY | fields) == ChatRequest(**values)


@pytest.mark.parametrize(
    ("fields", "field", "problem"),
    [
        ({"model": None}, "model", "is missing"),
        ({"model": ""}, "model", "must not be empty"),
        ({"model": ["a/b"]}, "model", "must be a string"),
        ({"model": "a" * 201}, "model", "must have at most 200 characters"),
        ({"provider": "acme"}, "provider", "must be openrouter or moonshot or kimi or custom"),
        ({"provider": 1, "model": None}, "provider", "must be openrouter"),
        ({"stream": "yes"}, "stream", "must be true or false"),
        ({"stream_options": True}, "stream_options", "must be an object"),
        ({"stream_options": {"include_usage": 1}}, "stream_options.include_usage", "must be true or false"),
        ({"session_id": 1}, "session_id", "must be a string"),
        ({"session_id": "a" * 257}, "session_id", "must have at most 256 characters"),
        ({"session_id": "s", "prompt_cache_key": "a\nb"}, "prompt_cache_key", "must not hold control characters"),
        ({"session_id": "a\x85"}, "session_id", "must not hold control characters"),
        ({"routing": 5}, "routing", "must be an object"),
        ({"routing": {"score": 10.5}}, "routing.score", "must be a number from 0 to 10"),
        ({"routing": {"intent": 1}}, "routing.intent", "must be a string"),
        ({"routing": {"previousFailures": -1}}, "routing.previousFailures", "must be a whole number from 0 to 100"),
        ({"metadata": []}, "metadata", "must be an object"),
        ({"metadata": {"feature": 1}}, "metadata.feature", "must be a string"),
        ({"metadata": {"component": "a b"}}, "metadata.component", "must have 1 to 64 letters"),
        ({"metadata": {"component": "\ud800"}}, "metadata.component", "must be valid Unicode"),
        ({"messages": None}, "messages", "must have at least one message"),
        ({"n": 2}, "n", "must be 1"),
        ({"max_tokens": 0}, "max_tokens", "must be a whole number"),
    ],
)
def test_the_field_that_is_wrong_is_named(fields: dict[str, Any], field: str, problem: str) -> None:
    with pytest.raises(InvalidRequest) as raised:
        ChatRequest.read(BODY | fields)

    assert raised.value.field == field
    assert raised.value.message.startswith(f"`{field}` {problem}")


@pytest.mark.parametrize(
    "fields",
    [
        {"stream": True, "stream_options": {"include_usage": True}},
        {"metadata": {"feature": "search"}, "user": "u-1", "top_k": 3},
        {"n": 1, "tools": [], "tool_choice": "auto", "stop": [], "routing": {"previousFailures": 0}},
        {"max_completion_tokens": None, "session_id": None, "response_format": {"type": "text"}},
        {"messages": [{"content": "Hello", "role": "user", "x": 1}]},
    ],
)
def test_equal_requests_have_equal_bytes(fields: dict[str, Any]) -> None:
    """However they are written, and whether they are streamed."""
    assert ChatRequest.read(BODY | fields).identity == ChatRequest.read(BODY).identity


@pytest.mark.parametrize(
    "fields",
    [
        {"model": "auto"},
        {"provider": "kimi"},
        {"messages": [*HELLO, *HELLO]},
        {"messages": [HELLO[0] | {"name": "ada"}]},
        {"temperature": 0},
        {"max_tokens": 5},
        {"session_id": "s"},
        {"routing": {"score": 0}},
        {"routing": {"intent": "send"}},
        {"routing": {"previousFailures": 1}},
    ],
)
def test_other_requests_have_other_bytes(fields: dict[str, Any]) -> None:
    assert ChatRequest.read(BODY | fields).identity != ChatRequest.read(BODY).identity


def test_two_ways_to_say_the_same_have_equal_bytes() -> None:
    def identity(**fields: object) -> bytes:
        return ChatRequest.read(BODY | fields).identity

    assert identity(max_tokens=5) == identity(max_completion_tokens=5)
    assert identity(temperature=1) == identity(temperature=1.0)
    assert identity(stop="a") == identity(stop=["a"])
    assert identity(session_id="s") == identity(prompt_cache_key="s")
    assert identity(provider="kimi") == identity(model="kimi/a/b")


def test_defaults_are_no_part_of_the_bytes() -> None:
    """A field that is added later changes none that are stored."""
    bytes_of_hello = b'{"messages": [{"content": "Hello", "role": "user"}], "model": "a/b"}'

    assert ChatRequest.read(BODY).identity == bytes_of_hello
    assert KimiRequest.read({"prompt": "Hello"}).identity == b'{"prompt": "Hello"}'


def test_the_cost_line_says_who_asks_and_how_much() -> None:
    metadata = {"feature": "search", "component": "box"}
    messages = [{"role": "system", "content": "Be brief."}, *HELLO]
    body = BODY | {"messages": messages, "session_id": "s", "metadata": metadata}

    assert ChatRequest.read(body).facts == WorkFacts(None, "s", 14, feature="search", component="box")


@pytest.mark.parametrize(
    ("body", "model"),
    [
        ({"prompt": "Hello"}, "auto"),
        ({"prompt": "Hello", "model": "a/b", "messages": None}, "a/b"),
        ({"messages": HELLO, "model": None}, "auto"),
        ({"messages": HELLO, "model": "k3", "provider": "kimi"}, "kimi/k3"),
        ({"messages": HELLO, "provider": {}}, "auto"),
    ],
)
def test_a_route_may_be_asked_for_with_little(body: dict[str, Any], model: str) -> None:
    request = RouteRequest.read(body | {"routing": ROUTING})

    assert (request.model, request.messages, request.score) == (model, HELLO, 4)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "messages"),
        ({"prompt": ""}, "prompt"),
        ({"prompt": "Hello", "messages": HELLO}, "prompt"),
        ({"prompt": "Hello", "provider": "kimi"}, "model"),
        ({"prompt": "Hello", "provider": 1}, "provider"),
        ({"prompt": "Hello", "temperature": 3}, "temperature"),
    ],
)
def test_a_route_for_nothing_is_refused(body: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidRequest) as raised:
        RouteRequest.read(body)

    assert raised.value.field == field


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, {}),
        ({"system": "Be brief.", "model": "k3", "provider": "kimi"}, {"system": "Be brief.", "model": "kimi/k3"}),
        ({"template": "translate", "variables": {"TO": "Dutch"}, "system": None},
         {"template": "translate", "variables": {"TO": "Dutch"}}),
        ({"max_tokens": 9, "metadata": {"feature": "f"}}, {"max_tokens": 9, "metadata": Metadata(feature="f")}),
        ({"unknown": 1, "messages": 1, "variables": {}}, {"variables": {}}),
    ],
)  # fmt: skip
def test_a_request_to_kimi_is_read(fields: dict[str, Any], expected: dict[str, Any]) -> None:
    assert KimiRequest.read({"prompt": "Hello"} | fields) == KimiRequest(prompt="Hello", **expected)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"prompt": None}, "prompt"),
        ({"prompt": ""}, "prompt"),
        ({"system": 1}, "system"),
        ({"system": "a", "template": "b"}, "template"),
        ({"template": ""}, "template"),
        ({"variables": {"TO": "Dutch"}}, "variables"),
        ({"template": "a", "variables": "TO"}, "variables"),
        ({"template": "a", "variables": {"TO": "\0"}}, "variables"),
        ({"provider": "kimi"}, "model"),
        ({"provider": 1}, "provider"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"metadata": {"feature": ""}}, "metadata.feature"),
    ],
)
def test_what_is_wrong_with_a_request_to_kimi_is_named(fields: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidRequest) as raised:
        KimiRequest.read({"prompt": "Hello"} | fields)

    assert raised.value.field == field


def test_a_request_to_kimi_is_a_chat_request() -> None:
    body = {"prompt": "Hello", "template": "t", "max_tokens": 9, "metadata": {"feature": "f"}}
    request = KimiRequest.read(body)
    system = {"role": "system", "content": "Be brief."}

    chat = request.chat("a/b", "Be brief.")

    assert chat == ChatRequest("a/b", (system, *HELLO), {}, 9, metadata=Metadata(feature="f"))
    assert request.chat("a/b", None).messages == HELLO


def test_a_request_to_kimi_has_bytes_and_facts_of_its_own() -> None:
    """The text of a template may change, and is not the caller's."""
    plain = KimiRequest.read({"prompt": "Hello"})
    named = KimiRequest.read({"prompt": "Hello", "metadata": {"feature": "f"}, "variables": {}})
    with_system = KimiRequest.read({"prompt": "Hello", "system": "Hi"})

    assert plain.identity == named.identity != with_system.identity
    assert plain.identity != KimiRequest.read({"prompt": "Hello", "template": "t"}).identity
    assert named.facts == WorkFacts(prompt_chars=5, feature="f")
    assert with_system.facts.prompt_chars == 7
