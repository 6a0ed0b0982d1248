"""What calls to the model host are paid from: the most that one may cost is reserved before it, and settled after."""

from typing import Protocol

from shared.costs.usage import Cost


class Reservation(Protocol):
    """Money that is set aside for one call."""

    def settle(self, cost: Cost) -> None:
        """Book what the call cost in the place of what was set aside; never raises.

        An unknown cost is booked as what was set aside, and `none` gives all of it back.
        """


class Purse(Protocol):
    """Money that calls may be made with."""

    def reserve(self, model: str, prompt_bytes: int, output_tokens: int) -> Reservation:
        """Set aside the most that one call may cost.

        Raises:
            Failure: there is not as much left, or nobody knows.
        """


class _Free:
    def settle(self, cost: Cost) -> None:
        pass


class OpenPurse:
    """A purse without an end: where spending has no limit, nothing is set aside."""

    def reserve(self, model: str, prompt_bytes: int, output_tokens: int) -> Reservation:  # noqa: ARG002 - costs nothing
        """Set nothing aside."""
        return _Free()
