"""What can be wrong with what the model wrote.

Failure
└── ArtifactFailure
    ├── ArtifactMissing    no artifact in the answer, or an empty one
    ├── ArtifactTruncated  an artifact that the answer begins and never finishes
    ├── ArtifactInvalid    an artifact that cannot be rendered
    └── FixUnusable        a fix that came back unchanged, with parts left out, gutted, or as something else
"""

from typing import ClassVar

from shared.artifacts.syntax.problem import Problem
from shared.errors import Failure


class ArtifactFailure(Failure):
    """The model answered, and there is nothing in what it wrote that can be given away."""

    status: ClassVar[int] = 502
    retryable = True


class ArtifactMissing(ArtifactFailure):
    """There is no artifact in the answer, or an empty one."""

    code: ClassVar[str] = "artifact_missing"
    message = "The model's answer holds no artifact. Try again, or say more plainly what is to be made."


class ArtifactTruncated(ArtifactFailure):
    """The answer begins an artifact and ends before it does."""

    code: ClassVar[str] = "artifact_truncated"
    message = (
        "The model's answer was cut off before its artifact was finished. Try again, or ask for something smaller."
    )


class ArtifactInvalid(ArtifactFailure):
    """The artifact is whole and cannot be rendered."""

    code: ClassVar[str] = "artifact_invalid"
    message = "The model's artifact cannot be rendered. Try again."

    def __init__(self, problems: tuple[Problem, ...], advice: str = "Try again, or ask for something simpler.") -> None:
        self.problems = problems
        """What is wrong with it, in its order; at least one thing."""
        first = problems[0]
        more = f" ({len(problems) - 1} more)" if len(problems) > 1 else ""
        super().__init__(
            "The model's artifact cannot be rendered: "
            f"line {first.line}, column {first.column}: {first.message}{more} {advice}"
        )


class FixUnusable(ArtifactFailure):
    """The fix came back unchanged, with parts left out, gutted, or as something else."""

    code: ClassVar[str] = "fix_unusable"
    message = "The model returned the code unchanged. Try again with a more precise errorMessage."

    def __init__(self, problem: str) -> None:
        self.problem = problem
        """A sentence: what is wrong with the fix."""
        super().__init__(f"The model's fix is of no use: {problem} Try again with a more precise errorMessage.")
