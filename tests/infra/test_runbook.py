"""The runbook names what there is: alarms, queries, parameters, resources, outputs and commands."""

import re
from pathlib import Path

import pytest

from local.sam_template import Template
from tests.infra.observed import STACK, queries, resources

ROOT = Path(__file__).parents[2]
RUNBOOK = (ROOT / "docs/runbook.md").read_text()
TEMPLATE = Template.read(ROOT / "template.yaml", {})
NAMES = r"(?:`[^`\n]+`(?:, (?:and |or )?| and | or |\s\([^)]*\)(?:, | or | and )?)?)+"


def named_after(word: str) -> set[str]:
    """What stands in backticks after a word, such as alarm or alarms: one name or several."""
    text = re.sub(r"\s+", " ", RUNBOOK)
    return {name for found in re.findall(rf"\b{word} ({NAMES})", text) for name in re.findall(r"`([^`]+)`", found)}


def test_every_alarm_is_there() -> None:
    known = {each["AlarmName"].removeprefix(f"{STACK} ") for each in resources("AWS::CloudWatch::Alarm").values()}
    named = named_after("(?:alarm|alarms)")

    assert named <= known
    assert len(named) > 5


def test_every_query_is_there() -> None:
    named = named_after("(?:query|queries)") | set(re.findall(r"query '([^']+)'", RUNBOOK))

    assert named <= set(queries())
    assert len(named) > 8


def test_every_parameter_resource_and_output_is_there() -> None:
    parameters, outputs = TEMPLATE.section("Parameters"), TEMPLATE.section("Outputs")
    commands = "\n".join(re.findall(r"make deploy ARGS='([^']+)'", RUNBOOK))

    assert set(re.findall(r"\b([A-Z]\w+)=", commands)) <= set(parameters)
    assert set(re.findall(r"\boutput ([A-Z]\w+)", RUNBOOK)) <= set(outputs)
    (functions,) = re.findall(r"for function in (.*);", RUNBOOK)
    looked_up = {*re.findall(r"\bresource ([A-Z]\w+)", RUNBOOK), *functions.split()}
    assert looked_up <= set(TEMPLATE.section("Resources"))
    assert {"GuardTable", "ChatCompletionsFunction"} <= looked_up


def test_every_target_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))

    assert set(re.findall(r"\bmake (?:-s )?([a-z]+)\b(?= ARGS|`|\n| NAME)", RUNBOOK)) <= targets


@pytest.mark.parametrize("document", ["README.md", "docs/operations.md", "docs/runbook.md"])
def test_a_command_does_not_take_the_next_line_for_a_key(document: str) -> None:
    """Pasted lines are what `read` reads; and a key on a command line stays in the shell's history."""
    text = (ROOT / document).read_text()

    assert not re.search(r"\bread -rs \w+$", text, re.MULTILINE)
    assert not re.search(r"--secret-string sk-", text)


def test_each_entry_says_what_one_needs_to_know() -> None:
    entries = dict(re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", RUNBOOK, re.MULTILINE | re.DOTALL))

    assert len(entries) >= 10
    for name, entry in entries.items():
        assert {"**Do.**", "**It worked when**", "**Callers**"} <= set(re.findall(r"\*\*[^*]+\*\*", entry)), name
        assert f"[{name}](#" in RUNBOOK.partition("## ")[0], name
