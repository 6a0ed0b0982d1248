"""One request being served: its caller, deadline, ledger, spending limit and progress."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

from shared.catalog import Catalog, built_in
from shared.costs.ledger import Ledger
from shared.costs.spending import SpendingLimit, Unlimited
from shared.deadline import Deadline
from shared.errors import Failure, ServiceMisconfigured
from shared.progress import SILENT, OnePhase, Phase, Progress

Report = Callable[[str], None]
"""Writes one diagnostic line; its text must name no caller, key or prompt."""

_MAX_CLEANUP_SECONDS = 2.0
"""How long a finished answer may wait for a write that it does not depend on."""


class Caller(NamedTuple):
    """Who sent a request."""

    id: str
    """The same for all requests of this caller; a hash, or the name of a key, so it may be logged and stored."""
    is_guest: bool = False


NOBODY = Caller("")
"""The caller before, or without, authentication."""


@dataclass(eq=False, repr=False)  # a cold start waits for the methods that it makes
class Run:
    """A request being served; created by the endpoint, which sets the fields as they become known."""

    id: str
    """Lambda's request id."""
    function: str
    deadline: Deadline
    ledger: Ledger
    report: Report
    """Reports a failed write that no answer depends on."""
    caller: Caller = NOBODY
    spending: SpendingLimit = field(default_factory=Unlimited)
    progress: Progress = SILENT
    catalog: Catalog = field(default_factory=built_in)
    """The models and their prices, the same from the start of the request to its end."""
    log_crash: Callable[[Exception], None] = lambda _: None
    """Logs where an error came from that nobody expected, and that does not end the request."""
    function_version: str | None = None
    """The version that Lambda runs; None where the platform does not say."""
    requested_model: str | None = None
    """The first model to ask, as the settings name it; set before anything can keep it from being asked."""
    asked_model: str | None = None
    """The model that was asked last, as the settings name it."""
    headers: dict[str, str] = field(default_factory=dict)
    """Further headers of the answer; in a stream, those that are set before its first event."""
    tier: str | None = None
    """The tier of the model that wrote what is given back, or else was asked last, or is to be asked; None if none had
    to be chosen."""
    tier_reason: str | None = None
    workflow: str | None = None
    """How an artifact is made: `direct` or `reviewed`; None until that is known, and where none is generated."""
    disqualified_hosts: dict[str, Failure] = field(default_factory=dict)
    """The model hosts that are not asked again for this request, and why."""
    problems: list[str] = field(default_factory=list)
    """What the operator has to correct, each once; logged when the request ends."""

    def report_host(self, host: str, failure: Failure, url_setting: str, *, disqualify: bool = True) -> None:
        """Tell the operator of a host that failed, and ask it no more for this request.

        Args:
            host: its name.
            failure: why.
            url_setting: what gives its address.
            disqualify: False if it may be asked again.
        """
        if disqualify:
            self.disqualified_hosts.setdefault(host, failure)
        known = failure.problem if isinstance(failure, ServiceMisconfigured) else None
        self.tell_operator(known or f"{host} ({url_setting}): the host cannot be reached")

    def tell_operator(self, problem: str) -> None:
        """Note what the operator has to correct."""
        if problem not in self.problems:
            self.problems.append(problem)

    @contextmanager
    def step(self, phase: Phase, deadline: Deadline) -> Iterator[None]:
        """Serve one step of the request: until this deadline, and with nothing to see of it but its phase."""
        whole, progress = self.deadline, self.progress
        self.deadline, self.progress = deadline, OnePhase(progress, phase)
        try:
            yield
        finally:
            self.deadline, self.progress = whole, progress

    def best_effort(self, write: Callable[[float], object], what: str) -> bool:
        """Make a write that no answer depends on, and return whether it is known to have succeeded.

        Args:
            write: makes it, within the seconds that it is given.
            what: reported if it fails.
        """
        try:
            write(min(_MAX_CLEANUP_SECONDS, self.deadline.cleanup_time()))
        except Failure as failure:
            why = failure.problem if isinstance(failure, ServiceMisconfigured) else failure.code
            self.report(f"{what} ({why})")
            return False
        return True
