"""Where a process gets its catalog from: what is built in, with the operator's overlay, which is read again in time.

A read that is due is made beside a request, and adopted at the start of a later one. Lambda freezes a process between
requests, so that such a read may fail or never end; then it is made again.
"""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import partial
from threading import Thread
from typing import Protocol, Self

from shared.catalog import Catalog, Model, built_in, changed_by
from shared.catalog.errors import CatalogError
from shared.catalog.outdated import outdated
from shared.catalog.parameter import read_parameter
from shared.deadline import Clock
from shared.settings import Settings

_MAX_AGE_SECONDS = 600.0
"""How long an overlay is used before it is read again."""
_RETRY_SECONDS = 30.0
"""Minimum time between two reads while the overlay cannot be read or used; also how long a read may take."""
_FIRST_READ_SECONDS = 3.0
"""How long the first request waits for the overlay."""
_READ_SECONDS = 10.0
"""How long a read may take that no request waits for."""


class Report(Protocol):
    """Tells the operator what concerns the catalog."""

    def catalog_refused(self, problems: Sequence[str]) -> None:
        """Tell what is wrong with the overlay, or with reading it."""

    def catalog_accepted(self) -> None:
        """Tell that an overlay is in force after one was refused."""

    def model_outdated(self, model: str, problem: str) -> None:
        """Tell that a model of the settings is past its date."""


class _Read:
    """One read of the overlay; it has ended when one of its results is set."""

    def __init__(self) -> None:
        self.models: dict[str, Model] | None = None
        self.problems: tuple[str, ...] = ()

    def run(self, text: Callable[[float], str], seconds: float) -> None:
        """Read the overlay within this many seconds."""
        try:
            self.models = changed_by(text(seconds))
        except CatalogError as error:
            self.problems = error.problems

    @property
    def ended(self) -> bool:
        """Whether there is a result."""
        return self.models is not None or bool(self.problems)


def _in_thread(work: Callable[[], None]) -> None:
    Thread(target=work, daemon=True).start()


def _today() -> date:
    return datetime.now(UTC).date()


class CatalogSource:
    """Hands out the catalog in force.

    Args:
        text: reads the overlay within some seconds; None: there is none.
        models: those that the settings name.
        report: tells the operator, of each problem once until an overlay is good again.
        clock: for the age of the overlay.
        today: the day whose prices are in force.
        begin: starts work beside the request.
    """

    def __init__(
        self,
        text: Callable[[float], str] | None,
        models: Sequence[str],
        report: Report,
        *,
        clock: Clock = time.monotonic,
        today: Callable[[], date] = _today,
        begin: Callable[[Callable[[], None]], None] = _in_thread,
    ) -> None:
        self._text = text
        self._models = models
        self._report = report
        self._clock = clock
        self._today = today
        self._begin = begin
        self._overlaid: dict[str, Model] | None = None
        """The models by the last good overlay; None: those that are built in."""
        self._read: _Read | None = None
        """The read whose result is not adopted yet."""
        self._read_at: float | None = None
        """When the last read began."""
        self._good = True
        """Whether the last read brought an overlay that can be used."""
        self._told: set[str] = set()
        self._checked_dates = False

    @classmethod
    def of(cls, settings: Settings, report: Report) -> Self:
        """Return the source of these settings; nothing is read yet."""
        name = settings.catalog_parameter
        return cls(partial(read_parameter, name) if name else None, settings.asked_models, report)

    def current(self, seconds: float) -> Catalog:
        """Return the catalog in force; the first time the overlay is waited for, within a few of these seconds."""
        if self._text:
            self._refresh(self._text, seconds)
        models, today = self._overlaid, self._today()
        catalog = built_in(today) if models is None else Catalog(models, today)
        if not self._checked_dates:
            self._checked_dates = True
            for model, problem in outdated(catalog, self._models):
                self._report.model_outdated(model, problem)
        return catalog

    def _refresh(self, text: Callable[[float], str], seconds: float) -> None:
        self._adopt()
        if not self._is_due:
            return
        first = self._read_at is None
        self._read, self._read_at = _Read(), self._clock()
        if first:
            self._read.run(text, min(_FIRST_READ_SECONDS, seconds))
            self._adopt()
        else:
            self._begin(partial(self._read.run, text, _READ_SECONDS))

    @property
    def _is_due(self) -> bool:
        if self._read_at is None:
            return True
        interval = _MAX_AGE_SECONDS if self._good and self._read is None else _RETRY_SECONDS
        return self._clock() - self._read_at > interval

    def _adopt(self) -> None:
        """Put the result of a read in force; a problem changes nothing but is told."""
        read = self._read
        if read is None or not read.ended:
            return
        self._read, self._good = None, read.models is not None
        if read.models is None:
            self._complain(read.problems)
            return
        self._overlaid = read.models
        if self._told:
            self._told.clear()  # a problem that comes back later is told again
            self._report.catalog_accepted()

    def _complain(self, problems: Sequence[str]) -> None:
        new = [problem for problem in problems if problem not in self._told]
        if new:
            self._told.update(new)
            self._report.catalog_refused(new)
