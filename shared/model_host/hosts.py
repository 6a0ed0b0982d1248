"""Which model hosts there are (`hosts.toml`), and which models of them can be asked with some settings."""

import time
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from shared.deadline import Clock
from shared.model_host.api_key import ApiKey
from shared.model_host.errors import KeyMissing
from shared.model_host.host import OPENROUTER, Dialect, Host, HostedModel, Waits
from shared.settings import Settings, SettingsError

_DATA = Path(__file__).with_name("hosts.toml")


class _Entry(NamedTuple):
    """What `hosts.toml` says of a host: the names of its settings, and what is special about it."""

    url: str
    key: str
    secret: str
    dialect: str
    base_url: str | None = None
    first_token_seconds: float | None = None
    stall_seconds: float | None = None
    keeps_records: bool = False
    least_output_tokens: int = 0
    by_name_only: bool = False

    def base_url_of(self, settings: Settings) -> str | None:
        """Return the address: that of its setting, or else its own; None if it has neither."""
        url: str | None = getattr(settings, self.url.lower())
        return url or self.base_url

    def key_of(self, settings: Settings, clock: Clock) -> ApiKey | None:
        """Return the API key; None if it is not set."""
        given, secret_arn = (getattr(settings, name.lower()) for name in (self.key, self.secret))
        if not given and not secret_arn:
            return None
        return ApiKey(given.get_secret_value() if given else None, secret_arn, self.secret, clock)

    @property
    def key_settings(self) -> str:
        """The settings of which one gives the key, for the operator."""
        return f"{self.secret} or, locally, {self.key}"


def models_of(settings: Settings, clock: Clock = time.monotonic) -> list[HostedModel]:
    """Return the models of `MODELS`, each at its host; with `auto` those of all tiers.

    Raises:
        SettingsError: a model cannot be asked; it names the setting that is missing or wrong.
    """
    if settings.chooses_models:
        return list(each_once(tiers_of(settings, clock).values()))
    problems = [f"MODELS: {problem}" for name in settings.models if (problem := _problem(name, settings))]
    if problems:
        raise SettingsError(tuple(dict.fromkeys(problems)), settings.service_name)
    return _hosted(settings.models, settings, clock)


def tiers_of(settings: Settings, clock: Clock = time.monotonic) -> dict[str, tuple[HostedModel, ...]]:
    """Return the models of each tier that can be asked: a host without a key or an address is left out.

    Raises:
        SettingsError: a tier names what is no model or may not be in it, or no model of any tier can be asked.
    """
    tiers = _available({f"TIER_{tier.upper()}": names for tier, names in settings.tiers.items()}, settings, clock)
    if not any(tiers.values()):
        named = [(f"TIER_{tier.upper()}", name) for tier, names in settings.tiers.items() for name in names]
        problems = [f"{setting}: {next(_unset(name, settings))}" for setting, name in named]
        raise SettingsError(tuple(dict.fromkeys(problems)), settings.service_name)
    return dict(zip(settings.tiers, tiers.values(), strict=True))


def advisers_of(
    settings: Settings, builders: Sequence[HostedModel], clock: Clock = time.monotonic
) -> tuple[Sequence[HostedModel], ...]:
    """Return the models of `PLAN_MODELS` and those of `REVIEW_MODELS` that can be asked; there may be none.

    Where they are at the builders' hosts, they share these, and with them the key that was read.

    Raises:
        SettingsError: one of them names what is no model or may not be in a list.
    """
    named = {"PLAN_MODELS": settings.plan_models, "REVIEW_MODELS": settings.review_models}
    return tuple(_available(named, settings, clock, builders).values())


def _available(
    lists: Mapping[str, Sequence[str]], settings: Settings, clock: Clock, others: Sequence[HostedModel] = ()
) -> dict[str, tuple[HostedModel, ...]]:
    """Return the models of each list that can be asked, by the name of its setting; or raise `SettingsError`."""
    named = [(setting, name) for setting, names in lists.items() for name in names]
    problems = [f"{setting}: {problem}" for setting, name in named if (problem := next(_faults(name), None))]
    if problems:
        raise SettingsError(tuple(dict.fromkeys(problems)), settings.service_name)
    available = [name for name in dict.fromkeys(name for _, name in named) if not any(_unset(name, settings))]
    models = dict(zip(available, _hosted(available, settings, clock, others), strict=True))
    return {setting: tuple(models[name] for name in names if name in models) for setting, names in lists.items()}


def each_once(lists: Iterable[Sequence[HostedModel]]) -> tuple[HostedModel, ...]:
    """Return the models of several lists in their order, each where it is first."""
    found: dict[str, HostedModel] = {}
    for model in chain.from_iterable(lists):
        found.setdefault(model.name, model)
    return tuple(found.values())


def models_by_name(names: Sequence[str], settings: Settings, clock: Clock = time.monotonic) -> list[HostedModel]:
    """Return models that a caller names, each at its host; also those that `MODELS` may not hold.

    Raises:
        SettingsError: a model cannot be asked.
    """
    problems = tuple(problem for name in names if (problem := _unavailable(name, settings)))
    if problems:
        raise SettingsError(problems, settings.service_name)
    return _hosted(names, settings, clock)


def is_by_name_only(name: str) -> bool:
    """Return whether a model is at a host that is only asked where a caller names it."""
    return _entries()[split_name(name)[0]].by_name_only


def host_named(name: str, settings: Settings, clock: Clock = time.monotonic) -> Host:
    """Return the host of this name.

    Raises:
        KeyMissing: the settings give no key or no address for it.
    """
    entry = _entries()[name]
    key, base_url = entry.key_of(settings, clock), entry.base_url_of(settings)
    if key is None or base_url is None:
        raise KeyMissing(name, entry.key_settings if key is None else entry.url)
    waits = Waits(
        entry.first_token_seconds or settings.first_token_seconds, entry.stall_seconds or settings.stall_seconds
    )
    return Host(
        name=name,
        base_url=base_url,
        key=key,
        key_settings=entry.key_settings,
        url_setting=entry.url,
        waits=waits,
        dialect=_dialect(entry.dialect, settings),
        keeps_records=entry.keeps_records,
        least_output_tokens=entry.least_output_tokens,
    )


def host_names() -> tuple[str, ...]:
    """Return the names of all hosts, whether they can be asked or not."""
    return tuple(_entries())


def split_name(name: str) -> tuple[str, str]:
    """Return the host of a model and its id there.

    All of OpenRouter's ids hold a slash; some begin with `openrouter/` themselves, such as `openrouter/auto`.
    """
    prefix, _, rest = name.partition("/")
    if prefix == OPENROUTER and "/" in rest:
        return OPENROUTER, rest
    if prefix in _entries() and prefix != OPENROUTER:
        return prefix, rest
    return OPENROUTER, name


def _hosted(
    names: Sequence[str], settings: Settings, clock: Clock, others: Sequence[HostedModel] = ()
) -> list[HostedModel]:
    """Return the models; those of one host share it, also with others, and with it the key that was read."""
    parts = [split_name(name) for name in names]
    known = {other.host.name: other.host for other in others}
    hosts = {host: known.get(host) or host_named(host, settings, clock) for host, _ in parts}
    return [HostedModel(hosts[host], model) for host, model in parts]


def _problem(name: str, settings: Settings) -> str | None:
    """Return why a model cannot be in `MODELS`, if it cannot."""
    return next(chain(_faults(name), _unset(name, settings)), None)


def _unavailable(name: str, settings: Settings) -> str | None:
    """Return why a model cannot be asked, if it cannot."""
    return next(chain(_misnomers(name), _unset(name, settings)), None)


def _faults(name: str) -> Iterator[str]:
    """Yield what is wrong with a name in a list of models, whatever else is set."""
    if is_by_name_only(name):
        yield f"{name} may only be asked for by name, not be in this list"
    yield from _misnomers(name)


def _misnomers(name: str) -> Iterator[str]:
    """Yield why a name is none of a model."""
    host, model = split_name(name)
    prefix = name.partition("/")[0]
    if prefix not in _entries() and prefix.lower() in _entries():
        yield f"{name!r} names no host: write {prefix.lower()}"
    # A host of the operator's may call a model by its path, such as /models/mine.
    is_incomplete = "" in model.split("/") if _entries()[host].base_url else not model
    if is_incomplete or not (model.isascii() and model.isprintable()) or " " in model:
        yield f"{name!r} names no model"
    if host == OPENROUTER and model.partition("/")[0] in _entries().keys() - {OPENROUTER}:
        yield f"{name!r} names no model: {model} is at another host"


def _unset(name: str, settings: Settings) -> Iterator[str]:
    """Yield what the host of a model lacks."""
    entry = _entries()[split_name(name)[0]]
    if entry.base_url_of(settings) is None:
        yield f"{name} needs {entry.url}, the address of its host"
    if entry.key_of(settings, time.monotonic) is None:
        yield f"{name} is at a host without a key: set {entry.key_settings}"


def _dialect(name: str, settings: Settings) -> Dialect:
    """Return a dialect; imported here, so that a host that is not used costs nothing."""
    match name:
        case "openrouter":
            from shared.model_host.openrouter import OpenRouterDialect  # noqa: PLC0415

            return OpenRouterDialect.of(settings)
        case "moonshot":
            from shared.model_host.moonshot import MoonshotDialect  # noqa: PLC0415

            return MoonshotDialect()
        case _:
            from shared.model_host.openai import OpenAiDialect  # noqa: PLC0415

            return OpenAiDialect()


@cache
def _entries() -> dict[str, _Entry]:
    return {name: _Entry(**table) for name, table in tomllib.loads(_DATA.read_text("utf-8")).items()}
