"""Saved queries: both logs are asked, for what their lines hold."""

import re

import pytest

from shared.costs.lines import AttemptLine, CostLine
from tests.infra.observed import LOGS, STACK, queries, resources

WORDS = {"and", "as", "asc", "by", "desc", "display", "fields", "filter", "in", "limit", "or", "sort", "stats"}


def test_a_saved_query_asks_both_logs_and_has_a_name_of_its_own() -> None:
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
    held = {*CostLine.model_fields, *AttemptLine.model_fields, "message", "@message", "@timestamp"}
    text = re.sub(r"\"[^\"]*\"|'[^']*'", "", queries()[name])
    named = set(re.findall(r" as (\w+)", text))

    assert set(re.findall(r"@?\b(?!\d)\w+\b(?!\()", text)) <= held | named | WORDS
