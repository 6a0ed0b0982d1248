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
from shared.artifacts.syntax.imports import Imports
from shared.artifacts.syntax.problem import Rule
from shared.costs.ledger import Ledger
from shared.deadline import Deadline
from shared.openrouter import Completion, Question

_CHARACTERS_A_TOKEN = 3
"""Code has at least as many; what is given comes back, so the output budget grows by it."""
_LONG = 300
_GUTTED = 0.4
"""A fix of code of some length that keeps less than this part of its characters has thrown the rest away."""

_MODULES = {Kind.REACT, Kind.CODE}
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
    before = _Before(code, corrected_kind(kind, code, None, kind), workshop.imports)

    def read(completion: Completion) -> Extraction:
        found = extract_code(completion.content, kind, cut=completion.cut)
        return before.fixed_by(found, cut=completion.cut)

    return ask(workshop.host, question, read, deadline=deadline, ledger=ledger)


@dataclass(frozen=True, slots=True)
class _Before:
    """What was given to be fixed."""

    code: str
    kind: Kind
    imports: Imports

    def fixed_by(self, found: Extraction, *, cut: bool) -> Extraction:
        """The fix, if it can be rendered and is one.

        Raises:
            ArtifactFailure: it is not, and why.
        """
        if _lines(found.artifact.code) == _lines(self.code):
            raise FixUnusable("it is the code unchanged.")
        problems = problems_of(Artifact(self.kind, "", found.artifact.language, self.code), self.imports)
        left_out = [each for each in problems if each.rule is Rule.ELIDED]
        try:
            fixed = reviewed(found, self.imports, cut=cut, known=left_out)
        except ArtifactInvalid as invalid:
            if all(each.rule is Rule.ELIDED for each in invalid.problems):
                raise FixUnusable("it leaves out parts of the code, with a comment in their place.") from None
            if not problems:
                raise ArtifactInvalid(invalid.problems, "The code that was sent has no such error: keep it.") from None
            raise
        if lost := self._lost_in(fixed.artifact):
            raise FixUnusable(lost)
        return fixed

    def _lost_in(self, fixed: Artifact) -> str | None:
        """What the fix has lost, though it can be rendered; None if nothing."""
        after, given = "".join(fixed.code.split()), "".join(self.code.split())
        if fixed.kind is not self.kind:
            return f"it is {fixed.kind.value} and no longer {self.kind.value}."
        if self.kind in _MODULES and _DEFAULT_EXPORT.search(self.code) and not _DEFAULT_EXPORT.search(fixed.code):
            return "it has lost the default export."
        if len(given) > _LONG and len(after) < _GUTTED * len(given):
            return "most of the code is gone."
        return None


def _lines(code: str) -> list[str]:
    """The lines that say something, without the blanks behind them."""
    return [line.rstrip() for line in code.split("\n") if line.strip()]
