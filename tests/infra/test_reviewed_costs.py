"""The arithmetic of docs/reviewed.md: its tables follow from its assumptions, and its prices are the catalog's."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest

from local.sam_template import Template
from shared.catalog import built_in
from shared.deadline import Deadline
from shared.settings import Settings

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs/reviewed.md").read_text("utf-8")
DEFAULTS = Settings(enable_guard=False)
MILLION = 1_000_000
NOTHING, MENDED = "reviewed, nothing to mend", "reviewed and mended"


def rows(heading: str, number: int = 0) -> dict[str, list[str]]:
    """The cells of each row of a table under a heading, its head included, by the first of them."""
    section = re.split(rf"^##+ {re.escape(heading)}\n", DOCUMENT, flags=re.MULTILINE)[1]
    section = re.split(r"^##+ ", section, flags=re.MULTILINE)[0]
    lines = re.findall(r"(?:^\|.*\|\n)+", section, re.MULTILINE)[number].splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {line[0]: line[1:] for line in [cells[0], *cells[2:]]}


class Rate(NamedTuple):
    """USD per million tokens, and tokens per second."""

    input: Decimal
    cached: Decimal
    output: Decimal
    speed: Decimal


class Step(NamedTuple):
    """A call of a model, in tokens; one without tokens is not made."""

    rate: Rate
    prompt: int = 0
    output: int = 0

    @property
    def cents(self) -> Decimal:
        return 100 * (self.prompt * self.rate.input + self.output * self.rate.output) / MILLION

    @property
    def cents_from_cache(self) -> Decimal:
        """What is saved where the whole prompt is in a cache."""
        return 100 * self.prompt * (self.rate.input - self.rate.cached) / MILLION

    @property
    def seconds(self) -> Decimal:
        return self.output / self.rate.speed


TOKENS, MODELS = rows("What it costs"), rows("What it costs", 1)
REQUESTS = TOKENS[""]
COMPONENT, DEARER, DRAWING, CHANGE = REQUESTS


def rate(role: str, model: str) -> Rate:
    (found,) = (cells for name, cells in MODELS.items() if name.startswith(f"{role}, `{model}`"))
    return Rate(*map(Decimal, found))


PLANNER, REVIEWER = rate("planner", DEFAULTS.plan_models[0]), rate("reviewer", DEFAULTS.review_models[0])
BUILDER, DEARER_BUILDER = rate("builder", DEFAULTS.models[0]), rate("builder", DEFAULTS.tier_powerful[0])


def steps(request: str) -> dict[str, Step]:
    """The calls that a request of this column may take, the one of a direct request first."""
    of = {name: int(cells[REQUESTS.index(request)].replace(",", "")) for name, cells in TOKENS.items() if name}
    builder = DEARER_BUILDER if request == DEARER else BUILDER
    asked = of["our own text in each prompt"] + of["request"]
    direct = Step(builder, asked, of["builder writes"] + of["builder reasons"])
    if request == CHANGE:
        direct = direct._replace(prompt=asked + of["code"])
    findings = of["findings"] + of["what is to be changed"]
    again = asked + of["plan"] + of["findings"]
    return {
        "direct": direct,
        "plan": Step(PLANNER, asked, of["plan"]) if of["plan"] else Step(PLANNER),
        "build": direct._replace(prompt=direct.prompt + of["plan"]),
        "review": Step(REVIEWER, asked + of["plan"] + of["code"], of["reviewer reasons"] + of["findings"]),
        "plan, once more": Step(PLANNER, again, of["what is to be changed"]) if of["plan"] else Step(PLANNER),
        "rebuild": Step(
            builder, asked + of["code"] + findings, of["rebuild writes"] + of["builder reasons about the rebuild"]
        ),
    }


def column(request: str, measure: Callable[[Step], Decimal]) -> dict[str, Decimal]:
    """What each step of a request takes, and the whole of it."""
    found = {name: measure(step) for name, step in steps(request).items()}
    nothing = found["plan"] + found["build"] + found["review"]
    return found | {NOTHING: nothing, MENDED: nothing + found["plan, once more"] + found["rebuild"]}


def cents(request: str) -> dict[str, str]:
    found = column(request, lambda step: step.cents)
    texts = {name: f"{each:.2f}" for name, each in found.items()}
    return texts | {
        "times direct, nothing to mend": f"{found[NOTHING] / found['direct']:.1f}",
        "times direct, mended": f"{found[MENDED] / found['direct']:.1f}",
    }


def seconds(request: str) -> dict[str, str]:
    found = column(request, lambda step: step.seconds)
    texts = {name: f"{each:.0f}" for name, each in found.items()}
    return texts | {f"{MENDED}, at half the rate": f"{2 * found[MENDED]:.0f}"}


@pytest.mark.parametrize(("heading", "texts"), [("In US cents", cents), ("In seconds", seconds)])
def test_the_tables_follow_from_the_assumptions(heading: str, texts: Callable[[str], dict[str, str]]) -> None:
    columns = [texts(request) for request in REQUESTS]

    assert rows(heading) == {"": REQUESTS} | {name: [each[name] for each in columns] for name in columns[0]}


def test_what_it_costs_to_have_one_mended_follows_too() -> None:
    found = column(COMPONENT, lambda step: step.cents)
    table = rows("When it is worth it")
    del table["builds that are mended"]

    assert table == {name: of_shares(found, Decimal(name.removesuffix(" %")) / 100) for name in table}
    assert len(table) == 4


def of_shares(found: dict[str, Decimal], share: Decimal) -> list[str]:
    mean = found[NOTHING] + share * (found[MENDED] - found[NOTHING])
    extra = mean - found["direct"]
    return [f"{mean:.2f}", f"{mean / found['direct']:.1f}", f"{extra / share:.1f}"]


def test_prices_and_rates_are_the_catalogs() -> None:
    (read_on,) = re.findall(r"read on (\d{4}-\d\d-\d\d)", DOCUMENT)
    catalog = built_in(date.fromisoformat(read_on))

    named = {re.findall(r"`(.+)`", name)[0]: cells for name, cells in MODELS.items() if name}
    for name, cells in named.items():
        model, price = catalog.models[name], catalog.price(name)
        assert price
        assert Rate(*map(Decimal, cells)) == Rate(
            price.input, price.cached_input, price.output, Decimal(model.tokens_per_second)
        )
        assert price.date == date.fromisoformat(read_on)
    assert catalog.models[DEFAULTS.plan_models[0]].edit_effort == "none", "so that a plan is written without reasoning"
    assert catalog.models[DEFAULTS.models[0]].edit_effort is None, "so that it reasons about edits as about the whole"
    assert catalog.models[DEFAULTS.tier_powerful[0]].edit_effort == "low"


def test_what_the_text_says_of_the_tables_is_so() -> None:
    text = " ".join(DOCUMENT.split())
    by_default, dearer = column(COMPONENT, lambda step: step.cents), column(DEARER, lambda step: step.cents)
    review = steps(COMPONENT)["review"]

    said = f"{review.prompt:,} \u00d7 ${REVIEWER.input} + {review.output:,} \u00d7 ${REVIEWER.output}"
    assert f"{said}, in millionths of a dollar: {review.cents:.2f} cents" in text
    assert by_default[MENDED] < dearer["direct"]
    assert f"plan and review, {by_default['plan'] + by_default['review']:.1f} cents" in text
    drawing, change = (column(request, lambda step: step.cents) for request in (DRAWING, CHANGE))
    assert drawing["plan"] + drawing["review"] > drawing["direct"]
    assert f"a change for {change['direct']:.2f} cents" in text
    saved = column(COMPONENT, lambda step: step.cents_from_cache)[MENDED]
    assert f"{saved:.2f} of its {by_default[MENDED]:.2f} cents" in text


class Invocation:
    """As long as the template's functions may take."""

    aws_request_id = "1"

    def get_remaining_time_in_millis(self) -> int:
        functions = Template.read(ROOT / "template.yaml", {}).section("Globals")["Function"]
        assert isinstance(functions, dict)
        return 1000 * int(str(functions["Timeout"]))


def test_each_step_of_the_examples_has_the_time_that_it_takes_but_at_half_the_rate() -> None:
    left = Decimal(round(Deadline.of(Invocation(), lambda: 0.0).remaining()))
    assert f"has {left} of the function's 900 seconds" in DOCUMENT

    plan, _, review, rebuild = map(Decimal, map(str, DEFAULTS.step_shares))
    for request in REQUESTS:
        takes = column(request, lambda step: step.seconds)
        assert takes["plan"] < plan * left
        assert takes["review"] < (left - takes["plan"] - takes["build"]) * review / (review + rebuild)
        assert takes[MENDED] < left
    slow = column(COMPONENT, lambda step: 2 * step.seconds)
    assert slow["plan"] < plan * left
    assert slow["review"] < (left - slow["plan"] - slow["build"]) * review / (review + rebuild)
    assert slow[MENDED] > left
