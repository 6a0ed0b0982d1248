"""How advice is asked for: of which models, in which form, with how much thought, and with how many calls."""

import json
from typing import Any

import httpx
import pytest

from shared.catalog import Catalog, changed_by
from shared.model_host import Client, Question
from shared.model_host.errors import CallsExhausted, Overloaded
from shared.model_host.hosts import advisers_of, models_by_name, models_of
from shared.settings import Settings, SettingsError
from tests.support.catalog import OUR_OWN
from tests.support.runs import Lines, a_run

KEYS = {
    "OPENROUTER_K2T_KEY": "sk-or",
    "MOONSHOT_KEY": "sk-ms",
    "KIMI_KEY": "sk-kimi",
    "CUSTOM_HOST_KEY": "sk-own",
    "CUSTOM_HOST_URL": "https://models.example/v1",
}
MESSAGES = [{"role": "system", "content": "You plan."}, {"role": "user", "content": "A todo list"}]
SCHEMA = {"type": "object", "properties": {"shows": {"type": "array"}}, "required": ["shows"]}
PLAN = Question(MESSAGES, max_output_tokens=8_000, purpose="plan", json_schema=SCHEMA)
ANSWER = {"choices": [{"message": {"content": "x"}, "finish_reason": "stop"}]}
BY_SCHEMA = {"type": "json_schema", "json_schema": {"name": "plan", "strict": True, "schema": SCHEMA}}
BY_OBJECT = {"type": "json_object"}


def settings(**environment: str) -> Settings:
    return Settings.from_environment({"OPENROUTER_K2T_KEY": "sk-or", "ENABLE_GUARD": "false", **environment})


def sent(model: str, question: Question = PLAN, overlay: str = "") -> dict[str, Any]:
    """The body of the one attempt that asks this model; an overlay changes the catalog."""
    bodies: list[Any] = []

    def answer(request: httpx.Request) -> httpx.Response:
        bodies.append(json.loads(request.content))
        return httpx.Response(200, json=ANSWER)

    known = settings(**KEYS)
    client = Client.of(known, models_by_name([model], known), http=httpx.Client(transport=httpx.MockTransport(answer)))
    run = a_run(5)
    run.catalog = Catalog(changed_by(overlay), run.catalog.day)
    client.complete(question, run)
    (body,) = bodies
    assert isinstance(body, dict)
    return body


@pytest.mark.parametrize(
    ("model", "overlay", "told"),
    [
        ("moonshotai/kimi-k2.6", "", BY_SCHEMA),
        ("moonshotai/kimi-k2-thinking", "", BY_SCHEMA),
        ("moonshotai/kimi-k2.6:nitro", "", BY_SCHEMA),
        ("moonshot/kimi-k2.6", "", BY_OBJECT),
        ("custom/mine", OUR_OWN, BY_OBJECT),
        ("custom/mine", OUR_OWN.replace("json_object", "json_schema"), BY_SCHEMA),
        ("custom/mine", OUR_OWN.replace('json_answers = "json_object"', ""), None),
        ("custom/any", "", None),
        ("somebody/another-model", "", None),
    ],
)
def test_a_model_is_held_to_json_as_it_can_be(model: str, overlay: str, told: dict[str, Any] | None) -> None:
    """One of which nothing is known is told in words alone: it might reject the field."""
    assert sent(model, overlay=overlay).get("response_format") == told


def test_nothing_else_of_a_request_says_so() -> None:
    for model in ("moonshotai/kimi-k2.6", "moonshot/kimi-k2.6", "custom/any"):
        with_schema, without = sent(model), sent(model, PLAN._replace(json_schema=None))
        with_schema.pop("response_format", None)

        assert with_schema == without


def test_a_callers_own_form_of_the_answer_is_not_touched() -> None:
    question = Question(MESSAGES, options={"response_format": BY_OBJECT})

    assert sent("moonshotai/kimi-k2.6", question)["response_format"] == BY_OBJECT


@pytest.mark.parametrize(
    ("model", "overlay", "plan", "review"),
    [
        ("moonshotai/kimi-k2.6", "", {"reasoning": {"enabled": False}}, {}),
        ("moonshot/kimi-k2.6", "", {"thinking": {"type": "disabled"}}, {}),
        ("moonshot/kimi-k3", "", {"reasoning_effort": "low"}, {"reasoning_effort": "high"}),
        ("moonshotai/kimi-k2-thinking", "", {}, {}),
        ("custom/mine", OUR_OWN, {"reasoning_effort": "low"}, {"reasoning_effort": "high"}),
        ("custom/any", "", {}, {}),
    ],
)
def test_a_plan_takes_little_thought_and_a_review_as_much_as_there_is(
    model: str, overlay: str, plan: dict[str, Any], review: dict[str, Any]
) -> None:
    bodies = sent(model, PLAN, overlay), sent(model, PLAN._replace(purpose="review"), overlay)

    thinking = {"reasoning", "thinking", "reasoning_effort"}
    assert [{name: body[name] for name in thinking & body.keys()} for body in bodies] == [plan, review]


@pytest.mark.parametrize(
    ("model", "limit"), [("moonshotai/kimi-k2.6", 8_000), ("moonshot/kimi-k3", 16_000), ("custom/any", 8_000)]
)
def test_advice_may_be_no_longer_than_it_says(model: str, limit: int) -> None:
    """But for a model that gives an empty answer where it may not write more."""
    body = sent(model)

    assert body.get("max_tokens", body.get("max_completion_tokens")) == limit


def test_the_schema_counts_as_part_of_the_prompt() -> None:
    """It is sent, and some providers write it into the prompt: what is set aside has to cover it."""
    without = PLAN._replace(json_schema=None)

    assert PLAN.size == without.size + len(json.dumps(SCHEMA))
    assert PLAN._replace(options={"seed": 7}).size == PLAN.size + len(json.dumps({"seed": 7}))


def test_advisers_share_the_hosts_of_the_builders() -> None:
    """And with them the key that was read; those of hosts that no builder is at share one as well."""
    known = settings(
        **KEYS,
        MODELS="moonshotai/kimi-k2-thinking",
        PLAN_MODELS="moonshotai/kimi-k2.6,moonshot/kimi-k2.6",
        REVIEW_MODELS="moonshot/kimi-k2.7-code,moonshotai/kimi-k2.6",
    )
    (builder,) = models_of(known)

    planners, reviewers = advisers_of(known, [builder])

    assert [each.name for each in planners] == ["moonshotai/kimi-k2.6", "moonshot/kimi-k2.6"]
    assert [each.name for each in reviewers] == ["moonshot/kimi-k2.7-code", "moonshotai/kimi-k2.6"]
    assert planners[0].host is reviewers[1].host is builder.host
    assert planners[1].host is reviewers[0].host
    assert planners[0] == reviewers[1]


@pytest.mark.parametrize(
    ("plan", "review", "available"),
    [
        ("moonshot/kimi-k2.6", "moonshotai/kimi-k2.6", ([], ["moonshotai/kimi-k2.6"])),
        ("moonshot/kimi-k2.6,moonshotai/kimi-k2.6", "custom/a", (["moonshotai/kimi-k2.6"], [])),
        ("moonshot/a,custom/b", "moonshot/c", ([], [])),
        ("a/b,a/b", "a/b", (["a/b", "a/b"], ["a/b"])),
    ],
)
def test_advisers_at_a_host_without_a_key_are_left_out(plan: str, review: str, available: tuple[Any, Any]) -> None:
    known = settings(PLAN_MODELS=plan, REVIEW_MODELS=review)

    found = advisers_of(known, models_of(known))

    assert tuple([each.name for each in models] for models in found) == available


@pytest.mark.parametrize("setting", ["PLAN_MODELS", "REVIEW_MODELS"])
@pytest.mark.parametrize(
    "name", ["Moonshot/kimi-k2.6", "moonshot/", "kimi/kimi-for-coding", "openrouter/moonshot/a", "a b/c"]
)
def test_a_misnomer_in_a_list_of_advisers_is_found_at_start_up(setting: str, name: str) -> None:
    """Whatever host has a key, and beside one that is right; each problem once, with the setting that has it."""
    known = settings(**{setting: f"moonshotai/kimi-k2.6,{name}"})

    with pytest.raises(SettingsError) as raised:
        advisers_of(known, models_of(known))

    assert len(raised.value.problems) == 1
    assert raised.value.problems[0].startswith(f"{setting}: ")


def test_all_misnomers_of_both_lists_are_said_at_once() -> None:
    known = settings(PLAN_MODELS="Moonshot/a,moonshot/", REVIEW_MODELS="Moonshot/a")

    with pytest.raises(SettingsError) as raised:
        advisers_of(known, models_of(known))

    assert [problem.partition(":")[0] for problem in raised.value.problems] == [*["PLAN_MODELS"] * 2, "REVIEW_MODELS"]


def limited(max_calls: int, answers: list[httpx.Response], sent: list[str]) -> Client:
    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request.headers["authorization"])
        return answers.pop(0)

    http = httpx.Client(transport=httpx.MockTransport(answer))
    known = settings(MAX_CALLS=str(max_calls), MAX_ATTEMPTS="9", MODELS="a/b")
    return Client.of(known, http=http, sleep=lambda _seconds: None)


def failing(number: int) -> list[httpx.Response]:
    return [httpx.Response(503, json={}, headers={"retry-after": "0"}) for _ in range(number)]


@pytest.mark.parametrize(("calls", "other"), [(1, 3), (3, 1), (2, 5)])
def test_a_client_with_another_limit_leaves_the_first_as_it_was(calls: int, other: int) -> None:
    """They share connections, models and keys."""
    sent: list[str] = []
    client = limited(calls, failing(20), sent)

    second = client.with_max_calls(other)

    assert (client.max_calls, second.max_calls) == (calls, other)
    for each, expected in ((second, other), (client, calls), (second, other)):
        before, lines = len(sent), Lines()
        with pytest.raises(Overloaded):
            each.complete(Question(MESSAGES), a_run(60, lines=lines))
        assert len(sent) - before == len(lines.named("attempt")) == expected
    assert set(sent) == {"Bearer sk-or"}
    assert second._http is client._http
    assert second._models is client._models


def test_the_limit_is_of_the_request_and_not_of_the_client() -> None:
    """What others made for it counts."""
    sent: list[str] = []
    client = limited(6, [httpx.Response(200, json=ANSWER), *failing(9)], sent)
    run = a_run(60)
    client.complete(Question(MESSAGES), run)

    with pytest.raises(CallsExhausted):
        client.with_max_calls(1).complete(PLAN, run)
    with pytest.raises(CallsExhausted):
        client.with_max_calls(0).complete(PLAN, run)

    assert len(sent) == 1


def test_advice_is_not_what_a_request_is_named_by() -> None:
    """The model that is requested is the builder's, also where a planner is asked before it."""
    run, client = a_run(60), limited(6, [httpx.Response(200, json=ANSWER) for _ in range(3)], [])
    planner = models_by_name(["c/d"], settings())

    client.complete(PLAN, run, models=planner)
    assert run.requested_model is None
    client.complete(Question(MESSAGES, purpose="build"), run)
    client.complete(PLAN._replace(purpose="review"), run, models=planner)

    assert run.requested_model == "a/b"
    assert [each.requested_model for each in run.ledger.attempts] == ["c/d", "a/b", "c/d"]
