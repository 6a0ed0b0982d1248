"""The reserve of a request in the day's budget, which its attempts use in turn.

At any time the budget holds for a request its known costs plus the larger of two amounts: the highest maximum cost of
its attempts of unknown cost, and the reserve of the attempt under way. What a failed attempt had reserved is kept for
the next one, and given back when an attempt has a cost or the request ends.
"""

from collections.abc import Callable, Sequence
from functools import partial

from shared.costs.spending import Reservation
from shared.costs.usage import Cost, nano_usd
from shared.costs.worst_case import Stage, WorstCase
from shared.guard.budget import Budget
from shared.guard.dynamodb import AnswerLost
from shared.guard.spend_counters import SpendCounter
from shared.guard.unknown_costs import UnknownAttempt, UnknownCosts
from shared.run import Run


class RequestReserve:
    """What one request has reserved, in the counters of the day on which its first attempt began."""

    def __init__(self, budget: Budget, run: Run) -> None:
        self.budget = budget
        self.run = run
        self._counters: Sequence[SpendCounter] = ()
        self._held = 0
        """Nano-dollars that each counter holds for this request."""
        self._open = 0
        """The part of it that the counters hold as open."""
        self._known = 0
        self._unknown: list[UnknownAttempt] = []

    def reserve(self, worst: WorstCase) -> Reservation:
        """Set aside the maximum cost of one attempt, as far as what is held does not cover it.

        Raises:
            BudgetExhausted: not enough is left.
            StoreUnavailable: the counters cannot be read or written.
        """
        self.budget.check(worst)
        due = self._due
        needed = max(due, self._known + worst.reserve)
        if needed > self._held:
            self._increase(needed, needed - due)
        return _AttemptReservation(self, worst)

    def settle(self, worst: WorstCase, cost: Cost, stage: Stage, generation_id: str | None) -> None:
        """Record what an attempt cost, or its maximum cost if that is unknown."""
        nano = nano_usd(cost.usd)
        if nano is None:
            self._unknown.append(UnknownAttempt(generation_id, worst.at(stage)))
        elif nano:
            self._known += nano
            self._release()  # at once: if the process is killed later, no more than this cost stays counted

    def close(self) -> None:
        """Give back what was not spent, and store what stays counted for attempts of unknown cost."""
        self._release()
        if self._unknown:
            unknown = UnknownCosts(self.run.id, [counter.key for counter in self._counters], self._unknown)
            store = partial(self.budget.counters.note_unknown, unknown, self.budget.times(self.run).expires_at)
            self.run.best_effort(store, "what an unknown cost counts as was not noted")

    @property
    def _due(self) -> int:
        """What has to stay counted for the attempts so far."""
        return self._known + max((each.max_cost for each in self._unknown), default=0)

    def _increase(self, held: int, open_: int) -> None:
        """Raise the amount that every counter holds, or change none."""
        counters = self._counters or self.budget.counters_of(self.run.caller.id)
        amount, open_change = held - self._held, open_ - self._open
        increased: list[SpendCounter] = []
        try:
            for counter in counters:
                self._increase_counter(counter, amount, open_change)
                increased.append(counter)
        except BaseException:
            self._change(increased, -amount, -open_change)
            raise
        self._counters, self._held, self._open = counters, held, open_

    def _increase_counter(self, counter: SpendCounter, amount: int, open_change: int) -> None:
        try:
            self.budget.reserve(counter, amount, open_change, self.run)
        except AnswerLost:
            self.run.report(f"{amount} nano-dollars may be counted for an attempt that is not made (store_unavailable)")
            raise

    def _release(self) -> None:
        due = self._due
        amount, open_change = due - self._held, -self._open
        self._held, self._open = due, 0
        if amount or open_change:
            self._change(self._counters, amount, open_change)

    def _change(self, counters: Sequence[SpendCounter], amount: int, open_change: int) -> None:
        """Correct these counters by this amount, once."""
        for counter in counters:
            change: Callable[[float], None] = partial(self.budget.counters.settle, counter.key, amount, open_change)
            self.run.best_effort(change, f"{amount} nano-dollars were not recorded")


class _AttemptReservation:
    """The reservation of one attempt; settled once."""

    def __init__(self, request: RequestReserve, worst: WorstCase) -> None:
        self._request: RequestReserve | None = request
        self._worst = worst

    def settle(self, cost: Cost, stage: Stage = Stage.CONTENT, generation_id: str | None = None) -> None:
        request, self._request = self._request, None
        if request:
            request.settle(self._worst, cost, stage, generation_id)
