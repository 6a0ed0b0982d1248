"""The models that a caller of the chat function may name (`CHAT_MODELS`), and the order in which they are asked."""

import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple, Self

from shared.deadline import Clock
from shared.errors import InvalidRequest
from shared.model_host.host import HostedModel
from shared.model_host.hosts import each_once, is_by_name_only, models_by_name, split_name
from shared.settings import AUTO, Settings, SettingsError

if TYPE_CHECKING:
    from shared.routing import Router


class AllowedModels(NamedTuple):
    """The names that callers may use, in the owner's order, and what each stands for."""

    names: tuple[str, ...]
    """The first is the default."""
    by_name: Mapping[str, HostedModel]
    router: "Router | None"
    """Chooses the models for `auto`; None where that may not be asked for."""

    @classmethod
    def of(cls, settings: Settings, clock: Clock = time.monotonic) -> Self:
        """Return what `CHAT_MODELS` allows, or else `MODELS`.

        Raises:
            SettingsError: a model cannot be asked; it names the setting that is missing or wrong.
        """
        given = dict.fromkeys(settings.chat_models or settings.models)
        hosted = _hosted([name for name in given if name != AUTO], settings, clock)
        router = _router(settings, clock) if AUTO in given else None
        return cls(tuple(given), hosted, router)

    @property
    def default(self) -> str:
        """The name that counts where a caller gives none."""
        return self.names[0]

    @property
    def all(self) -> list[HostedModel]:
        """All models that can be asked, each once."""
        return list(each_once([tuple(self.by_name.values()), self.router.models if self.router else ()]))

    def find(self, name: str) -> str:
        """Return a name as the owner has it; OpenRouter's prefix may be there or not.

        Raises:
            InvalidRequest: it is none that a caller may use: otherwise anybody could pick the dearest model.
        """
        if name in self.names:
            return name
        found = next((each for each in self.by_name if split_name(each) == split_name(name)), None)
        if found is None:
            msg = f"`model` must be one of {', '.join(self.names)}."
            raise InvalidRequest(msg, field="model")
        return found

    def with_fallbacks(self, name: str) -> list[HostedModel]:
        """Return the named model, then the others in the owner's order, but for those that are asked by name only."""
        return [self.by_name[name], *self._others(name)]

    def _others(self, name: str) -> Iterator[HostedModel]:
        return (model for each, model in self.by_name.items() if each != name and not is_by_name_only(each))


def _hosted(names: list[str], settings: Settings, clock: Clock) -> Mapping[str, HostedModel]:
    try:
        return dict(zip(names, models_by_name(names, settings, clock), strict=True))
    except SettingsError as error:
        setting = "CHAT_MODELS" if settings.chat_models else "MODELS"
        raise SettingsError(tuple(f"{setting}: {each}" for each in error.problems), settings.service_name) from None


def _router(settings: Settings, clock: Clock) -> "Router":
    # Imported here, so that it costs nothing where no caller may leave the choice to the service.
    from shared.routing import Router  # noqa: PLC0415

    return Router.of(settings, clock)
