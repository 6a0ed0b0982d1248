"""The worst case that docs/operations.md states, worked out again from the rules at the default settings."""

from pathlib import Path

import pytest

from shared.artifacts.brief import Brief
from shared.artifacts.reviewed.plan import plan_question
from shared.catalog import built_in
from shared.costs.worst_case import Stage, WorstCase
from shared.settings import Settings

DOCUMENT = Path(__file__).parents[2] / "docs" / "operations.md"
PROMPT_BYTES = 2000


@pytest.mark.parametrize("workflow", ["direct", "reviewed"])
@pytest.mark.parametrize(
    ("lost", "stage"),
    [
        ("before a byte of an answer came", Stage.NO_RESPONSE),
        ("before content", Stage.NO_CONTENT),
        ("after content had begun", Stage.CONTENT),
    ],
)
def test_the_worst_case_is_what_the_document_says(lost: str, stage: Stage, workflow: str) -> None:
    settings, catalog = Settings(), built_in()

    def call(model: str, max_tokens: int | None) -> WorstCase:
        most = max_tokens or settings.max_output_tokens
        return WorstCase.of(catalog.ceiling(model), catalog.tokens_per_second(model), PROMPT_BYTES, most)

    first, second = (call(model, None) for model in settings.models)
    calls = [first] * settings.max_attempts + [second] * (settings.max_calls - settings.max_attempts)
    if workflow == "reviewed":  # the plan leaves the build as many as a direct request has
        plan = call(settings.plan_models[0], plan_question(Brief("", None)).max_output_tokens)
        calls += [plan] * (settings.reviewed_max_calls - settings.max_calls)
    budget = int(settings.daily_budget_usd * 10**9)

    booked = max(call.at(stage) for call in calls)
    requests = min(budget // booked, 2 * 1440 * settings.global_limit_per_minute)
    worth, whole = (budget + requests * (total - booked) for total in (
        sum(call.at(stage) for call in calls), sum(call.reserve for call in calls)))  # fmt: skip

    row = f"| {workflow} | {lost} | ${booked / 1e9:.6f} | {requests:,} | ${worth / 1e9:,.2f} | ${whole / 1e9:,.2f} |"
    assert row in DOCUMENT.read_text("utf-8"), row
