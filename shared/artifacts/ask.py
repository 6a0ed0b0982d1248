"""The model is asked, and asked for more where its answer was cut."""

from collections.abc import Callable

from shared.artifacts.errors import ArtifactTruncated
from shared.artifacts.extract import Extraction
from shared.costs.ledger import Ledger
from shared.deadline import Deadline
from shared.errors import Failure, ServiceMisconfigured
from shared.openrouter import Completion, OpenRouter, Question

Read = Callable[[Completion], Extraction]
"""Takes out of an answer what was asked for, or raises what is wrong with it."""


def ask(host: OpenRouter, question: Question, read: Read, *, deadline: Deadline, ledger: Ledger) -> Extraction:
    """What the model answers; a cut answer is asked for once more with twice the output budget, if there is room.

    Raises:
        Failure: the host or the model did not come up with it.
    """
    completion = host.complete(question, deadline=deadline, ledger=ledger)
    ledger.facts.response_chars = len(completion.content)
    try:
        return read(completion)
    except ArtifactTruncated:
        longer = _longer(host, question, completion, deadline, ledger)
        if longer is None:
            raise
    ledger.facts.response_chars += len(longer.content)
    return read(longer)


def _longer(
    host: OpenRouter, question: Question, cut: Completion, deadline: Deadline, ledger: Ledger
) -> Completion | None:
    """The longer answer; None where there is none, for then the one that was cut is all that the caller can be told."""
    try:
        return host.longer(question, cut, deadline=deadline, ledger=ledger)
    except ServiceMisconfigured:
        raise
    except Failure:
        return None
