"""When the overlay is read, what is in force meanwhile, and what the operator is told."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from shared.catalog import Catalog, built_in
from shared.catalog.errors import ParameterError
from shared.catalog.source import CatalogSource
from shared.settings import Settings

K2, K26 = "moonshotai/kimi-k2-thinking", "moonshotai/kimi-k2.6"
DAY = date(2026, 11, 28)
BROKEN = f'["{K2}"]\ncontext = 0'
DOWN = ParameterError(["it cannot be read: Throttled"])


def overlay(output: float) -> str:
    price = f'input = 1\ncached_input = 1\noutput = {output}\nsource = "a page"\ndate = 2026-11-27\n'
    return f'[["{K2}".prices]]\n{price}'


@dataclass
class World:
    """A source, and all that is around it: the parameter, the clock, the thread and the log."""

    parameter: str | Exception = ""
    now: float = 1000.0
    day: date = DAY
    read: list[float] = field(default_factory=list)
    """The seconds that each read was given."""
    begun: list[Callable[[], None]] = field(default_factory=list)
    """Reads beside requests, which the test runs when it pleases."""
    told: list[Sequence[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.source = CatalogSource(
            self._text, [K2], self, clock=lambda: self.now, today=lambda: self.day, begin=self.begun.append
        )

    def _text(self, seconds: float) -> str:
        self.read.append(seconds)
        if isinstance(self.parameter, Exception):
            raise self.parameter
        return self.parameter

    def catalog_refused(self, problems: Sequence[str]) -> None:
        self.told.append(list(problems))

    def catalog_accepted(self) -> None:
        self.told.append("accepted")

    def model_outdated(self, model: str, problem: str) -> None:
        self.told.append((model, problem))

    def request(self, after: float = 0.0, seconds: float = 60.0) -> Catalog:
        """The catalog of a request this much later."""
        self.now += after
        return self.source.current(seconds)

    def price(self, after: float = 0.0) -> Decimal:
        price = self.request(after).price(K2)
        assert price
        return price.output

    def run(self) -> None:
        """Let the read beside the requests come to its end."""
        self.begun.pop()()


def test_without_a_parameter_the_catalog_is_what_is_built_in() -> None:
    world = World()
    world.source._text = None

    assert world.request() == built_in(DAY)
    assert (world.read, world.begun, world.told) == ([], [], [])


@pytest.mark.parametrize(("seconds", "given"), [(60.0, 3.0), (0.5, 0.5)])
def test_the_first_request_waits_for_the_overlay_but_not_long(seconds: float, given: float) -> None:
    world = World(overlay(7))

    price = world.request(seconds=seconds).price(K2)

    assert price
    assert price.output == 7
    assert world.read == [given]


def test_a_change_is_in_force_from_the_start_of_a_later_request() -> None:
    """The request that finds it due is served with what is there, as is every one until the read has ended."""
    world = World(overlay(7))
    first = world.request()
    world.parameter = overlay(8)

    assert world.price(600) == 7
    assert (len(world.read), world.begun) == (1, [])
    found_due = world.request(0.1)
    assert world.price() == 7
    assert len(world.begun) == 1, "one read at a time"
    world.run()
    assert world.price() == 8
    assert [each.ceiling(K2)[1] for each in (first, found_due)] == [7, 7], "a catalog never changes"
    assert world.price(600) == 8
    assert world.begun == []
    assert world.told == []


@pytest.mark.parametrize(
    ("parameter", "problem"), [(BROKEN, f"{K2}: context: must be greater than or equal to 1"), (DOWN, str(DOWN))]
)
def test_at_a_cold_start_without_an_overlay_that_can_be_used_the_built_in_catalog_serves(
    parameter: str | Exception, problem: str
) -> None:
    world = World(parameter)

    assert world.request() == built_in(DAY)
    assert world.told == [[problem]]
    assert world.price(30) == Decimal("2.5")
    assert (len(world.read), world.begun) == (1, []), "no more often than every 30 seconds"
    assert world.price(0.1) == Decimal("2.5")
    world.parameter = overlay(7)
    world.run()
    assert world.price() == 7
    assert world.told == [[problem], "accepted"]


@pytest.mark.parametrize("parameter", [BROKEN, DOWN])
def test_the_last_good_overlay_is_kept(parameter: str | Exception) -> None:
    world = World(overlay(7))
    world.request()
    world.parameter = parameter

    for after in (601, 31, 31):
        assert world.price(after) == 7
        world.run()
    assert world.price() == 7
    assert len(world.told) == 1, "each problem is told once"
    world.parameter = overlay(8)
    world.request(31)
    world.run()
    assert world.price() == 8
    assert world.told[1:] == ["accepted"]


def test_a_problem_that_comes_back_after_a_good_overlay_is_told_again() -> None:
    world = World(BROKEN)
    for parameter in (DOWN, overlay(7), BROKEN, DOWN, overlay(8), "x = ["):
        world.request(601)
        world.parameter = parameter
        world.request(601)
        world.run()
    world.request()

    assert [each if each == "accepted" else len(each) for each in world.told] == [1, 1, "accepted", 1, 1, "accepted", 1]


def test_a_read_that_never_ends_is_made_again() -> None:
    """Its thread was frozen with the process, and its connection has gone."""
    world = World(overlay(7))
    world.request()
    world.request(601)
    torn = world.begun.pop()
    world.request(30)
    assert world.begun == []
    world.parameter = overlay(8)
    world.request(1)
    world.run()

    assert world.price() == 8
    world.parameter = overlay(9)
    torn()
    assert world.price() == 8, "what it brings after all is older than what is in force"


def test_the_prices_are_those_of_the_day_on_which_a_request_begins() -> None:
    world = World(overlay(7) + f"until = 2026-12-01\n{overlay(8)}from = 2026-12-01")

    november = world.request()
    world.day = date(2026, 12, 1)

    assert world.request().ceiling(K2)[1] == 8
    assert november.ceiling(K2)[1] == 7


def test_a_model_that_is_past_its_date_is_told_of_once() -> None:
    """By the catalog that is in force then, the overlay included."""
    world = World(f'["{K2}"]\nuntil = 2026-11-27')
    world.request()
    world.request()

    assert world.told == [(K2, "it was offered until 2026-11-27")]


@pytest.mark.parametrize(("models", "told"), [("auto", [K26]), (K2, [])])
def test_a_model_of_the_tiers_is_told_of_where_models_are_chosen(ssm: Any, models: str, told: list[str]) -> None:
    old = overlay(7).replace(K2, K26)
    ssm.put_parameter(Name="/c", Value=f'["{K26}"]\nuntil = 2020-01-01\n{old}', Type="String")
    given = {"MODELS": models, "TIER_FAST": K26, "CATALOG_PARAMETER": "/c", "ENABLE_GUARD": "false"}
    world = World()

    CatalogSource.of(Settings.from_environment(given), world).current(60.0)

    assert [model for model, _ in world.told] == told


def test_a_read_beside_requests_is_made_in_a_thread() -> None:
    """With the parts of the real source: nothing here waits for it, so the test does."""
    world = World(overlay(7))
    source = CatalogSource(world._text, [K2], world, clock=lambda: world.now)
    source.current(60)
    world.parameter = overlay(8)
    world.now += 601

    before = set(threading.enumerate())
    source.current(60)
    for thread in set(threading.enumerate()) - before:
        thread.join(10)
    assert source.current(60).ceiling(K2)[1] == 8
    assert len(world.read) == 2
