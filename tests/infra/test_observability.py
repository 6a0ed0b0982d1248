"""Saved queries and the dashboard: they ask for what the code writes, and the same in both places."""

import re
from typing import Any

import pytest

from local.sam_template import Template
from shared.costs.attempt_lines import AttemptLine
from shared.costs.cost_line import CostLine
from tests.infra.observed import (
    LOGS,
    METRICS,
    NESTED,
    PATH,
    REGION,
    SEARCH,
    STACK,
    dashboard,
    is_written,
    metrics_of,
    nested,
    queries,
    resources,
    widgets,
)

WORDS = {"and", "as", "asc", "by", "desc", "display", "fields", "filter", "in", "limit", "or", "sort", "stats"}


def test_a_saved_query_asks_all_logs_and_has_a_name_of_its_own() -> None:
    saved = resources("AWS::Logs::QueryDefinition").values()

    assert all(each["LogGroupNames"] == LOGS for each in saved)
    assert all(each["Name"].startswith(f"{STACK}/") for each in saved)
    assert len({each["Name"].casefold() for each in saved}) == len(saved)


def test_a_saved_query_is_a_command_a_line_and_declares_its_parameters() -> None:
    for saved in resources("AWS::Logs::QueryDefinition").values():
        first, *further = saved["QueryString"].split("\n")
        assert first.startswith("filter ")
        assert all(re.match(r"\| [a-z]+ ", line) for line in further)
        declared = [each["Name"] for each in saved.get("Parameters", [])]
        assert re.findall(r"\{\{(.*?)\}\}", saved["QueryString"]) == declared


@pytest.mark.parametrize("name", queries())
def test_a_saved_query_reads_what_the_lines_hold(name: str) -> None:
    """A misspelt field is not an error to CloudWatch: it is empty."""
    held = {*CostLine._fields, *AttemptLine._fields, "problem", "message", "@message", "@timestamp"}
    text = re.sub(r"\"[^\"]*\"|'[^']*'", "", queries()[name])
    named = set(re.findall(r" as (\w+)", text))

    assert set(re.findall(r"@?\b(?!\d)\w+\b(?!\()", text)) <= held | named | WORDS


def test_the_dashboard_has_room_for_each_widget() -> None:
    cells = [
        (x, y)
        for each in dashboard()["widgets"]
        for x in range(each["x"], each["x"] + each["width"])
        for y in range(each["y"], each["y"] + each["height"])
    ]

    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24
    assert all(each.get("region") == REGION for kind in ("metric", "log") for each in widgets(kind).values())


def test_a_log_widget_asks_what_the_saved_query_of_its_name_asks() -> None:
    """A dashboard cannot refer to a saved query, so the text is there twice."""
    source = " | ".join(f"SOURCE '{log}'" for log in LOGS)
    pictures = {"One request", "Cost today", "Cost per day", "Cost per day and model", "Cost per function"}

    shown = {title: each["query"] for title, each in widgets("log").items()}
    assert shown == {
        name: f"{source} | {' '.join(text.split())}" for name, text in queries().items() if name not in pictures
    }


@pytest.mark.parametrize("title", widgets("metric"))
def test_a_picture_shows_what_the_code_writes(title: str) -> None:
    metrics = list(metrics_of(widgets("metric")[title]))

    assert metrics
    assert [metric for metric in metrics if not is_written(metric)] == []


PICTURES = {
    "Cost today, UTC": ("Sum", 86_400), "Cost per day": ("Sum", 86_400), "Cost per function and day": ("Sum", 86_400),
    "Cost per model and day": ("Sum", 86_400), "Requests by outcome": ("Sum", 3600),
    "Share of requests that failed": ("Sum", 3600), "Duration of requests": ("p50", 3600),
    "Time to the first token": ("p50", 3600), "Tokens": ("Sum", 3600),
    "Calls to the model host per request": ("Average", 3600), "Calls of unknown cost": ("Sum", 3600),
    "Throttled, and killed or crashed": ("Sum", 3600),
}  # fmt: skip


def test_a_picture_adds_up_what_its_title_says() -> None:
    """Money by the day and as a sum, in the searches too; a share in percent."""
    shown = widgets("metric")

    assert {title: (each["stat"], each["period"]) for title, each in shown.items()} == PICTURES
    for title, each in shown.items():
        options = [line[-1] for line in each["metrics"] if isinstance(line[-1], dict)]
        searches = [one["expression"] for one in options if SEARCH.fullmatch(one.get("expression", ""))]
        assert all(search.endswith(f"'Sum', {PICTURES[title][1]})") for search in searches)
    assert shown["Share of requests that failed"]["metrics"][0][0]["expression"] == "100 * failures / requests"


def test_every_metric_is_in_a_picture() -> None:
    shown = {metric.name for each in widgets("metric").values() for metric in metrics_of(each)}

    assert shown == {"Errors", "Throttles"}.union(*METRICS.values())


def test_the_dashboard_shows_the_state_of_every_alarm() -> None:
    (shown,) = widgets("alarm").values()

    assert sorted(shown["alarms"]) == sorted(f"{name}.Arn" for name in resources("AWS::CloudWatch::Alarm"))


def test_the_dashboards_address_is_given() -> None:
    outputs: Any = Template.read(PATH, {}).section("Outputs")
    inner: Any = nested().resolve(nested().section("Outputs"))
    (board,) = resources("AWS::CloudWatch::Dashboard")

    assert outputs["DashboardUrl"]["Value"] == {"Fn::GetAtt": ["Observability", "Outputs.DashboardUrl"]}
    assert inner["DashboardUrl"]["Value"].endswith(f"?region={REGION}#dashboards/dashboard/{board}")


def test_the_nested_stack_is_given_what_it_asks_for_and_goes_by_the_outer_ones_name() -> None:
    """Its own name is the outer one's with something behind it, by which no metric goes."""
    stack: Any = Template.read(PATH, {}).section("Resources")["Observability"]

    assert stack["Properties"]["TemplateURL"] == NESTED.name
    assert stack["Properties"]["Parameters"].keys() == nested().section("Parameters").keys()
    assert stack["Properties"]["Parameters"]["ServiceName"] == {"Ref": "AWS::StackName"}
    assert "AWS::StackName" not in NESTED.read_text()
