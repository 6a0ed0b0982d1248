"""What a deployment costs per month while nobody calls it, by the prices in `idle_prices.toml`."""

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from local.deploy.inventory import Resource, number

_PRICES = Path(__file__).with_name("idle_prices.toml")
_OTHERS = (
    "Functions, URLs, log groups, the table and versions cost nothing by themselves; each metric of requests costs"
    " {metric} a month for the hours in which it is written."
)


_WATCHED = "metric watched by an alarm|metrics watched by alarms"


def idle_costs(created: list[Resource], values: Mapping[str, str]) -> str:
    """Return what is paid for idle, a line each, and the sum."""
    data = tomllib.loads(_PRICES.read_text("utf-8"), parse_float=Decimal)
    prices: dict[str, dict[str, Any]] = {each["what"]: each for each in data["price"]}
    named = {value for name, value in values.items() if name.endswith("SecretArn") and value}
    counts = {
        "secret": len(named),
        _WATCHED: sum(_metrics(each) for each in created),
        "dashboard": sum(each.kind == "AWS::CloudWatch::Dashboard" for each in created),
    }
    lines, total = [], Decimal(0)
    for what, count in counts.items():
        if count:
            cost = count * prices[what]["usd"]
            total += cost
            free = f", {prices[what]['free']} of an account are free" if prices[what]["free"] else ""
            lines.append(f"  {number(count, what)}, each ${prices[what]['usd']}: ${cost:.2f}{free}")
    head = f"Idle it costs at most ${total:.2f} a month (list prices of us-east-1, {data['as_of']}):"
    metric = f"${prices['metric, for the hours with requests']['usd']}"
    return "\n".join([head, *lines, "  " + _OTHERS.format(metric=metric)])


def _metrics(resource: Resource) -> int:
    """Return how many metrics an alarm watches; one that calculates names several."""
    if resource.kind != "AWS::CloudWatch::Alarm":
        return 0
    return sum("MetricStat" in each for each in resource.properties.get("Metrics", [])) or 1
