"""The reserve of a request in the day's budget, which serves its attempts one after the other.

At any time the budget holds for a request what is known of its costs and, beside that, the larger of two amounts: what
the dearest of its attempts of unknown cost is worth, and the reserve of the attempt under way. What a failed attempt
had reserved is kept for the next one, and given back when an attempt has a cost or the request ends.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from shared.costs.spending import Reservation
from shared.costs.usage import Cost, nano_usd
from shared.costs.worst_case import Stage, WorstCase
from shared.guard.budget import Budget
from shared.guard.dynamodb import AnswerLost
from shared.guard.spend_counters import SpendCounter
from shared.guard.unknown_costs import UnknownAttempt, UnknownCosts
from shared.run import Run


@dataclass(slots=True)
class RequestReserve:
    """What one request has booked, in the counters of the day on which its first attempt began."""

    budget: Budget
    run: Run
    _counters: Sequence[SpendCounter] = ()
    _held: int = 0
    """Nano-dollars that each counter holds for this request."""
    _open: int = 0
    """The part of it that the counters call open."""
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
            unknown = UnknownCosts(self.run.id, [counter.key for counter in self._counters], self._lost)
            keep = partial(self.budget.counters.note_unknown, unknown, self.budget.times(self.run).expires_at)
            self.run.best_effort(keep, "what an unknown cost counts as was not noted")

    @property
    def _due(self) -> int:
        """What has to stay booked of the attempts so far."""
        return self._known + max((each.worth for each in self._lost), default=0)

    def _raise(self, held: int, open_: int) -> None:
        """Raise what each counter holds, or change nothing."""
        counters = self._counters or self.budget.counters_of(self.run.caller.id)
        amount, opened = held - self._held, open_ - self._open
        raised: list[SpendCounter] = []
        try:
            for counter in counters:
                self._raise_in(counter, amount, opened)
                raised.append(counter)
        except BaseException:
            self._change(raised, -amount, -opened)
            raise
        self._counters, self._held, self._open = counters, held, open_

    def _raise_in(self, counter: SpendCounter, amount: int, opened: int) -> None:
        try:
            self.budget.reserve(counter, amount, opened, self.run)
        except AnswerLost:
            self.run.report(f"{amount} nano-dollars may be counted for an attempt that is not made (store_unavailable)")
            raise

    def _release(self) -> None:
        due = self._due
        amount, opened = due - self._held, -self._open
        self._held, self._open = due, 0
        if amount or opened:
            self._change(self._counters, amount, opened)

    def _change(self, counters: Sequence[SpendCounter], amount: int, opened: int) -> None:
        """Put these counters right by this much, once."""
        for counter in counters:
            change: Callable[[float], None] = partial(self.budget.counters.settle, counter.key, amount, opened)
            self.run.best_effort(change, f"{amount} nano-dollars were not recorded")


class _AttemptReserve:
    """What is set aside for one attempt; settled once."""

    def __init__(self, request: RequestReserve, worst: WorstCase) -> None:
        self._request: RequestReserve | None = request
        self._worst = worst

    def settle(self, cost: Cost, stage: Stage = Stage.CONTENT, generation_id: str | None = None) -> None:
        request, self._request = self._request, None
        if request:
            request.settle(self._worst, cost, stage, generation_id)
