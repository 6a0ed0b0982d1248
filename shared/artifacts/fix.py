"""Code that failed in the browser becomes code that does not."""

import re
from dataclasses import dataclass

from shared.artifacts.ask import Workshop, ask
from shared.artifacts.errors import ArtifactInvalid, FixUnusable
from shared.artifacts.extract import Artifact, Extraction, extract_code, unwrap
from shared.artifacts.kinds import Kind
from shared.artifacts.prompts import fix_messages
from shared.artifacts.review import problems_of, reviewed
from shared.artifacts.sniff import corrected_kind
from shared.artifacts.syntax.problem import Problem, Rule
from shared.costs.ledger import Ledger
from shared.deadline import Deadline
from shared.openrouter import Completion, Question

_CHARACTERS_A_TOKEN = 3
"""Code has at least as many; what is given comes back, so the output budget grows by it."""
_LONG = 300
_GUTTED = 0.4
"""A fix of code of some length that keeps less than this part of its characters has thrown the rest away."""

_DEFAULT_EXPORT = re.compile(r"^\s*+export\s++default\b", re.MULTILINE | re.ASCII)


def fix(
    workshop: Workshop,
    content: str,
    kind: Kind,
    error_message: str,
    *,
    deadline: Deadline,
    ledger: Ledger,
) -> Extraction:
    """The corrected code of an artifact of this kind, which is given bare or in its tag; it can be rendered.

    Raises:
        Failure: the host or the model did not come up with any, or with none that is of use.
    """
    code = unwrap(content)
    ledger.facts.artifact_type = kind
    ledger.facts.prompt_chars = len(content) + len(error_message)
    messages = fix_messages(code, kind, error_message, workshop.imports)
    question = Question(messages, extra_budget=len(code) // _CHARACTERS_A_TOKEN)
    before = _Before(code, corrected_kind(kind, code, None, kind), _problems_before(code, kind, workshop))

    def read(completion: Completion) -> Extraction:
        found = extract_code(completion.content, kind, cut=completion.cut)
        return _usable(found, before, workshop, cut=completion.cut)

    return ask(workshop.host, question, read, deadline=deadline, ledger=ledger)


@dataclass(frozen=True, slots=True)
class _Before:
    """What was given to be fixed."""

    code: str
    kind: Kind
    problems: tuple[Problem, ...]


def _problems_before(code: str, kind: Kind, workshop: Workshop) -> tuple[Problem, ...]:
    return problems_of(Artifact(kind, "", None, code), workshop.imports)


def _usable(found: Extraction, before: _Before, workshop: Workshop, *, cut: bool) -> Extraction:
    """The fix, if it can be rendered and is one.

    Raises:
        ArtifactFailure: it is not, and why.
    """
    left_out = [each for each in before.problems if each.rule is Rule.ELIDED]
    try:
        fixed = reviewed(found, workshop.imports, cut=cut, known=left_out)
    except ArtifactInvalid as invalid:
        if all(each.rule is Rule.ELIDED for each in invalid.problems):
            raise FixUnusable("it leaves out parts of the code, with a comment in their place.") from None
        if not before.problems:
            raise ArtifactInvalid(invalid.problems, "The code that was sent has no such error: keep it.") from None
        raise
    if why := _why_none(fixed.artifact, before):
        raise FixUnusable(why)
    return fixed


def _why_none(fixed: Artifact, before: _Before) -> str | None:
    """Why this is no fix, though it can be rendered; None if it is one."""
    after, given = "".join(fixed.code.split()), "".join(before.code.split())
    if _lines(fixed.code) == _lines(before.code):
        return "it is the code unchanged."
    if fixed.kind is not before.kind:
        return f"it is {fixed.kind.value} and no longer {before.kind.value}."
    if _DEFAULT_EXPORT.search(before.code) and not _DEFAULT_EXPORT.search(fixed.code):
        return "it has lost the default export."
    if len(given) > _LONG and len(after) < _GUTTED * len(given):
        return "most of the code is gone."
    return None


def _lines(code: str) -> list[str]:
    """The lines that say something, without the blanks behind them."""
    return [line.rstrip() for line in code.split("\n") if line.strip()]
