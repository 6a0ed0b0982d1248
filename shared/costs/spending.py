"""The spending limit of a request: reserves the maximum cost of an attempt before it, and settles it after."""

from typing import Protocol

from shared.costs.usage import Cost
from shared.costs.worst_case import Stage, WorstCase


class Reservation(Protocol):
    """The amount that is set aside for one attempt."""

    def settle(self, cost: Cost, stage: Stage = Stage.CONTENT, generation_id: str | None = None) -> None:
        """Record what the attempt cost, once; never raises.

        An unknown cost is counted by `stage`, how far the attempt came (see `shared.costs.worst_case`), until the
        host's figure for `generation_id` replaces it.
        """


class SpendingLimit(Protocol):
    """What the attempts of one request may cost."""

    def reserve(self, worst: WorstCase) -> Reservation:
        """Set aside the maximum cost of one attempt, as far as the amount already set aside does not cover it.

        Raises:
            Failure: the limit does not allow it, or cannot be checked.
        """

    def close(self) -> None:
        """Give back what is set aside and was not spent, because no further attempt follows; never raises."""


class _NoReservation:
    def settle(self, cost: Cost, stage: Stage = Stage.CONTENT, generation_id: str | None = None) -> None:
        pass


class Unlimited:
    """The spending limit that allows everything: nothing is set aside."""

    def reserve(self, worst: WorstCase) -> Reservation:  # noqa: ARG002 - no limit
        """Set nothing aside."""
        return _NoReservation()

    def close(self) -> None:
        """Give nothing back."""
