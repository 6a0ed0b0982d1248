"""The one reserve of a request, which serves its attempts one after the other.

At any time a request has booked what is known of its costs and, beside that, the larger of two amounts: what the
dearest of its attempts of unknown cost is worth, and the reserve of the attempt under way. What a failed attempt had
reserved is kept for the next one, and given back when an attempt has a cost or the request ends.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from shared.costs.spending import Reservation
from shared.costs.usage import Cost, nano_usd
from shared.costs.worst_case import Stage, WorstCase
from shared.guard.dynamodb import AnswerLost
from shared.guard.spend_counters import Book, Books
from shared.guard.unknown_costs import UnknownAttempt, UnknownCosts
from shared.guard.visit import Visit

if TYPE_CHECKING:
    from shared.guard.budget import Budget


@dataclass(slots=True)
class RequestReserve:
    """What one request has booked, in the books of the day on which its first attempt began."""

    budget: "Budget"
    writes: Books
    visit: Visit
    _books: Sequence[Book] = ()
    _held: int = 0
    """Nano-dollars that each book holds for this request."""
    _open: int = 0
    """The part of it that the books call open."""
    _known: int = 0
    _lost: list[UnknownAttempt] = field(default_factory=list)

    def reserve(self, model: str, prompt_bytes: int, output_tokens: int) -> Reservation:
        """Set aside what one attempt may cost, as far as what is held does not cover it.

        Raises:
            BudgetExhausted: there is not as much left.
            StoreUnavailable: nobody knows.
        """
        worst = self.budget.worst_case(model, prompt_bytes, output_tokens)
        due = self._due
        needed = max(due, self._known + worst.reserve)
        if needed > self._held:
            self._raise(needed, needed - due)
        return _AttemptReserve(self, worst)

    def settle(self, worst: WorstCase, cost: Cost, stage: Stage, generation_id: str | None) -> None:
        """Take in what an attempt came to."""
        nano = nano_usd(cost.usd)
        if nano is None:
            self._lost.append(UnknownAttempt(generation_id, worst.at(stage)))
        elif nano:
            self._known += nano
            self._release()  # at once: a process that is killed later leaves no more booked than this cost

    def close(self) -> None:
        """Give back what is not needed, and note what stays booked for attempts of unknown cost."""
        self._release()
        if self._lost:
            unknown = UnknownCosts(self.visit.request_id, [book.key for book in self._books], self._lost)
            keep = partial(self.writes.keep, unknown, self.budget.times(self.visit).expires_at)
            self.visit.afterwards(keep, "what an unknown cost is booked as was not noted")

    @property
    def _due(self) -> int:
        """What has to stay booked of the attempts so far."""
        return self._known + max((each.worth for each in self._lost), default=0)

    def _raise(self, held: int, open_: int) -> None:
        """Raise what each book holds, or change nothing."""
        books = self._books or self.budget.books(self.visit.caller_id)
        amount, opened = held - self._held, open_ - self._open
        raised: list[Book] = []
        try:
            for book in books:
                self._raise_in(book, amount, opened)
                raised.append(book)
        except BaseException:
            self._change(raised, -amount, -opened)
            raise
        self._books, self._held, self._open = books, held, open_

    def _raise_in(self, book: Book, amount: int, opened: int) -> None:
        try:
            self.budget.reserve(book, amount, opened, self.visit)
        except AnswerLost:
            self.visit.report(f"{amount} nano-dollars may be booked for a call that is not made (store_unavailable)")
            raise

    def _release(self) -> None:
        due = self._due
        amount, opened = due - self._held, -self._open
        self._held, self._open = due, 0
        if amount or opened:
            self._change(self._books, amount, opened)

    def _change(self, books: Sequence[Book], amount: int, opened: int) -> None:
        """Put these books right by this much, once."""
        for book in books:
            change: Callable[[float], None] = partial(self.writes.settle, book.key, amount, opened)
            self.visit.afterwards(change, f"{amount} nano-dollars were not booked")


class _AttemptReserve:
    """What is set aside for one attempt; settled once."""

    def __init__(self, request: RequestReserve, worst: WorstCase) -> None:
        self._request: RequestReserve | None = request
        self._worst = worst

    def settle(self, cost: Cost, stage: Stage = Stage.CONTENT, generation_id: str | None = None) -> None:
        request, self._request = self._request, None
        if request:
            request.settle(self._worst, cost, stage, generation_id)
