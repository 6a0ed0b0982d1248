"""How the chat function asks models: which, in what order, and what the answer's headers and the cost line say."""

import json
from typing import Any

import httpx
import pytest

from shared.chat.chat import IGNORED_HEADER, Chat, Routed
from shared.chat.requests import ChatRequest, KimiRequest, RouteRequest
from shared.errors import Failure, InvalidRequest
from shared.model_host.errors import Overloaded
from shared.routing import Choice, Router, RoutingRequest
from shared.run import Run
from shared.settings import SettingsError
from tests.support.chatting import KIMI, NEWER, Host, saying, settings_of, streaming
from tests.support.runs import Lines, Recorder, a_run

HELLO = [{"role": "user", "content": "Hello"}]
TIERS = {"TIER_FAST": "a/fast", "TIER_BALANCED": "a/balanced", "TIER_POWERFUL": "a/powerful"}


def down() -> httpx.Response:
    return httpx.Response(404, json={"error": {"code": 404}})


def request(model: str = KIMI, **fields: Any) -> ChatRequest:
    return ChatRequest.read({"model": model, "messages": HELLO} | fields)


def complete(chat: Chat, asked: ChatRequest) -> tuple[str | Failure, Run]:
    run = a_run()
    try:
        return chat.complete(asked, run).completion.content, run
    except Failure as failure:
        return failure, run


def test_a_host_is_sent_what_the_caller_sent() -> None:
    """Messages of the caller's own, its options, and no more tokens than it wants."""
    host, lines = Host(saying()), Lines()
    messages = [{"role": "system", "content": "Be brief."}, *HELLO]
    tools = [{"type": "function", "function": {"name": "look"}}]

    run = a_run(lines=lines)
    done = host.chat().complete(
        request(messages=messages, tools=tools, seed=7, max_tokens=50, session_id="s-1", temperature=0.5), run
    )

    (sent,) = host.asked
    assert {name: sent[name] for name in ("messages", "tools", "seed", "max_tokens", "session_id", "temperature")} == {
        "messages": messages,
        "tools": tools,
        "seed": 7,
        "max_tokens": 50,
        "session_id": "s-1",
        "temperature": 0.5,
    }
    assert done.completion.content == "Hi"
    assert 1_790_000_000 < done.created < 1e10
    assert {line["purpose"] for line in lines.named("attempt")} == {"chat"}
    assert run.requested_model == KIMI


def test_a_callers_system_message_is_not_logged_where_a_host_says_it_again() -> None:
    host, lines = Host(streaming({"id": "Be-brief", "model": "Be-brief", "choices": []}, "[DONE]")), Lines()
    messages = [{"role": "system", "content": "Be-brief"}, *HELLO]

    with pytest.raises(Failure):
        host.chat(MAX_CALLS="1").complete(request(messages=messages), a_run(lines=lines))

    assert lines.named("attempt")
    assert "Be-brief" not in json.dumps(lines, default=str)


@pytest.mark.parametrize(
    ("model", "fields", "ignored"),
    [
        (KIMI, {"temperature": 0.5, "top_p": 0.5}, None),
        (KIMI, {"temperature": 1.5}, "temperature"),
        (NEWER, {"temperature": 0.5, "top_p": 0.5}, "temperature, top_p"),
        (NEWER, {"seed": 1, "stop": "."}, None),
        ("some/body", {"temperature": 1.5}, None),
        (KIMI, {"top_k": 3, "logit_bias": {"1": 1}}, "logit_bias, top_k"),
        (NEWER, {"top_k": 3, "temperature": 1}, "temperature, top_k"),
        ("auto", {"temperature": 1.5}, "temperature"),
    ],
)
def test_parameters_without_effect_are_named_in_a_header(
    model: str, fields: dict[str, Any], ignored: str | None
) -> None:
    """Those that the model does not take, or this service; they are not sent."""
    host = Host(saying())
    models = {"CHAT_MODELS": f"{KIMI},{NEWER},some/body,auto", "TIER_FAST": KIMI, "TIER_BALANCED": KIMI}

    _, run = complete(host.chat(**models), request(model, **fields))

    assert run.headers == ({IGNORED_HEADER: ignored} if ignored else {})
    sent = {name for name in fields if host.asked[0].get(name) == fields[name] or name == "stop"}
    assert sent == fields.keys() - set((ignored or "").split(", "))


@pytest.mark.parametrize(("models", "ignored"), [((KIMI, NEWER), "temperature"), ((NEWER, KIMI), None)])
def test_the_header_is_about_the_model_that_answered(models: tuple[str, str], ignored: str | None) -> None:
    """Not about the one that failed, which takes other parameters."""
    chat = Host(down(), saying()).chat(CHAT_MODELS=",".join(models))

    outcome, run = complete(chat, request(models[0], temperature=0.5))

    assert outcome == "Hi"
    assert run.headers.get(IGNORED_HEADER) == ignored


def test_what_fails_is_headed_as_well() -> None:
    """An SDK shows the headers of an error."""
    outcome, run = complete(Host(down()).chat(CHAT_MODELS=NEWER), request(NEWER, temperature=0.5))

    assert isinstance(outcome, Failure)
    assert run.headers == {IGNORED_HEADER: "temperature"}


@pytest.mark.parametrize(
    ("status", "error", "code", "field"),
    [
        (400, {"code": "context_length_exceeded"}, "invalid_request", "messages"),
        (400, {"message": "the request exceeds the token limit of the model"}, "invalid_request", "messages"),
        (400, {"message": "the schema of sk-secret"}, "invalid_request", None),
        (422, {}, "invalid_request", None),
        (404, {}, "upstream_error", None),
    ],
)
def test_what_a_host_does_not_take_is_the_callers_error(
    status: int, error: dict[str, str], code: str, field: str | None
) -> None:
    """Agents shorten their messages where the context is named. A model that is gone is this service's business."""
    host = Host(httpx.Response(status, json={"error": error}))

    outcome, run = complete(host.chat(CHAT_MODELS=KIMI), request(KIMI))

    assert isinstance(outcome, Failure)
    assert (outcome.code, outcome.field, outcome.retryable) == (code, field, False)
    assert ("context_length_exceeded" in outcome.message) is (field is not None)
    assert "secret" not in outcome.message
    assert [attempt.outcome for attempt in run.ledger.attempts] == ["upstream_error"]


def test_a_model_that_may_not_be_named_is_not_asked() -> None:
    host = Host()

    outcome, run = complete(host.chat(), request("some/body"))

    assert isinstance(outcome, InvalidRequest)
    assert outcome.field == "model"
    assert (host.asked, run.headers, run.tier) == ([], {}, None)


def test_the_other_models_are_asked_in_its_place() -> None:
    """The same question, each by its own rules."""
    host = Host(down(), down(), saying())

    outcome, run = complete(host.chat(CHAT_MODELS=f"{KIMI},a/one,{NEWER}"), request("a/one", temperature=0.5))

    assert outcome == "Hi"
    assert host.models == ["a/one", KIMI, NEWER]
    assert ["temperature" in body for body in host.asked] == [True, True, False]
    assert (run.requested_model, run.asked_model) == ("a/one", NEWER)
    assert (run.tier, run.tier_reason) == (None, None)


def test_an_answer_is_given_as_it_is() -> None:
    """Truncated or empty: nothing is repaired, extended or asked again."""
    cut_off = httpx.Response(
        200, json={"choices": [{"message": {"content": "ha"}, "finish_reason": "length"}], "usage": {}}
    )
    for answer in (cut_off, saying("")):
        host = Host(answer)
        outcome, _ = complete(host.chat(), request())
        assert outcome in {"ha", ""}
        assert len(host.asked) == 1


@pytest.mark.parametrize(("score", "tier"), [(0, "fast"), (5, "balanced"), (10, "powerful")])
def test_auto_asks_the_tier_that_the_score_asks_for(score: float, tier: str) -> None:
    host = Host(saying())

    outcome, run = complete(host.chat(**TIERS), request("auto", routing={"score": score}))

    assert outcome == "Hi"
    assert (host.models, run.requested_model, run.tier) == ([f"a/{tier}"], f"a/{tier}", tier)
    assert run.tier_reason
    assert run.tier_reason.endswith(f": {tier}")


def test_the_tier_that_answered_in_the_place_of_another_is_noted() -> None:
    outcome, run = complete(Host(down(), saying()).chat(**TIERS), request("auto", routing={"score": 0}))

    assert outcome == "Hi"
    assert run.tier == "balanced"
    assert run.tier_reason
    assert run.tier_reason.endswith("fast did not answer: balanced")


def test_the_tier_is_noted_of_a_request_that_fails() -> None:
    """The one that was asked last: the bill is of all of them."""
    host = Host(down(), down(), httpx.Response(400, json={"error": {}}))

    outcome, run = complete(host.chat(**TIERS), request("auto", routing={"score": 0}))

    assert isinstance(outcome, Failure)
    assert (run.tier, len(run.ledger.attempts)) == ("powerful", 3)


def test_what_was_passed_on_is_not_asked_again() -> None:
    """Neither of the same model nor of another."""

    class Final(Recorder):
        @property
        def is_final(self) -> bool:
            return bool([event for event in self.events if event.startswith("+")])

    broken = streaming({"choices": [{"delta": {"content": "Hel"}}]}, {"error": {"code": 503}})
    host, run = Host(httpx.Response(503), broken), a_run(progress=Final())

    with pytest.raises(Overloaded):
        host.chat().complete(request(), run)

    assert host.models == [KIMI, KIMI]


ROUTED = [
    ({"messages": HELLO}, {"prompt": "Hello"}),
    (
        {"messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "U"}]},
        {"prompt": "U", "data": "S"},
    ),
    (
        {
            "messages": [
                {"role": "user", "content": "first"},
                {"role": "assistant", "content": "answer", "reasoning_content": "thought"},
                {"role": "user", "content": [{"type": "text", "text": "last"}, {"type": "text", "text": "part"}]},
            ]
        },
        {"prompt": "last\npart", "data": "first\nanswer\nthought"},
    ),
    (
        {
            "messages": [
                {"role": "user", "content": "asked"},
                {
                    "role": "assistant",
                    "tool_calls": [{"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}],
                },
                {"role": "tool", "tool_call_id": "c", "content": "result"},
            ]
        },
        {"prompt": "asked", "data": "{}\nresult"},
    ),
    (
        {"messages": [{"role": "system", "content": "S"}, {"role": "system", "content": "T"}]},
        {"prompt": "T", "data": "S"},
    ),
    (
        {"messages": HELLO, "routing": {"score": 4, "intent": "extract", "previousFailures": 2}},
        {"prompt": "Hello", "score": 4, "intent": "extract", "previous_failures": 2},
    ),
    (
        {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://a.example"}}]}]},
        {},
    ),
]


@pytest.mark.parametrize(
    ("body", "counts"),
    ROUTED,
    ids=["prompt", "system", "conversation", "tool", "no-user", "routing", "image"],
)
def test_the_last_thing_that_was_asked_counts_and_the_rest_is_what_it_is_about(
    body: dict[str, Any], counts: dict[str, Any]
) -> None:
    chosen: list[RoutingRequest] = []
    chat = Host().chat(**TIERS)

    class Noting(Router):
        def choose(self, request: RoutingRequest) -> Choice:
            chosen.append(request)
            return super().choose(request)

    models = chat.models._replace(router=Noting.of(settings_of(**TIERS)))
    chat._replace(models=models).route(ChatRequest.read({"model": "auto"} | body))

    defaults = {"prompt": "", "data": "", "intent": None, "score": None, "previous_failures": 0}
    assert [each._asdict() for each in chosen] == [defaults | counts]


def test_a_route_asks_nobody() -> None:
    host = Host()
    chat = host.chat(CHAT_MODELS=f"{KIMI},{NEWER},auto", **TIERS)

    named, chosen = chat.route(request(NEWER)), chat.route(RouteRequest.read({"prompt": "Hi"}))

    assert isinstance(named, Routed)
    assert ([model.name for model in named.models], named.choice) == ([NEWER, KIMI], None)
    assert chosen.choice
    assert chosen.models == chosen.choice.models
    assert not host.asked


def test_a_route_to_a_model_that_may_not_be_named_is_refused() -> None:
    with pytest.raises(InvalidRequest):
        Host().chat(CHAT_MODELS=KIMI).route(request("auto"))


@pytest.mark.parametrize(
    ("fields", "model", "messages"),
    [
        ({}, KIMI, HELLO),
        ({"system": "Be brief."}, KIMI, [{"role": "system", "content": "Be brief."}, *HELLO]),
        ({"model": NEWER}, NEWER, HELLO),
    ],
)
def test_a_prompt_is_asked_of_the_first_model_unless_one_is_named(
    fields: dict[str, Any], model: str, messages: list[Any]
) -> None:
    host = Host(saying())

    done = host.chat().answer(KimiRequest.read({"prompt": "Hello", "max_tokens": 9, **fields}), a_run())

    assert done.completion.content == "Hi"
    (sent,) = host.asked
    assert (sent["model"], sent["messages"], sent["max_tokens"]) == (model, messages, 9)


def test_a_template_is_the_system_message() -> None:
    """With the variables of the request in it; without them, nobody is asked."""
    host = Host(saying())
    asked = {"prompt": "Hello", "template": "translate"}

    with pytest.raises(InvalidRequest) as raised:
        host.chat().answer(KimiRequest.read(asked), a_run())
    host.chat().answer(KimiRequest.read(asked | {"variables": {"TARGET_LANGUAGE": "Romansh"}}), a_run())

    assert "TARGET_LANGUAGE" in raised.value.message
    (sent,) = host.asked
    assert [message["role"] for message in sent["messages"]] == ["system", "user"]
    assert "this language: Romansh." in sent["messages"][0]["content"]


def test_a_prompt_is_routed_where_the_choice_is_the_default() -> None:
    host, run = Host(saying()), a_run()

    host.chat(CHAT_MODELS="auto", **TIERS).answer(KimiRequest.read({"prompt": "Hello"}), run)

    assert (host.models, run.tier) == ([f"a/{run.tier}"], run.tier)
    assert run.tier


def test_settings_that_name_no_model_are_found_at_start_up() -> None:
    with pytest.raises(SettingsError):
        Chat.of(settings_of(CHAT_MODELS="moonshot/kimi-k3"))


def test_the_client_asks_no_model_but_those_that_are_allowed() -> None:
    chat = Chat.of(settings_of(CHAT_MODELS=NEWER, MODELS=KIMI))

    assert [model.name for model in chat.models.all] == [NEWER]
    chat.client.close()
