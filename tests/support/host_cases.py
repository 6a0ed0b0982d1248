"""Recorded answers of model hosts, from the folder that ARTIFACT_CASES names: where each is asked, and what it costs.

The cost is worked out from the price list itself, not with the code that is tried.
"""

import datetime as dt
import json
import os
import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.support.processes import ROOT

Case = dict[str, Any]

FOLDER = Path(os.environ.get("ARTIFACT_CASES", "")) / "host"
INDEX = FOLDER / "index.json"
CASES: list[Case] = json.loads(INDEX.read_text())["cases"] if INDEX.is_file() else []
PRICES = tomllib.loads((ROOT / "shared" / "catalog" / "models.toml").read_text("utf-8"), parse_float=Decimal)
MOONSHOTS_MODEL = "kimi-k3"
"""What Moonshot is asked for where its answer names no model."""


def parametrized(cases: list[Case]) -> list[Any]:
    return [pytest.param(case, id=case["id"]) for case in cases]


def body_of(case: Case) -> bytes:
    return (FOLDER / str(case["file"])).read_bytes()


def headers_of(case: Case) -> dict[str, str]:
    """The recorded headers, but for how the body was transferred."""
    return {name: value for name, value in case["headers"].items() if name != "transfer-encoding"}


def host_of(case: Case) -> str:
    """OpenRouter's own and Moonshot's own; whoever else speaks OpenAI's dialect is a host of the operator's."""
    return {"or": "openrouter", "moonshot": "moonshot"}.get(case["id"].partition("_")[0], "custom")


def model_of(case: Case) -> str:
    """The model that the case is asked for, as `MODELS` names it."""
    host, named = host_of(case), case["expect"].get("model")
    if host == "openrouter":
        return "one/model"
    return f"{host}/{named or (MOONSHOTS_MODEL if host == 'moonshot' else 'some/model')}"


def usd_reported(usage: Case) -> Decimal | None:
    """What the operator pays: the upstream's part is apart from the host's only with a key of one's own there."""
    if usage["cost"] is None:
        return None
    upstream = usage["upstream_inference_cost"] if usage["is_byok"] else None
    return Decimal(repr(usage["cost"])) + Decimal(repr(upstream or 0))


def cost_of(case: Case) -> tuple[Decimal | None, str]:
    """The cost of the case's attempt in USD, and its source."""
    expect = case["expect"]
    usage = expect["usage"]
    if usage is None:
        served = case["http_status"] == 200 and (expect.get("content") or not expect.get("error_class"))
        return (None, "unknown") if served or expect.get("error_class") == "empty_output" else (Decimal(0), "none")
    if (reported := usd_reported(usage)) is not None:
        return reported, "reported"
    price = _price(expect["model"], host_of(case))
    return (None, "unknown") if price is None else (_list_price(usage, price), "estimated")


def _price(model: str, host: str) -> Case | None:
    """Today's prices of a model at a host; None where the list has none."""
    name = re.sub(r"-\d+$", "", model) if host == "openrouter" else f"{host}/{model}"
    today = dt.datetime.now(dt.UTC).date()
    for price in PRICES.get(name, {}).get("prices", ()):
        if price.get("from", today) <= today < price.get("until", dt.date.max):
            found: Case = price
            return found
    return None


def _list_price(usage: Case, price: Case) -> Decimal:
    cached, written = usage["cached_tokens"] or 0, usage["cache_write_tokens"] or 0
    parts = (
        (usage["prompt_tokens"] - cached - written, price["input"]),
        (cached, price["cached_input"]),
        (written, price.get("cache_write", price["input"])),
        (usage["completion_tokens"], price["output"]),
    )
    return sum((Decimal(tokens) * Decimal(str(usd)) for tokens, usd in parts), Decimal(0)) / 1_000_000
