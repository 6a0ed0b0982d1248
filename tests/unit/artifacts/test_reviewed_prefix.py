"""What a host's prompt cache can serve of a reviewed request: on the bytes that are sent, the stable part comes first.

A cache serves what a prompt has in common with an earlier one from its first byte on.
"""

import json
from collections.abc import Mapping
from itertools import pairwise, takewhile
from typing import Any

import pytest

from tests.support.reviewed import BUILT, GOOD, PLAN, Call, Said, Studio, component, edit, tagged

BROKEN = Said(tagged(BUILT[:-1]))
EDITS = {"EDITS_FROM_LINES": "1"}
NOWHERE = Said(edit("      <li>Row 99</li>", "      <li>Row</li>"))


def calls(
    monkeypatch: pytest.MonkeyPatch,
    prompt: str = "A list of rows",
    settings: Mapping[str, str] | None = None,
    *,
    fields: Mapping[str, Any] | None = None,
    script: Mapping[str, Any] | None = None,
) -> list[Call]:
    ours = Studio({**GOOD, **(script or {})}, monkeypatch, settings or {})
    assert ours.ask(prompt=prompt, **(fields or {})).status == 200
    return ours.calls


def of(calls: list[Call], step: str) -> list[Call]:
    return [call for call in calls if call.step == step]


def begin(call: Call, messages: int, part: str = "") -> bytes:
    """What is sent up to the end of so many messages, or up to the end of a part of the next one."""
    sent, whole = call.sent, json.dumps(call.body["messages"][:messages], ensure_ascii=False, separators=(",", ":"))
    end = sent.index(whole[:-1].encode()) + len(whole[:-1].encode())
    if part:
        end = sent.index(f" {part}>>>".encode(), end) + len(f" {part}>>>")
    return sent[:end]


def common(one: Call, other: Call) -> bytes:
    """What both begin with."""
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(one.sent, other.sent, strict=False))
    return bytes(byte for byte, _ in pairs)


@pytest.mark.parametrize("step", ["plan", "build", "review", "changes", "rebuild"])
def test_two_requests_have_all_instructions_of_a_step_in_common(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is asked for, planned and built: they stand before it, and they are most of a short question."""
    other = component("Other")
    one = calls(monkeypatch)
    two = calls(monkeypatch, "Ünother thing", script={"build": Said(tagged(other))})

    (first,), (second,) = of(one, step), of(two, step)

    instructions = begin(first, 1)
    assert instructions == begin(second, 1)
    assert common(first, second).startswith(instructions)
    assert first.body["messages"][0]["role"] == "system"
    assert first.body["messages"][1:] != second.body["messages"][1:]


@pytest.mark.parametrize("kind", ["react", None], ids=["kind", "any-kind"])
def test_a_planned_build_begins_as_a_direct_request_does(kind: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Up to the end of the prompt; the plan stands behind it."""
    (build,) = of(calls(monkeypatch, fields={"artifactType": kind}), "build")
    ours = Studio(GOOD, monkeypatch)
    ours.ask(workflow="direct", artifactType=kind)
    (direct,) = ours.calls

    prompt = direct.body["messages"][1]["content"]
    assert build.body["messages"][0] == direct.body["messages"][0]
    assert build.body["messages"][1]["content"].startswith(f"{prompt}\n\n<<<plan ")
    assert common(build, direct).endswith(prompt.encode())


def test_without_a_plan_a_build_is_asked_for_in_the_very_bytes_of_a_direct_request(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (build,) = of(calls(monkeypatch, script={"plan": Said("No.")}), "build")
    ours = Studio(GOOD, monkeypatch)
    ours.ask(workflow="direct")

    assert build.sent == ours.calls[0].sent


def test_the_plan_of_the_changes_goes_on_where_the_plan_was_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Byte for byte, with the answer as the model gave it, and at the same model, whose cache it is in."""
    answer = f"Here it is:\n```json\n{json.dumps(PLAN)}\n```"
    made = calls(monkeypatch, script={"plan": Said(answer)})
    (plan,), (changes,) = of(made, "plan"), of(made, "changes")

    assert begin(changes, 2) == begin(plan, 2)
    assert common(plan, changes).startswith(begin(plan, 2))
    assert changes.model == plan.model
    assert changes.body["messages"][2] == {"role": "assistant", "content": answer}


@pytest.mark.parametrize("step", ["build", "rebuild"])
def test_a_repair_begins_with_what_it_repairs(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first, repair = of(calls(monkeypatch, script={step: [BROKEN, GOOD[step]]}), step)

    assert begin(repair, 2) == begin(first, 2)
    assert (repair.model, len(repair.body["messages"])) == (first.model, 4)


def test_edits_of_a_rebuild_and_the_whole_differ_in_their_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """From the code to the changes they are the same: only what is said of the answer's form is not."""
    script = {"rebuild": [NOWHERE, NOWHERE, GOOD["rebuild"]]}

    edits, repair, whole = of(calls(monkeypatch, settings=EDITS, script=script), "rebuild")

    shared = common(edits, whole)
    for part in ("code", "request", "findings", "changes"):
        assert shared.startswith(begin(edits, 1, part)), part
    assert begin(repair, 2) == begin(edits, 2)
    assert "<<<<<<< SEARCH" in edits.body["messages"][1]["content"]
    assert "<<<<<<< SEARCH" not in whole.body["messages"][1]["content"]


def test_the_parts_stand_in_the_order_in_which_they_came_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a second question has in common with the first is longest so; the code is what takes most room."""
    made = calls(monkeypatch)
    order = {
        "plan": ["<<<request "],
        "review": ["<<<request ", "<<<plan ", "<<<code ", "The artifact is of the type"],
        "rebuild": ["<<<code ", "<<<request ", "<<<findings ", "<<<changes ", "Answer with the whole"],
    }
    for step, parts in order.items():
        (call,) = of(made, step)
        said = call.body["messages"][1]["content"]
        places = [said.index(part) for part in parts]
        assert all(before < after for before, after in pairwise(places)), step


def test_the_same_request_is_asked_in_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing in a question is of the moment: neither a number nor a word that is drawn."""
    one, two = calls(monkeypatch), calls(monkeypatch)

    assert [call.sent for call in one] == [call.sent for call in two]


def test_cached_tokens_are_on_the_lines_of_all_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = Studio({**GOOD, "build": [BROKEN, GOOD["build"]]}, monkeypatch)

    answer = ours.ask()

    lines = answer.named("attempt")
    assert [(line["purpose"], line["cached_tokens"]) for line in lines] == [
        ("plan", 7),
        ("build", 14),
        ("repair", 21),
        ("review", 28),
        ("plan", 35),
        ("rebuild", 42),
    ]
    assert answer.cost["cached_tokens"] == answer.json["usage"]["cachedTokens"] == 147
    assert answer.cost["cache_saved_usd"] > 0


def test_all_steps_go_to_the_provider_that_has_them_in_its_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    made = calls(monkeypatch, fields={"sessionId": "s-1"})

    assert {call.step: call.body["session_id"] for call in made} == dict.fromkeys(GOOD, "s-1")
