"""What stays counted for a request's attempts of unknown cost: an item of the table, until the host's figure is known.

Of the unknown costs only the largest maximum is counted; a cost that becomes known is counted in addition to the
largest maximum of the rest.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Self

from shared.guard.dynamodb import Item


class UnknownAttempt(NamedTuple):
    """One attempt that ended without a cost. Amounts in nano-dollars."""

    generation_id: str | None
    max_cost: int
    cost: int | None = None
    """The host's figure, once it is known."""


class UnknownCosts(NamedTuple):
    """The attempts of one request, and the day's counters that hold their amounts."""

    request_id: str
    counter_keys: Sequence[str]
    """Keys of the counters in the table."""
    attempts: Sequence[UnknownAttempt]
    revision: int = 0
    """How often it was changed."""

    @property
    def counted(self) -> int:
        """What each counter holds for these attempts, in nano-dollars."""
        known = sum(each.cost for each in self.attempts if each.cost is not None)
        return known + max((each.max_cost for each in self.attempts if each.cost is None), default=0)

    def with_costs(self, costs: Mapping[str, int]) -> Self:
        """Return a copy with the host's figures by generation id; an id that several attempts have counts once."""
        paid = {each.generation_id for each in self.attempts if each.cost is not None}
        attempts = []
        for each in self.attempts:
            cost = costs.get(each.generation_id or "")
            if each.cost is None and cost is not None:
                attempts.append(each._replace(cost=0 if each.generation_id in paid else cost))
                paid.add(each.generation_id)
            else:
                attempts.append(each)
        changed = attempts != list(self.attempts)
        return self._replace(attempts=attempts, revision=self.revision + changed)

    @staticmethod
    def key(request_id: str) -> Item:
        """Return the item's key."""
        return {"pk": {"S": f"unknown#{request_id}"}}

    def item(self, expires_at: int) -> Item:
        """Return the item that is written at the end of the request."""
        return self.key(self.request_id) | {
            "books": {"L": [{"S": key} for key in self.counter_keys]},
            "attempts": self.attempts_attribute,
            "revision": _number(self.revision),
            "expires_at": _number(expires_at),
        }

    @property
    def attempts_attribute(self) -> dict[str, Any]:
        """The attempts in the form of the item's attribute."""
        return {"L": [{"M": _attempt_item(each)} for each in self.attempts]}

    @classmethod
    def read(cls, item: Item) -> Self:
        """Read the item."""
        attempts = [each["M"] for each in item["attempts"]["L"]]
        return cls(
            request_id=item["pk"]["S"].partition("#")[2],
            counter_keys=[key["S"] for key in item["books"]["L"]],
            attempts=[
                UnknownAttempt(
                    generation_id=each["generation_id"]["S"] if "generation_id" in each else None,
                    max_cost=int(each["worth"]["N"]),
                    cost=int(each["cost"]["N"]) if "cost" in each else None,
                )
                for each in attempts
            ],
            revision=int(item["revision"]["N"]),
        )


def _attempt_item(attempt: UnknownAttempt) -> Item:
    item = {"worth": _number(attempt.max_cost)}
    if attempt.generation_id is not None:
        item["generation_id"] = {"S": attempt.generation_id}
    if attempt.cost is not None:
        item["cost"] = _number(attempt.cost)
    return item


def _number(number: int) -> dict[str, str]:
    return {"N": str(number)}
