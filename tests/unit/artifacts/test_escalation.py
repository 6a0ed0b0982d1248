"""Models that are chosen for a request: which are asked for an artifact, and when a better tier is."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from shared.artifacts.allowed_imports import AllowedImports
from shared.artifacts.artifact import Artifact, Extraction
from shared.artifacts.brief import Brief
from shared.artifacts.change import change
from shared.artifacts.errors import ArtifactInvalid, ArtifactTruncated
from shared.artifacts.extraction import extract
from shared.artifacts.fix import fix
from shared.artifacts.generate import generate
from shared.artifacts.kinds import Kind
from shared.artifacts.problem import Rule, Source
from shared.artifacts.repair_loop import Dependencies, Made, complete_with_repair
from shared.costs.spending import Reservation, Unlimited
from shared.costs.worst_case import WorstCase
from shared.deadline import Clock
from shared.errors import Failure
from shared.guard.errors import BudgetExhausted
from shared.model_host import Client, Completion, Question
from shared.routing import Router
from shared.run import Run
from shared.settings import Settings
from tests.support.runs import Lines, a_run

FAST, BALANCED, POWERFUL = "moonshotai/kimi-k2.6", "moonshotai/kimi-k2.7-code", "moonshot/kimi-k3.1-pro"
WHOLE = '<artifact type="code" language="javascript" title="A">\nlet a = 1;\n</artifact>'
BROKEN = WHOLE.replace("1;", "(1;")
WORSE = WHOLE.replace("1;", "(1;\nlet b = [2;\nlet c = {3;")
PAGE = '<artifact type="html" title="A">\n<!DOCTYPE html>\n<html><body><p>a</p></body></html>\n</artifact>'


def said(content: str, reason: str = "stop") -> httpx.Response:
    choice = {"message": {"content": content}, "finish_reason": reason}
    return httpx.Response(200, json={"choices": [choice], "usage": {"prompt_tokens": 9, "completion_tokens": 9}})


Answer = httpx.Response | Callable[[], httpx.Response]


@dataclass
class Asked:
    """Asks for an artifact of models that answer as scripted, each by its name, and keeps what came of it."""

    script: Mapping[str, list[Answer]]
    settings: Mapping[str, str] = field(default_factory=dict)
    clock: Clock = time.monotonic
    run: Run = field(init=False)
    lines: Lines = field(default_factory=Lines)
    sent: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.run = a_run(lines=self.lines, clock=self.clock)

    def generate(self, kind: Kind | None = Kind.CODE, prompt: str = "A thing") -> Made:
        return generate(self.dependencies(), self.run, Brief(prompt, kind))

    def fix(self, content: str, error: str) -> Made:
        return fix(self.dependencies(), self.run, content, Kind.CODE, error)

    @property
    def attempts(self) -> list[tuple[str, str]]:
        """The purpose and the model of each attempt."""
        return [(line["purpose"], line["model"]) for line in self.lines.named("attempt_started")]

    def _answer(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        self.sent.append(body)
        name = f"moonshot/{body['model']}" if request.url.host == "api.moonshot.ai" else body["model"]
        answer = self.script[name].pop(0)
        return answer if isinstance(answer, httpx.Response) else answer()

    def dependencies(self) -> Dependencies:
        tiers = {"TIER_FAST": FAST, "TIER_BALANCED": BALANCED, "TIER_POWERFUL": POWERFUL}
        keys = {"OPENROUTER_K2T_KEY": "k", "MOONSHOT_KEY": "k", "ENABLE_GUARD": "false", "MAX_ATTEMPTS": "1"}
        settings = Settings.from_environment({"MODELS": "auto", **tiers, **keys, **self.settings})
        http = httpx.Client(transport=httpx.MockTransport(self._answer))
        client = Client.of(settings, http=http, sleep=lambda _seconds: None, clock=self.clock)
        return Dependencies(client, AllowedImports([]), Router.of(settings))


def unreachable() -> httpx.Response:
    msg = "no route"
    raise httpx.ConnectError(msg)


@pytest.mark.parametrize(("models", "chosen"), [("auto", True), (BALANCED, False)])
def test_models_are_chosen_where_the_settings_say_so(models: str, chosen: bool) -> None:
    settings = Settings.from_environment({"MODELS": models, "OPENROUTER_K2T_KEY": "k", "ENABLE_GUARD": "false"})
    run = a_run()

    choice = Dependencies.of(settings).choose(run, "A thing", intent="generate")

    assert (choice is not None, run.tier is not None) == (chosen, chosen)


def test_a_prompt_is_answered_by_the_tier_of_its_score() -> None:
    asked = Asked({BALANCED: [said(WHOLE)]})

    found = asked.generate()

    assert not found.repaired
    assert asked.attempts == [("first", BALANCED)]
    assert (asked.run.tier, asked.run.tier_reason) == ("balanced", "score 4.55: balanced")
    assert asked.run.requested_model == BALANCED


def test_a_long_prompt_with_conditions_and_references_is_a_complex_one() -> None:
    asked = Asked({POWERFUL: [said(WHOLE)]})

    asked.generate(prompt="If {{a}} is set, show {{b}}, {{c}} and {{d}}, unless {{e}}; when not, {{f}}. " * 20)

    assert asked.attempts == [("first", POWERFUL)]
    assert (asked.run.tier, asked.run.tier_reason) == ("powerful", "score 7.4: powerful")


def test_the_code_of_a_fix_is_its_data() -> None:
    code = "let a = (1;\n" + "f();\n" * 2000
    asked = Asked({BALANCED: [said(f"```js\n{code.replace('(1', '1')}```")]})

    asked.fix(code, "missing ) if a is set")

    assert asked.run.tier_reason == "score 6.05: balanced"


def test_after_a_failed_repair_the_next_better_tier_is_asked_the_question_alone() -> None:
    asked = Asked({BALANCED: [said(BROKEN), said(BROKEN)], POWERFUL: [said(WHOLE)]})

    found = asked.generate()

    assert (found.artifact.code, found.repaired) == ("let a = 1;", True)
    assert asked.attempts == [("first", BALANCED), ("repair", BALANCED), ("repair", POWERFUL)]
    first, repair, better = (each["messages"] for each in asked.sent)
    assert better == first
    assert len(repair) > len(first)
    assert asked.run.tier == "powerful"
    assert asked.run.tier_reason == "score 4.55: balanced; a repair failed: powerful"
    assert asked.run.requested_model == BALANCED


def test_it_goes_one_tier_up_and_only_once() -> None:
    asked = Asked({FAST: [said(BROKEN), said(BROKEN)], BALANCED: [said(WORSE)]}, {"TIER_BOUNDS": "5,7"})

    with pytest.raises(ArtifactInvalid, match="line 1") as caught:
        asked.generate()

    assert asked.attempts == [("first", FAST), ("repair", FAST), ("repair", BALANCED)]
    assert len(caught.value.problems) == 1, "the best failure is told"
    assert asked.run.tier_reason == "score 4.55: fast; a repair failed: balanced"


def test_a_repair_that_helps_is_the_end() -> None:
    asked = Asked({BALANCED: [said(BROKEN), said(WHOLE)]})

    assert asked.generate().repaired
    assert (len(asked.attempts), asked.run.tier) == (2, "balanced")


def test_the_best_tier_has_none_above_it() -> None:
    asked = Asked({POWERFUL: [said(BROKEN), said(BROKEN)]}, {"TIER_BOUNDS": "0,0"})

    with pytest.raises(ArtifactInvalid):
        asked.generate()

    assert (len(asked.attempts), asked.run.tier_reason) == (2, "score 4.55: powerful")


def test_without_a_call_left_no_better_tier_is_asked() -> None:
    asked = Asked({BALANCED: [said(BROKEN), said(BROKEN)]}, {"MAX_CALLS": "2"})

    with pytest.raises(ArtifactInvalid):
        asked.generate()

    assert (len(asked.attempts), asked.run.tier_reason) == (2, "score 4.55: balanced")


@pytest.mark.parametrize(("seconds", "calls"), [(19, 3), (21, 2)])
def test_a_better_tier_that_would_not_be_done_in_time_is_not_asked(seconds: float, calls: int) -> None:
    """It takes as long as the repair at least; there are 60 seconds."""
    now = [0.0]

    def late() -> httpx.Response:
        now[0] += seconds
        return said(BROKEN)

    asked = Asked({BALANCED: [late, late], POWERFUL: [said(BROKEN)]}, clock=lambda: now[0])

    with pytest.raises(ArtifactInvalid):
        asked.generate()

    assert len(asked.attempts) == calls


def test_without_a_budget_for_it_no_better_tier_is_asked() -> None:
    asked = Asked({BALANCED: [said(BROKEN), said(BROKEN)]})
    asked.run.spending = _Budget(attempts=2)

    with pytest.raises(ArtifactInvalid):
        asked.generate()

    assert (len(asked.attempts), asked.run.tier) == (2, "balanced")


class _Budget:
    """A budget for so many attempts."""

    def __init__(self, attempts: int) -> None:
        self._left = attempts

    def reserve(self, worst: WorstCase) -> Reservation:
        if not self._left:
            raise BudgetExhausted
        self._left -= 1
        return Unlimited().reserve(worst)

    def close(self) -> None:
        pass


@pytest.mark.parametrize("status", [401, 402, 404, 500])
def test_a_better_tier_that_fails_leaves_what_was_wrong_before(status: int) -> None:
    asked = Asked({BALANCED: [said(BROKEN), said(BROKEN)], POWERFUL: [httpx.Response(status, json={})]})

    with pytest.raises(ArtifactInvalid):
        asked.generate()

    assert asked.attempts[-1] == ("repair", POWERFUL)
    assert len(asked.run.problems) == (status in {401, 402}), "the operator is told all the same"


def test_another_kind_that_can_be_used_is_given_where_the_better_tier_fails() -> None:
    asked = Asked({BALANCED: [said(PAGE), said(PAGE)], POWERFUL: [httpx.Response(401, json={})]})

    found = asked.generate(Kind.SVG)

    assert (found.artifact.kind, found.warnings) == (Kind.HTML, ("kind_changed",))


def test_a_truncated_answer_is_extended_and_not_asked_of_a_better_tier() -> None:
    asked = Asked({BALANCED: [said(WHOLE[:-12], "length"), said(WHOLE[:-12], "length")]})

    with pytest.raises(ArtifactTruncated):
        asked.generate()

    assert asked.attempts == [("first", BALANCED), ("extended", BALANCED)]


def test_a_truncated_repair_is_a_failed_one() -> None:
    asked = Asked({BALANCED: [said(BROKEN), said(WHOLE[:-12], "length")], POWERFUL: [said(WHOLE)]})

    assert asked.generate().repaired
    assert asked.attempts[-1] == ("repair", POWERFUL)


def test_what_could_not_be_checked_is_not_asked_of_a_better_tier() -> None:
    """There was no time for the check, so there is none for that of another answer."""
    asked = Asked({BALANCED: [said(BROKEN), said(BROKEN)]})
    dependencies, rules = asked.dependencies(), [Rule.SYNTAX, Rule.UNCHECKED]

    def read(completion: Completion) -> Extraction:
        found = extract(completion.content)
        raise ArtifactInvalid((Source(found.artifact.code).problem(rules.pop(0), "Wrong.", 1, 1),), found.artifact)

    choice = dependencies.choose(asked.run, "A thing", intent="generate")
    with pytest.raises(ArtifactInvalid):
        complete_with_repair(dependencies.client, Question([{"role": "user", "content": "A"}]), read, asked.run, choice)

    assert not rules
    assert len(asked.attempts) == 2


def test_a_tier_that_is_down_gives_way_to_the_next_better_whose_model_is_the_one_that_repairs() -> None:
    """The host that is down is not asked again, and the tier of the log is that of the model that answered."""
    settings = {"TIER_BOUNDS": "5,7", "TIER_FAST": "moonshot/kimi-k2.6", "TIER_POWERFUL": "moonshotai/kimi-k3.1-pro"}
    asked = Asked({"moonshot/kimi-k2.6": [unreachable], BALANCED: [said(BROKEN), said(WHOLE)]}, settings)

    assert asked.generate().repaired

    assert asked.attempts == [("first", "moonshot/kimi-k2.6"), ("first", BALANCED), ("repair", BALANCED)]
    assert (asked.run.tier, asked.run.requested_model) == ("balanced", "moonshot/kimi-k2.6")
    assert asked.run.tier_reason == "score 4.55: fast; fast did not answer: balanced"


def test_one_tier_up_is_up_from_the_tier_that_has_answered() -> None:
    settings = {"TIER_BOUNDS": "5,7", "TIER_FAST": "moonshot/kimi-k2.6", "TIER_POWERFUL": "moonshotai/kimi-k3.1-pro"}
    script: dict[str, list[Answer]] = {"moonshot/kimi-k2.6": [unreachable], BALANCED: [said(BROKEN), said(BROKEN)]}
    asked = Asked({**script, "moonshotai/kimi-k3.1-pro": [said(WHOLE)]}, settings)

    assert asked.generate().repaired

    assert asked.attempts[-1] == ("repair", "moonshotai/kimi-k3.1-pro")
    assert asked.run.tier_reason == ("score 4.55: fast; fast did not answer: balanced; a repair failed: powerful")


def test_where_nothing_may_be_asked_the_tier_that_was_chosen_is_on_the_log() -> None:
    asked = Asked({})
    asked.run.spending = _Budget(attempts=0)

    with pytest.raises(BudgetExhausted):
        asked.generate()

    assert (asked.run.tier, asked.run.requested_model) == ("balanced", BALANCED)


def test_where_no_tier_answers_the_one_that_was_asked_last_is_on_the_log() -> None:
    asked = Asked({BALANCED: [unreachable], POWERFUL: [httpx.Response(500)]})

    with pytest.raises(Failure) as caught:
        asked.generate()

    assert caught.value.code == "upstream_error"
    assert asked.run.tier_reason == "score 4.55: balanced; balanced did not answer: powerful"


def test_a_better_tier_is_asked_for_the_whole_where_edits_failed() -> None:
    """As if nothing had been asked before, and with as much thought as it takes."""
    code = "\n".join(f"let a{number} = {number};" for number in range(90))
    given = Artifact(Kind.CODE, "A", "javascript", code)
    nowhere = "<<<<<<< SEARCH\nlet b = 1;\n=======\nlet b = 2;\n>>>>>>> REPLACE"
    script: dict[str, list[Answer]] = {FAST: [said(nowhere), said(nowhere), said(BROKEN)], BALANCED: [said(WHOLE)]}
    asked = Asked(script, {"TIER_BOUNDS": "9,10"})

    made = change(asked.dependencies(), asked.run, Brief("Tidy"), given)

    assert (made.applied, made.repaired) == ("rewrite", True)
    assert asked.attempts == [("first", FAST), ("repair", FAST), ("repair", FAST), ("repair", BALANCED)]
    assert ["<<<<<<< SEARCH" in sent["messages"][1]["content"] for sent in asked.sent] == [True, True, False, False]
    assert [sent.get("reasoning") for sent in asked.sent] == [{"enabled": False}, {"enabled": False}, None, None]
    assert [len(sent["messages"]) for sent in asked.sent] == [2, 4, 2, 2]
