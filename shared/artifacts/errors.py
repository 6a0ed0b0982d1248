"""What can be wrong with what the model wrote.

Failure
└── ArtifactFailure
    ├── ArtifactMissing    no artifact in the answer, or an empty one
    ├── ArtifactTruncated  an artifact that the answer begins and never finishes
    └── FixUnusable        a fix that came back unchanged
"""

from typing import ClassVar

from shared.errors import Failure


class ArtifactFailure(Failure):
    """The model answered, and there is no whole artifact in what it wrote."""

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


class FixUnusable(ArtifactFailure):
    """The fix came back unchanged."""

    code: ClassVar[str] = "fix_unusable"
    message = "The model returned the code unchanged. Try again with a more precise errorMessage."
