"""How much a request may spend: reserves the maximum cost of an attempt before it is made, and settles it after."""

from typing import Protocol

from shared.costs.usage import Cost
from shared.costs.worst_case import Stage


class Reservation(Protocol):
    """Money that is set aside for one attempt."""

    def settle(self, cost: Cost, stage: Stage = Stage.CONTENT, generation_id: str | None = None) -> None:
        """Record what the attempt cost, once; never raises.

        An unknown cost counts as what `stage`, how far the attempt came, says (see `shared.costs.worst_case`), until
        the host's figure for `generation_id` takes its place.
        """


class SpendingLimit(Protocol):
    """What the attempts of one request may cost."""

    def reserve(self, model: str, prompt_bytes: int, output_tokens: int) -> Reservation:
        """Set aside the maximum cost of one attempt, as far as what was set aside before does not cover it.

        Raises:
            Failure: there is not as much left, or that cannot be known.
        """

    def close(self) -> None:
        """Give back what the request did not need, because it makes no further attempt; never raises."""


class _NoReservation:
    def settle(self, cost: Cost, stage: Stage = Stage.CONTENT, generation_id: str | None = None) -> None:
        pass


class Unlimited:
    """The limit of a request where spending is not limited: nothing is set aside."""

    def reserve(self, model: str, prompt_bytes: int, output_tokens: int) -> Reservation:  # noqa: ARG002 - costs nothing
        """Set nothing aside."""
        return _NoReservation()

    def close(self) -> None:
        """Give nothing back."""
