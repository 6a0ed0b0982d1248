"""What ends `make deploy` and `make rollback` without doing, or with only a part of, what was asked for."""

from collections.abc import Sequence


class DeployError(Exception):
    """Something outside failed: AWS, the build or sam. The text says what to do."""


class RefusedError(Exception):
    """Nothing was begun, because what was asked for is wrong.

    Attributes:
        problems: everything that is wrong, one sentence each.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(problems))
