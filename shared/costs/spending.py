"""What calls to the model host are paid from: the most that one may cost is reserved before it, and settled after."""

from typing import Protocol

from shared.costs.usage import Cost
from shared.costs.worst_case import Stage


class Reservation(Protocol):
    """Money that is set aside for one call."""

    def settle(self, cost: Cost, stage: Stage = Stage.CONTENT, generation_id: str | None = None) -> None:
        """Say what the call came to, once; never raises.

        An unknown cost is worth what `stage`, how far the call came, says (see `shared.costs.worst_case`), and stays
        booked as that until the host's figure for `generation_id` takes its place.
        """


class Purse(Protocol):
    """Money that the calls of one request may be made with."""

    def reserve(self, model: str, prompt_bytes: int, output_tokens: int) -> Reservation:
        """Set aside the most that one call may cost, as far as what was set aside before does not cover it.

        Raises:
            Failure: there is not as much left, or nobody knows.
        """

    def close(self) -> None:
        """Give back what the request did not need, because it makes no further call; never raises."""


class _Free:
    def settle(self, cost: Cost, stage: Stage = Stage.CONTENT, generation_id: str | None = None) -> None:
        pass


class OpenPurse:
    """A purse without an end: where spending has no limit, nothing is set aside."""

    def reserve(self, model: str, prompt_bytes: int, output_tokens: int) -> Reservation:  # noqa: ARG002 - costs nothing
        """Set nothing aside."""
        return _Free()

    def close(self) -> None:
        """Give nothing back."""
