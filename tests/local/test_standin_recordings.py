"""The stand-in's dialects against recorded answers, from the folder that ARTIFACT_CASES names: the same fields.

What only one host has and no client needs is left out: Groq's times, and what identifies its request.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.local.test_standin import events
from tests.local.test_standin_hosts import ask_at
from tests.support.standin import StandIn

if not os.environ.get("ARTIFACT_CASES"):
    pytest.skip("ARTIFACT_CASES names no folder with cases", allow_module_level=True)

BODIES = Path(os.environ["ARTIFACT_CASES"]) / "host" / "bodies"
GROQ_ONLY = {"x_groq", "service_tier", "usage_breakdown", "queue_time", "prompt_time", "completion_time", "total_time"}
# OpenAI's own details of the usage, which Groq leaves out and vLLM does not.
DETAILS = {"prompt_tokens_details", "completion_tokens_details", "cached_tokens", "reasoning_tokens"}


def fields(value: Any, path: str = "") -> Iterator[str]:
    """The paths of all fields of an object, lists looked into."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in GROQ_ONLY:
                yield f"{path}.{key}"
                yield from fields(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for inner in value:
            yield from fields(inner, path)


def recorded(name: str) -> list[Any]:
    """The JSON of a recording: its events, or its body."""
    text = (BODIES / name).read_text()
    lines = [line[6:] for line in text.splitlines() if line.startswith("data: {")]
    return [json.loads(line) for line in lines] if name.endswith(".sse") else [json.loads(text)]


def all_fields(answers: list[Any]) -> set[str]:
    return {field for answer in answers for field in fields(answer)}


def without_details(names: set[str]) -> set[str]:
    return {name for name in names if name.rpartition(".")[2] not in DETAILS}


def test_moonshots_body_has_the_fields_of_the_live_one(host: StandIn) -> None:
    ours = ask_at(host, "moonshot", stream=False).json()

    assert all_fields([ours]) == all_fields(recorded("moonshot_k3_json_live.json"))
    assert ours["object"] == recorded("moonshot_k3_json_live.json")[0]["object"]


def test_moonshots_chunks_have_the_fields_of_the_recorded_ones(host: StandIn) -> None:
    chunk, error = recorded("moonshot_sse_midstream_error.sse")
    ours = events(ask_at(host, "moonshot", "A counter [[fault mid-error]]"))

    assert set(fields(ours[0])) == set(fields(chunk))
    assert (set(fields(ours[-1])), ours[-1]["error"]["code"]) == (set(fields(error)), error["error"]["code"])


PAIR = {"type": "object", "properties": {"pair": {"type": "array", "items": [{}, {}]}}}
ERRORS = [
    ("moonshot_err_429_concurrency.json", "rate-limit", {}),
    ("moonshot_err_429_quota.json", "quota", {}),
    ("moonshot_err_429_token_quota.json", "quota form=tokens", {}),
    ("moonshot_err_404_model.json", "", {"model": "issue-19552-invalid-model"}),
    ("moonshot_err_400_thinking_disabled.json", "", {"model": "kimi-k2.7-code", "thinking": {"type": "disabled"}}),
    ("moonshot_err_400_schema.json", "", {"response_format": {"type": "json_schema", "json_schema": {"schema": PAIR}}}),
    ("moonshot_err_400_temperature_nonthinking.json", "", {"temperature": 1, "thinking": {"type": "disabled"}}),
]


@pytest.mark.parametrize(("name", "fault", "asked"), ERRORS, ids=[row[0] for row in ERRORS])
def test_moonshots_errors_are_in_the_recorded_words(
    host: StandIn, name: str, fault: str, asked: dict[str, Any]
) -> None:
    """All but the account, which is nobody's."""
    response = ask_at(host, "moonshot", f"A counter [[fault {fault}]]" if fault else "A counter", **asked)

    ((theirs),) = (answer["error"] for answer in recorded(name))
    ours = response.json()["error"]
    assert response.status_code == int(name.split("_")[2])
    assert (ours["type"], set(ours)) == (theirs["type"], set(theirs))
    words = [word for word in theirs["message"].split() if "org-" not in word and "ak-" not in word]
    assert [word for word in ours["message"].split() if "org-" not in word] == words


@pytest.mark.parametrize("name", ["groq_kimi_k2_sse.sse", "hf_kimi_k2_sse.sse"])
def test_customs_chunks_have_the_recorded_fields_in_the_recorded_places(host: StandIn, name: str) -> None:
    """The first, a piece of content, the stop chunk, whose usage is Groq's alone, and the usage without choices."""
    theirs = recorded(name)
    ours = [chunk for chunk in events(ask_at(host, "custom")) if "reasoning_content" not in json.dumps(chunk)]

    for place in (0, 1, -1):
        assert without_details(set(fields(ours[place]))) == set(fields(theirs[place]))
    stop = {field for field in fields(theirs[-2]) if not field.startswith(".usage")}
    assert set(fields(ours[-2])) == stop
    assert [chunk["choices"] == [] for chunk in ours].count(True) == 1


def test_customs_body_has_the_recorded_fields(host: StandIn) -> None:
    ours = ask_at(host, "custom", stream=False).json()

    expected = all_fields(recorded("groq_kimi_k2_json.json")) | {".choices.message.reasoning_content"}
    assert without_details(all_fields([ours])) == expected
