"""The direct workflow: an artifact is made at once."""

from shared.artifacts.brief import Brief
from shared.artifacts.generate import generate
from shared.artifacts.repair_loop import Dependencies, Made
from shared.run import Run


def make_direct(dependencies: Dependencies, run: Run, brief: Brief) -> Made:
    """Return the artifact of a brief: a new one, or the given one changed; it can be rendered.

    Raises:
        Failure: the host failed, or the model wrote no usable artifact.
    """
    if brief.given is None:
        return generate(dependencies, run, brief)
    from shared.artifacts.change import change  # noqa: PLC0415 - loaded with the first change

    return change(dependencies, run, brief, brief.given)
