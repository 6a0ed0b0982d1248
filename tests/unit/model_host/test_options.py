"""The options of a question: what each model is sent of them, and what they count for."""

import json
from typing import Any

import pytest

from shared.catalog import built_in
from shared.costs.spending import Reservation, Unlimited
from shared.costs.worst_case import WorstCase
from shared.model_host import Question
from shared.model_host.hosts import models_by_name
from shared.model_host.request import refused_options
from tests.support.chatting import KIMI, NEWER, Host, saying, settings_of
from tests.support.runs import a_run

HELLO = [{"role": "user", "content": "Hello"}]
TOOL = {"type": "function", "function": {"name": "look", "description": "Looks it up."}}
OPTIONS: dict[str, Any] = {
    "tools": [TOOL],
    "tool_choice": "required",
    "parallel_tool_calls": False,
    "response_format": {"type": "json_object"},
    "stop": ["."],
    "seed": 7,
}
K3, CODING, UNKNOWN = "moonshotai/kimi-k3", "kimi/kimi-for-coding", "some/body"
KEYS = {"MOONSHOT_KEY": "k", "KIMI_KEY": "k", "CUSTOM_HOST_KEY": "k", "CUSTOM_HOST_URL": "https://own.example"}


def sent(model: str, question: Question, max_tokens: int = 0, **environment: str) -> dict[str, Any]:
    """What the model is sent."""
    settings, host = settings_of(**KEYS, **environment), Host(saying())
    client = host.client(settings, models_by_name([model], settings))
    client.complete(question, a_run(800), purpose="chat", max_tokens=max_tokens)
    return host.asked[0]


@pytest.mark.parametrize("model", [KIMI, "moonshot/kimi-k2.6", CODING, "custom/one"])
def test_options_are_passed_on_as_they_are(model: str) -> None:
    """To every host, by the names that the OpenAI API has for them."""
    body = sent(model, Question(HELLO, options=OPTIONS))

    assert {name: body.get(name) for name in OPTIONS} == OPTIONS


@pytest.mark.parametrize("model", [KIMI, NEWER, UNKNOWN, "moonshot/kimi-k2.6"])
def test_a_question_without_options_is_sent_none(model: str) -> None:
    assert not sent(model, Question(HELLO)).keys() & {*OPTIONS, "top_p"}


@pytest.mark.parametrize(
    ("model", "options", "refused"),
    [
        (KIMI, {"temperature": 0.0}, set()),
        (KIMI, {"temperature": 1.0, "top_p": 0.1}, set()),
        (KIMI, {"temperature": 1.01, "top_p": 0.1}, {"temperature"}),
        (KIMI, {"temperature": -0.01}, {"temperature"}),
        (KIMI, {"top_p": 0.1}, set()),
        (KIMI, {}, set()),
        (NEWER, {"temperature": 1.0, "top_p": 0.1, "seed": 1}, {"temperature", "top_p"}),
        (NEWER, {"seed": 1}, set()),
        (UNKNOWN, {"temperature": 2.0, "top_p": 0.1}, set()),
    ],
)
def test_a_temperature_that_a_model_refuses_is_not_sent(model: str, options: dict[str, Any], refused: set[str]) -> None:
    """Some models answer 400 to any but their own; of one that is not known, nobody knows."""
    body = sent(model, Question(HELLO, options=options))

    assert refused_options(options, built_in().lookup(model)) == refused
    kept = {name: value for name, value in options.items() if name not in refused}
    assert {name: body[name] for name in kept} == kept
    assert not {name for name in refused if body.get(name) == options[name]}


def test_a_callers_temperature_outranks_the_advice() -> None:
    assert [sent(KIMI, Question(HELLO, options=each))["temperature"] for each in ({}, {"temperature": 0.2})] == [
        1.0,
        0.2,
    ]


@pytest.mark.parametrize(
    ("model", "wanted", "limit"),
    [
        (KIMI, None, 32_000),
        (KIMI, 50, 50),
        (KIMI, 31_999, 31_999),
        (KIMI, 32_001, 32_000),
        (UNKNOWN, 1, 1),
        (K3, 50, 16_000),
        (K3, 17_000, 17_000),
        (CODING, 50, 1_500),
        (CODING, 1_501, 1_501),
    ],
)
def test_a_caller_may_want_fewer_tokens_and_never_more(model: str, wanted: int | None, limit: int) -> None:
    """Fewer than an answer takes are not sent: all of it would be reasoning, and paid for."""
    body = sent(model, Question(HELLO, max_output_tokens=wanted), MAX_OUTPUT_TOKENS="32000")

    assert body.get("max_completion_tokens", body.get("max_tokens")) == limit


def test_what_a_caller_wants_outranks_all_that_would_raise_it() -> None:
    question = Question(HELLO, extra_output_tokens=5_000, max_output_tokens=50)

    assert sent(KIMI, question, 40_000)["max_tokens"] == 50


@pytest.mark.parametrize("options", [{}, OPTIONS], ids=["none", "some"])
def test_options_count_as_part_of_the_prompt(options: dict[str, Any]) -> None:
    """A host makes tokens of the tools: so they are counted where the maximum cost of an attempt is reserved."""
    reserved: list[WorstCase] = []

    class Noting(Unlimited):
        def reserve(self, worst: WorstCase) -> Reservation:
            reserved.append(worst)
            return super().reserve(worst)

    question = Question(HELLO, options=options, max_output_tokens=50)
    settings = settings_of()
    client = Host(saying()).client(settings, models_by_name([KIMI], settings))
    client.complete(question, a_run(spending=Noting()), purpose="chat")

    catalog = a_run().catalog
    size = Question(HELLO).size + (len(json.dumps(options)) if options else 0)
    assert question.size == size
    assert reserved == [WorstCase.of(catalog.ceiling(KIMI), catalog.tokens_per_second(KIMI), size, 50)]


@pytest.mark.parametrize(
    ("is_private", "private"),
    [(False, ["Hello"]), (True, ["Be brief.", "Hello"])],
    ids=["our-own", "the-caller's"],
)
def test_a_system_message_is_private_where_it_is_the_callers(is_private: bool, private: list[str]) -> None:
    messages = [{"role": "system", "content": "Be brief."}, *HELLO]

    assert Question(messages, system_is_private=is_private).private == private


def test_all_texts_of_the_options_are_private() -> None:
    """But for the names that the API itself gives: those may be in any word of a host's."""
    schema = {"type": "json_schema", "json_schema": {"name": "answer", "schema": {"type": "object", "title": "Secret"}}}

    private = Question([], options={"tools": [TOOL], "response_format": schema, "stop": ["END"], "seed": 7}).private

    assert private == ["look", "Looks it up.", "answer", "Secret", "END"]


def test_a_property_that_is_called_like_a_name_of_the_api_is_private() -> None:
    schema = {"type": "object", "properties": {"type": {"type": "string", "description": "Secret"}}}
    tool = {"type": "function", "function": {"name": "look", "parameters": schema}}

    assert Question([], options={"tools": [tool]}).private == ["look", "type", "Secret"]


def test_a_schema_is_private_in_its_names_and_in_what_is_no_name_of_the_api() -> None:
    schema = {
        "type": ["object", "null"],
        "properties": {"patient": {"type": "Secret", "role": "Other"}},
        "$defs": {"illness": {}},
    }
    tool = {"type": "function", "function": {"name": "look", "parameters": schema}}

    assert Question([], options={"tools": [tool]}).private == ["look", "patient", "Secret", "Other", "illness"]
