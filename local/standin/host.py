"""A host's state between attempts: the ledger, the prompts it has cached, and the failures it has counted."""

import random
from dataclasses import dataclass, field
from typing import Final

from local.standin.calls import ChatCall
from local.standin.dialects.dialect import Dialect
from local.standin.directives import Directive
from local.standin.faults import FAULTS, checked, happens_in, mixture, served_by
from local.standin.ledger import Ledger
from local.standin.settings import StandinSettings

_MIX_PROBABILITY: Final = 0.25


@dataclass(slots=True)
class PromptCache:
    """Remembers beginnings of prompts per model: the second time, their tokens are cached ones.

    A prompt that comes again is not cached to its end: what is asked last is always read.
    """

    seen: set[tuple[str, str]] = field(default_factory=set)

    def cached_tokens(self, call: ChatCall) -> int:
        """How much of the call's prompt was seen before."""
        known = [each for each in call.beginnings if not each.is_whole and (call.model, each.digest) in self.seen]
        return known[-1].tokens if known else 0

    def remember(self, call: ChatCall) -> None:
        """Keep the beginnings of the call's prompt."""
        self.seen.update((call.model, each.digest) for each in call.beginnings)


@dataclass(slots=True)
class Turns:
    """Counts how often the same request has failed, for `times=`."""

    failed: dict[str, int] = field(default_factory=dict)

    def is_to_fail(self, fingerprint: str, times: int) -> bool:
        """True for the first so many calls, then once False, then the count starts anew."""
        count = self.failed.pop(fingerprint, 0)
        if count >= times:
            return False
        self.failed[fingerprint] = count + 1
        return True


class Host:
    """The state of one host of a running stand-in."""

    def __init__(
        self, settings: StandinSettings, dialect: Dialect, ledger: Ledger, edited: set[str] | None = None
    ) -> None:
        self.settings = settings
        self.dialect = dialect
        self.ledger = ledger
        self.prompts = PromptCache()
        self.is_closing = False
        self._turns = Turns()
        self._edited = set() if edited is None else edited  # the requests that have asked for edits, at any host
        self._dice = random.Random(f"{settings.seed} {dialect.name}")  # noqa: S311 - chance has to be repeatable here
        self._every_call = checked(settings.directive) if settings.directive else None

    def fault_for(self, call: ChatCall) -> Directive | None:
        """The fault that this call is to meet: the prompt's own, else the setting's; None for a good answer.

        Raises:
            DirectiveError: when the directive cannot be followed, or not here.
        """
        if call.wants_edits:
            self._edited.add(call.fingerprint)
        directive = self._asked_for(call)
        if directive is None:
            return None
        times = directive.options
        if "times" in times and not self._turns.is_to_fail(call.fingerprint, times.whole("times", 0)):
            return None
        if directive.name == "mix":
            return self._drawn(directive, call)
        # Where edits did not fit, the whole is asked for, and there are none that could be wrong.
        is_over = FAULTS[directive.name].needs_edits and not call.wants_edits and call.fingerprint in self._edited
        return None if is_over else directive

    def _asked_for(self, call: ChatCall) -> Directive | None:
        """Return the last directive of the prompt that is for this host and step, else the setting's if that is."""
        asked = [checked(Directive.parse(fault)) for fault in call.faults]
        every = [self._every_call] if self._every_call else []
        here = [
            directive
            for directive in (*every, *asked)
            if directive.is_for(self.dialect.name)
            and happens_in(directive, call.step, is_planned=call.asked.is_planned)
        ]
        return served_by(here[-1], self.dialect) if here else None

    def _drawn(self, mix: Directive, call: ChatCall) -> Directive | None:
        if self._dice.random() >= mix.options.number("p", _MIX_PROBABILITY):
            return None
        return Directive.parse(self._dice.choice(mixture(self.dialect, streaming=call.stream)))
