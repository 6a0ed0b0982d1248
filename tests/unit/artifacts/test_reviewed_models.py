"""Which models a reviewed request asks, and which of them the answer and the cost line name."""

import json
import socket

import pytest

from tests.support.reviewed import (
    BETTER,
    BUILDERS,
    BUILT,
    GOOD,
    PLANNERS,
    REVIEWERS,
    UNREACHABLE,
    Reply,
    Said,
    Status,
    Studio,
    edit,
    review,
    tagged,
)
from tests.support.sockets import send_answer, serving

PAGE = "<!DOCTYPE html>\n<html><head><title>a</title></head><body><p>Row</p></body></html>"
BROKEN = Said(tagged(BUILT[:-1]))
AUTO = {
    "MODELS": "auto",
    "TIER_FAST": "moonshotai/kimi-k2.6",
    "TIER_BALANCED": "moonshotai/kimi-k2.7-code",
    "TIER_POWERFUL": "moonshotai/kimi-k3.1-pro",
}
MOONSHOT = {"MOONSHOT_KEY": "k2"}


def test_each_step_asks_its_own_models(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = Studio(GOOD, monkeypatch)

    answer = ours.ask()

    assert answer.models == [PLANNERS[0], BUILDERS[0], REVIEWERS[0], PLANNERS[0], BUILDERS[0]]
    assert (answer.json["model"], answer.cost["model"]) == (BUILDERS[0], BUILDERS[0])
    assert answer.cost["requested_model"] == BUILDERS[0]


def test_the_model_that_built_it_is_asked_first_for_the_rebuild(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the primary was down: it does answer, and its host has the code in its cache."""
    ours = Studio({**GOOD, "build": [Status(500), Said(tagged(BUILT))]}, monkeypatch)

    answer = ours.ask()

    assert answer.models == [PLANNERS[0], *BUILDERS, REVIEWERS[0], PLANNERS[0], BUILDERS[1]]
    assert (answer.json["model"], answer.cost["model"], answer.cost["requested_model"]) == (
        *[BUILDERS[1]] * 2,
        BUILDERS[0],
    )


def test_the_others_are_asked_for_the_rebuild_where_that_one_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    script = {**GOOD, "build": [Status(500), Said(tagged(BUILT))], "rebuild": [Status(500), Said(tagged(BETTER))]}
    ours = Studio(script, monkeypatch)

    answer = ours.ask()

    assert answer.models[-2:] == [BUILDERS[1], BUILDERS[0]]
    assert (answer.json["model"], answer.json["artifact"]["code"]) == (BUILDERS[0], BETTER)


def test_the_attempt_that_wrote_it_is_named_where_its_repair_did_not_help(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another kind than asked for is given back: written by the first model, and not by the one that was asked last."""
    script = {**GOOD, "build": [Said(tagged(PAGE, "html")), Status(500)], "review": Said(review())}
    ours = Studio(script, monkeypatch)

    answer = ours.ask()

    assert answer.purposes == ["plan", "build", "repair", "repair", "review"]
    assert (answer.json["artifact"]["type"], answer.json["warnings"]) == ("html", ["kind_changed"])
    written = ours.calls[1]
    assert (answer.json["model"], answer.cost["model"]) == (written.model, written.model)
    assert (answer.cost["finish_reason"], answer.cost["first_token_ms"]) == ("stop", written.seconds * 1000)


def test_the_attempt_is_named_that_wrote_what_is_given_and_not_a_worse_one_after_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    script = {**GOOD, "build": [Said(tagged(PAGE, "html")), Said("I cannot.")], "review": Said(review())}
    ours = Studio(script, monkeypatch, AUTO)

    answer = ours.ask()

    assert answer.purposes == ["plan", "build", "repair", "repair", "review"]
    assert len(set(answer.models[1:4])) == 2, "a better tier is asked too"
    assert answer.json["artifact"]["type"] == "html"
    assert answer.json["model"] == answer.cost["model"] == answer.models[1]
    assert answer.cost["first_token_ms"] == ours.calls[1].seconds * 1000
    assert answer.cost["tier"] == "balanced"


def test_a_direct_request_names_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = Studio({"build": [Said(tagged(PAGE, "html")), Status(500)]}, monkeypatch)

    answer = ours.ask(workflow="direct")

    assert (answer.purposes, answer.json["warnings"]) == (["first", "repair", "repair"], ["kind_changed"])
    assert (answer.json["model"], answer.cost["finish_reason"]) == (BUILDERS[0], "stop")
    assert (answer.cost["workflow"], answer.cost["findings"], answer.cost["rebuild"]) == ("direct", None, None)


def test_the_rebuild_of_another_kind_is_asked_of_the_model_that_wrote_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """And stays of that kind, with its warning."""
    longer = PAGE.replace("<p>Row</p>", "<p>Row</p><p>Row</p>")
    script = {**GOOD, "build": [Said(tagged(PAGE, "html")), Status(500)], "rebuild": Said(tagged(longer, "html"))}
    ours = Studio(script, monkeypatch)

    answer = ours.ask()

    assert answer.models[-1] == BUILDERS[0]
    assert (answer.json["artifact"]["code"], answer.json["warnings"]) == (longer, ["kind_changed"])


@pytest.mark.parametrize(
    ("rebuild", "kept"),
    [
        (Said(tagged(BETTER)), True),
        ([BROKEN, BROKEN, Said(tagged(BETTER))], True),
        (BROKEN, False),
        (Status(500), False),
    ],
    ids=["kept", "kept-of-a-better-tier", "discarded", "host-fails"],
)
def test_the_tier_is_that_of_the_model_that_is_named(
    rebuild: Reply | list[Reply], kept: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not that of a rebuild that was discarded."""
    ours = Studio({**GOOD, "rebuild": rebuild}, monkeypatch, AUTO)

    answer = ours.ask()

    by_tier = {AUTO[f"TIER_{tier.upper()}"]: tier for tier in ("fast", "balanced", "powerful")}
    assert answer.json["review"]["rebuild"] == ("kept" if kept else "discarded")
    assert answer.cost["tier"] == by_tier[answer.cost["model"]]
    assert answer.cost["model"] == (answer.models[-1] if kept else answer.models[1])
    assert answer.cost["requested_model"] == answer.models[1]


def test_the_build_is_rebuilt_by_its_own_model_whatever_tier_the_findings_ask_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It knows the code, and its host has that in its cache; its tier is on the line, with the reason."""
    ours = Studio(GOOD, monkeypatch, AUTO)
    direct = Studio({"build": Said(tagged(BUILT))}, monkeypatch, AUTO).ask(workflow="direct")

    answer = ours.ask()

    assert answer.models[4] == answer.models[1]
    assert (answer.cost["tier"], answer.cost["tier_reason"]) == (direct.cost["tier"], direct.cost["tier_reason"])


@pytest.mark.parametrize("step", ["plan", "review", "changes", "rebuild"])
@pytest.mark.parametrize("status", [401, 402])
def test_a_key_that_is_rejected_at_one_step_ends_what_that_host_is_asked(
    step: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The operator is told once, and the host is not asked again; what is at other hosts goes on."""
    steps = {
        "MODELS": "moonshot/kimi-k2.6",
        "PLAN_MODELS": "moonshotai/kimi-k2.6,moonshotai/kimi-k2-thinking",
        "REVIEW_MODELS": "moonshotai/kimi-k2.7-code,moonshotai/kimi-k2.6",
    }
    if step == "rebuild":
        steps = {name: model.replace("moonshotai/", "moonshot/") for name, model in steps.items()}
        steps["MODELS"] = "moonshotai/kimi-k2.6"
        steps["PLAN_MODELS"] = "moonshot/kimi-k2.6"
    ours = Studio({**GOOD, step: Status(status)}, monkeypatch, MOONSHOT | steps)

    answer = ours.ask()

    purposes = {
        "plan": ["plan", "build"],
        "review": ["plan", "build", "review"],
        "changes": ["plan", "build", "review", "plan", "rebuild"],
        "rebuild": ["plan", "build", "review", "plan", "rebuild"],
    }
    warnings = {
        "plan": ["plan_skipped", "review_skipped"],
        "review": ["review_skipped"],
        "changes": ["plan_skipped"],
        "rebuild": ["rebuild_skipped"],
    }
    assert (answer.status, answer.purposes, answer.json["warnings"]) == (200, purposes[step], warnings[step])
    told = answer.named("operator_must_act")
    assert len(told) == 1, answer.lines
    assert json.dumps(told).count("OPENROUTER_K2T_KEY") == 1


@pytest.mark.parametrize(
    ("step", "purposes", "code"),
    [
        ("plan", ["plan", "build", "review", "rebuild"], BETTER),
        ("review", ["plan", "build", "review"], BUILT),
        ("changes", ["plan", "build", "review", "plan", "rebuild"], BETTER),
    ],
)
def test_a_host_that_advice_cannot_reach_is_asked_for_the_artifact_all_the_same(
    step: str, purposes: list[str], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next connection may succeed: a direct request would have tried more often. The operator is told."""
    ours = Studio({**GOOD, step: UNREACHABLE}, monkeypatch)

    answer = ours.ask()

    assert (answer.status, answer.purposes) == (200, purposes)
    assert answer.json["warnings"] == [f"{'plan' if step == 'changes' else step}_skipped"]
    assert answer.json["artifact"]["code"] == code
    assert len(answer.named("operator_must_act")) == 1


@pytest.mark.parametrize(
    ("step", "purposes"),
    [("plan", ["plan", "plan", "build", "review", "rebuild"]), ("review", ["plan", "build", "review", "review"])],
)
def test_models_that_are_gone_are_not_asked_again_without_a_schema(
    step: str, purposes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of them is asked once."""
    answer = Studio({**GOOD, step: Status(404)}, monkeypatch).ask()

    assert (answer.status, answer.purposes) == (200, purposes)


@pytest.mark.usefixtures("aws_credentials")
def test_a_key_that_a_plan_could_not_have_read_is_read_for_the_artifact(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan waits a tenth of the time for it; a direct request would have waited for all of it."""

    def answer(connection: socket.socket, number: int) -> None:
        if number >= 2:  # two attempts are made for the plan
            send_answer(connection, b'{"SecretString": "sk-2"}')

    with serving(answer) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", url)
        secret = {"OPENROUTER_SECRET_ARN": "arn:aws:secretsmanager:us-east-1:1:secret:a", "OPENROUTER_K2T_KEY": ""}
        made = Studio(GOOD, monkeypatch, secret).ask()

    assert (made.status, made.purposes) == (200, ["build", "review", "rebuild"])
    assert made.json["warnings"] == ["plan_skipped"]
    assert len(made.named("operator_must_act")) == 1


def test_a_host_that_the_builder_cannot_reach_is_not_asked_for_a_review(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = {
        "MODELS": "moonshotai/kimi-k2.6,moonshot/kimi-k2.6",
        "PLAN_MODELS": "moonshot/kimi-k2.6",
        "REVIEW_MODELS": "moonshotai/kimi-k2.6",
    }
    ours = Studio({**GOOD, "build": [UNREACHABLE, Said(tagged(BUILT))]}, monkeypatch, MOONSHOT | settings)

    answer = ours.ask()

    assert answer.models == ["moonshot/kimi-k2.6", "moonshotai/kimi-k2.6", "moonshot/kimi-k2.6"]
    assert (answer.json["host"], answer.cost["host"]) == ("moonshot", "moonshot")
    assert answer.json["warnings"] == ["review_skipped"]


@pytest.mark.parametrize(
    ("settings", "purposes", "warnings"),
    [
        ({"PLAN_MODELS": "moonshot/kimi-k2.6"}, ["build", "review", "rebuild"], ["plan_skipped"]),
        ({"REVIEW_MODELS": "moonshot/kimi-k2.6"}, ["plan", "build"], ["review_skipped"]),
        (
            {"PLAN_MODELS": "moonshot/kimi-k2.6", "REVIEW_MODELS": "moonshot/kimi-k2.6,custom/a"},
            ["build"],
            ["plan_skipped", "review_skipped"],
        ),
        (
            {"PLAN_MODELS": "moonshot/kimi-k2.6,moonshotai/kimi-k2-thinking"},
            ["plan", "build", "review", "plan", "rebuild"],
            [],
        ),
    ],
    ids=["plan", "review", "both", "one-of-two"],
)
def test_a_step_whose_models_have_no_key_is_left_out(
    settings: dict[str, str], purposes: list[str], warnings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = Studio(GOOD, monkeypatch, settings).ask()

    assert (answer.status, answer.purposes, answer.json["warnings"]) == (200, purposes, warnings)


def test_edits_are_asked_of_the_rebuild_and_then_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = Said(edit("      <li>Row 99</li>", "      <li>Row</li>"))
    ours = Studio({**GOOD, "rebuild": [nowhere, nowhere, Said(tagged(BETTER))]}, monkeypatch, {"EDITS_FROM_LINES": "1"})

    answer = ours.ask()

    assert answer.purposes[4:] == ["rebuild", "repair", "repair"]
    forms = ["<<<<<<< SEARCH" in body["messages"][1]["content"] for body in ours.sent("rebuild")]
    assert forms == [True, True, False]
    assert (answer.json["artifact"]["code"], answer.json["repaired"]) == (BETTER, True)
    assert {"applied", "edits", "baseVersion"}.isdisjoint(answer.json), "nothing was given that it could be of"


ADVICE = ["plan", "review", "changes"]


@pytest.mark.parametrize("step", ADVICE)
def test_a_step_whose_schema_is_rejected_is_asked_for_in_words(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once, by the same messages: they say the form as well. Both calls are on the line."""
    ours = Studio({**GOOD, step: [Status(400), GOOD[step]]}, monkeypatch)

    answer = ours.ask()

    first, second = ours.sent(step)
    assert (first["response_format"]["type"], "response_format" in second) == ("json_schema", False)
    assert (first["messages"], first["model"]) == (second["messages"], second["model"])
    assert (answer.json["warnings"], answer.json["artifact"]["code"]) == ([], BETTER)
    assert (answer.cost["attempts"], answer.cost["retries"]) == (6, 1)


@pytest.mark.parametrize("step", ADVICE)
def test_a_fallback_whose_schema_is_rejected_is_asked_in_words_too(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its provider is another one than that of the first model, which is gone."""
    ours = Studio({**GOOD, step: [Status(404), Status(400), GOOD[step]]}, monkeypatch)

    answer = ours.ask()

    first, second = REVIEWERS if step == "review" else PLANNERS
    sent = [(body["model"], "response_format" in body) for body in ours.sent(step)]
    assert sent == [(first, True), (second, True), (second, False)]
    assert (answer.json["warnings"], answer.json["artifact"]["code"]) == ([], BETTER)


@pytest.mark.parametrize("step", ["plan", "review"])
def test_a_model_that_was_sent_no_schema_is_not_asked_twice(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is known of the model; the same once more would be rejected once more."""
    ours = Studio({**GOOD, step: Status(400)}, monkeypatch, {f"{step.upper()}_MODELS": "vendor/unknown"})

    answer = ours.ask()

    assert ["response_format" in body for body in ours.sent(step)] == [False]
    assert answer.json["warnings"] == [f"{step}_skipped"]


@pytest.mark.parametrize("step", ADVICE)
def test_a_step_that_is_rejected_without_its_schema_too_is_left_out(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = Studio({**GOOD, step: Status(400)}, monkeypatch)

    answer = ours.ask()

    assert len(ours.sent(step)) == 2
    assert answer.json["warnings"] == [f"{'review' if step == 'review' else 'plan'}_skipped"]


@pytest.mark.parametrize("step", ["build", "rebuild"])
def test_what_is_held_to_no_schema_is_not_asked_again(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = Studio({**GOOD, step: Status(400)}, monkeypatch)

    answer = ours.ask()

    assert (len(ours.sent(step)), answer.status) == (1, 502 if step == "build" else 200)


@pytest.mark.parametrize("step", ADVICE)
@pytest.mark.parametrize(
    "status", [Status(400, message="This is beyond the maximum context length."), Status(404)], ids=["context", "gone"]
)
def test_what_is_not_about_the_schema_is_not_asked_again(
    step: str, status: Status, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A prompt that is too long stays so, and a model that is gone; but for that one there is another."""
    ours = Studio({**GOOD, step: status}, monkeypatch)

    answer = ours.ask()

    assert all("response_format" in body for body in ours.sent(step))
    assert [body["model"] for body in ours.sent(step)] == (
        (REVIEWERS if step == "review" else PLANNERS) if status.status == 404 else [ours.sent(step)[0]["model"]]
    )
    assert answer.json["warnings"] == [f"{'review' if step == 'review' else 'plan'}_skipped"]
