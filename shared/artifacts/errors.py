"""The failures of an answer that holds no usable artifact.

Failure
└── ArtifactFailure
    ├── ArtifactMissing    no artifact in the answer, or an empty one
    ├── ArtifactTruncated  an artifact that the answer begins and never finishes
    ├── ArtifactInvalid    an artifact that cannot be rendered
    │   └── OtherKind      an artifact of another kind than requested
    └── RevisionUnusable   a fix or a change that changes nothing, or has lost parts of the code
        └── EditsUnusable  edits that cannot be applied to the code
"""

from typing import ClassVar

from shared.artifacts.artifact import Artifact, Extraction
from shared.artifacts.kinds import Kind
from shared.artifacts.problem import Problem, Rule, Source
from shared.errors import Failure


class ArtifactFailure(Failure):
    """The model answered, but the answer holds nothing that can be returned."""

    status: ClassVar[int] = 502
    retryable = True
    nearness: ClassVar[int] = 0
    """How close the answer came to an artifact; of two failures the caller is told of the closer one."""
    by_edits = False
    """Whether it is about edits, or about what they made of the code."""


class ArtifactMissing(ArtifactFailure):
    """There is no artifact in the answer, or an empty one."""

    code: ClassVar[str] = "artifact_missing"
    message = "The model's answer holds no artifact. Try again, or say more plainly what is to be made."


class ArtifactTruncated(ArtifactFailure):
    """The answer ends before its artifact does."""

    code: ClassVar[str] = "artifact_truncated"
    nearness = 1
    message = (
        "The model's answer was cut off before its artifact was finished. Try again, or ask for something smaller."
    )


class ArtifactInvalid(ArtifactFailure):
    """The artifact is complete and cannot be rendered.

    Attributes:
        problems: what is wrong with it, in the order of the code; at least one.
        draft: the artifact that failed the check, unchanged.
    """

    code: ClassVar[str] = "artifact_invalid"
    nearness = 3
    message = "The model's artifact cannot be rendered. Try again."

    def __init__(
        self,
        problems: tuple[Problem, ...],
        draft: Artifact,
        advice: str = "Try again, or ask for something simpler.",
    ) -> None:
        self.problems = problems
        self.draft = draft
        super().__init__(f"{self._summary()} {advice}")

    def _summary(self) -> str:
        first = self.problems[0]
        if first.rule is Rule.UNCHECKED:
            return f"The model's artifact could not be checked: {first.message}"
        more = f" ({len(self.problems) - 1} more)" if len(self.problems) > 1 else ""
        place = f"line {first.line}, column {first.column}"
        return f"The model's artifact cannot be rendered: {place}: {first.message}{more}"


class OtherKind(ArtifactInvalid):
    """The artifact is of another kind than requested.

    Attributes:
        wanted: the kind that was requested.
        usable: the artifact, if it can be rendered as the kind it is and may be returned anyway.
    """

    nearness = 2

    def __init__(self, draft: Artifact, wanted: Kind, usable: Extraction | None = None) -> None:
        self.wanted = wanted
        self.usable = usable
        problem = f"This is {draft.kind.value}, and {wanted.value} was asked for."
        super().__init__((Source(draft.code).problem(Rule.CONTENT, problem, 1, 1),), draft)

    def _summary(self) -> str:
        return f"The model wrote {self.draft.kind.value} instead of {self.wanted.value}."


class RevisionUnusable(ArtifactFailure):
    """A fix or a change that changes nothing, or has lost parts of the code.

    Attributes:
        problem: what is wrong with it, as a sentence.
    """

    code: ClassVar[str] = "fix_unusable"
    nearness = 2
    message = "The model returned the code unchanged. Try again, and say more precisely what is wrong or wanted."

    def __init__(self, problem: str, *, is_fix: bool) -> None:
        self.problem = problem
        what, field = ("fix", "errorMessage") if is_fix else ("change", "prompt")
        super().__init__(f"The model's {what} is of no use: {problem} Try again with a more precise {field}.")


class EditsUnusable(RevisionUnusable):
    """Edits that cannot be applied to the code.

    Attributes:
        advice: what is wrong with which of them, for the model; it quotes the code.
    """

    nearness = 1

    def __init__(self, advice: str, *, is_fix: bool) -> None:
        self.advice = advice
        super().__init__("its edits do not fit the code that was sent.", is_fix=is_fix)
