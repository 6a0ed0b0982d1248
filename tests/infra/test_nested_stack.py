"""observability.yaml is what `make observability` writes of its data files, whatever functions there are."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from local.observability.__main__ import STACK, main
from local.observability.alarms import Alarm
from local.observability.functions import watched_functions
from local.observability.stack import stack
from local.observability.yaml_text import yaml_text
from local.sam_template import Template
from tests.infra.observed import PATH

FOURTH = "  FourthFunction: {Type: 'AWS::Serverless::Function'}\n"


@pytest.fixture
def of_four(tmp_path: Path) -> Any:
    """The stack of a template with a fourth function."""
    template = tmp_path / "template.yaml"
    template.write_text(PATH.read_text("utf-8").replace("\nOutputs:\n", f"\n{FOURTH}\nOutputs:\n"), "utf-8")
    return stack(template)


def test_the_file_is_up_to_date() -> None:
    """`make observability` writes it."""
    assert main(["--check"]) == 0


def test_drift_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "observability.yaml"

    assert main(["--check"], other) == 1
    assert "make observability" in capsys.readouterr().err
    assert main([], other) == main(["--check"], other) == 0
    assert other.read_bytes() == STACK.read_bytes()
    other.write_text(other.read_text("utf-8").replace("Cost today", "Cost tomorrow"), "utf-8")
    assert main(["--check"], other) == 1


def test_the_file_says_what_was_to_be_written(tmp_path: Path) -> None:
    """Short tags, quotes and texts of several lines: read again, they are the same."""
    tree = stack(PATH)
    path = tmp_path / "observability.yaml"
    path.write_text(yaml_text(tree), "utf-8")

    assert {name: Template.read(path, {}).section(name) for name in tree if isinstance(tree[name], dict)} == {
        name: part for name, part in tree.items() if isinstance(part, dict)
    }


def test_a_fourth_function_is_watched_like_the_others(of_four: Any) -> None:
    """Nothing has to be said of it here: it stands in the template."""
    assert [each.name for each in watched_functions(PATH)] == [
        "generate_artifact",
        "generate_artifact_fix",
        "chat_completions",
    ]
    assert {"FourthFunction", "FourthLogs"} < of_four["Parameters"].keys()
    kinds = {name: each["Type"] for name, each in of_four["Resources"].items()}
    for name, kind in kinds.items():
        if kind == "AWS::Logs::QueryDefinition":
            assert of_four["Resources"][name]["Properties"]["LogGroupNames"][3] == {"Ref": "FourthLogs"}
    counted = [name for name, kind in kinds.items() if kind == "AWS::Logs::MetricFilter"]
    assert of_four["Resources"][counted[3]]["Properties"]["LogGroupName"] == {"Ref": "FourthLogs"}
    killed = of_four["Resources"]["KilledAlarm"]["Properties"]["Metrics"]
    assert killed[0]["Expression"] == "generate_artifact + generate_artifact_fix + chat_completions + fourth"
    assert [each["Id"] for each in killed[1:]] == [
        "generate_artifact", "generate_artifact_fix", "chat_completions", "fourth",
    ]  # fmt: skip
    board = of_four["Resources"]["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    tables = [line for line in board.splitlines() if '"type": "log"' in line]
    assert tables
    assert all("| SOURCE '${FourthLogs}' | filter" in line for line in tables)
    (costs,) = [line for line in board.splitlines() if '"Cost per function and day"' in line]
    assert json.loads(costs.rstrip(","))["properties"]["metrics"][3][-3:] == ["function", "fourth", {"label": "fourth"}]
    assert len(re.findall(r'"\$\{FourthFunction\}"', board)) == 2


@pytest.mark.parametrize(
    ("statistic", "kind"), [("Sum", "Statistic"), ("Maximum", "Statistic"), ("p99", "ExtendedStatistic")]
)
def test_cloudwatch_knows_a_percentile_by_another_word(statistic: str, kind: str) -> None:
    alarm: Any = Alarm(id="A", name="a", description="b", period=60, above=1, metric="M", statistic=statistic)

    properties = alarm.resource([])["Properties"]
    assert {key: properties[key] for key in properties if key.endswith("Statistic")} == {kind: statistic}
