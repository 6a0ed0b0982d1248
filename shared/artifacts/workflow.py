"""How an artifact is made where a request does not say it, and what the steps of a reviewed one may use."""

from collections.abc import Sequence
from typing import Literal, NamedTuple, Self

from shared.artifacts.advice import Severity
from shared.model_host import HostedModel
from shared.model_host.hosts import advisers_of
from shared.settings import Settings

WorkflowName = Literal["direct", "reviewed"]
"""At once, or planned, built and reviewed."""


class Workflow(NamedTuple):
    """The default, and the models, the calls and the time of a reviewed request."""

    default: WorkflowName = "direct"
    planners: Sequence[HostedModel] = ()
    """The models that plan, in order; none: nothing is planned."""
    reviewers: Sequence[HostedModel] = ()
    threshold: Severity = "major"
    """The least severity for which there is a rebuild."""
    max_calls: int = 10
    """Attempts of a reviewed request, of all its steps together."""
    shares: tuple[float, float, float, float] = (0.1, 0.55, 0.15, 0.2)
    """Of the time, for plan, build, review and rebuild; they sum to 1."""

    @classmethod
    def of(cls, settings: Settings, builders: Sequence[HostedModel]) -> Self:
        """Return the workflow of these settings, beside the models that build.

        Raises:
            SettingsError: a list names what is no model or may not be in it.
        """
        planners, reviewers = advisers_of(settings, builders)
        return cls(
            default=settings.workflow,
            planners=planners,
            reviewers=reviewers,
            threshold=settings.review_threshold,
            max_calls=settings.reviewed_max_calls,
            shares=settings.step_shares,
        )
