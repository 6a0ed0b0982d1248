"""The making of a reviewed artifact: plan, build, review, rebuild.

What was built is never lost: any other step may fail, and is then left out with a warning. Each takes its share of the
time; what it leaves passes on to those behind it. The build may use all that is left, because the others can be left
out and it cannot.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

from shared.artifacts.advice import ReviewBody
from shared.artifacts.artifact import KIND_CHANGED, PLAN_SKIPPED, REBUILD_SKIPPED, REVIEW_SKIPPED
from shared.artifacts.brief import Brief
from shared.artifacts.direct import make_direct
from shared.artifacts.original import is_unchanged
from shared.artifacts.repair_loop import Dependencies, Made
from shared.artifacts.reviewed.json_answer import UnreadableAnswerError
from shared.artifacts.reviewed.plan import Plan, changes_question, plan_question, read_changes, read_plan
from shared.artifacts.reviewed.rebuild import rebuild_messages
from shared.artifacts.reviewed.review import findings_from, read_review, review_question
from shared.artifacts.revision import Revision
from shared.deadline import Deadline
from shared.errors import Failure, ServiceMisconfigured
from shared.model_host import Client, HostedModel, Question
from shared.progress import Phase
from shared.run import Run

_MIN_PART_OF_SHARE = 0.25
"""A step for which less than this part of its share is left is not begun: it would be paid for and not finish."""

ResultT = TypeVar("ResultT")


def make_reviewed(dependencies: Dependencies, run: Run, brief: Brief) -> Made:
    """Return the artifact of a brief, planned, built and reviewed; it can be rendered.

    Raises:
        Failure: it could not be built.
    """
    steps = _Steps(dependencies, run, brief)
    plan = None if brief.given else steps.plan()  # a given artifact is what there is to go by
    built = steps.build(plan)
    review = steps.review(built, plan)
    built = built._replace(plan=plan.body if plan else None, review=review)
    findings = findings_from(review, dependencies.workflow.threshold) if review else ""
    made = steps.rebuild(built, review, findings, plan) if review and findings else built
    for warning in steps.warnings:
        made = made.warned(warning)
    return made


class _Steps:
    """The steps that make one artifact.

    Attributes:
        warnings: the steps that were left out.
    """

    def __init__(self, dependencies: Dependencies, run: Run, brief: Brief) -> None:
        self._dependencies = dependencies
        self._workflow = dependencies.workflow
        self._run = run
        self._brief = brief
        self._seconds = run.deadline.remaining()
        self.warnings: list[str] = []

    def plan(self) -> Plan | None:
        """Return the plan; None if there is none, and then it is built by the request alone."""
        question = plan_question(self._brief)
        plan = self._advice(
            question,
            lambda answer: read_plan(answer, question),
            self._workflow.planners,
            phase="planning",
            deadline=self._time_for("plan", "build", "review", "rebuild"),
            # The build may make as many as one without a plan, unless there are fewer for all steps together.
            calls=max(1, self._workflow.max_calls - self._dependencies.client.max_calls),
        )
        if plan:
            self._run.progress.step_result("plan", plan.body)
        else:
            self.warnings.append(PLAN_SKIPPED)
        return plan

    def build(self, plan: Plan | None) -> Made:
        """Return what the builder makes of the request and the plan."""
        client = self._client(self._calls + self._dependencies.client.max_calls)
        brief = self._brief._replace(plan=plan.text if plan else "", purpose="build")
        return make_direct(self._dependencies._replace(client=client), self._run, brief)

    def review(self, built: Made, plan: Plan | None) -> ReviewBody | None:
        """Return what the reviewer says; None if there is nothing that can be used."""
        review = self._advice(
            review_question(self._brief, plan.text if plan else "", built.artifact),
            read_review,
            self._workflow.reviewers,
            phase="reviewing",
            deadline=self._time_for("review", "rebuild"),
            calls=self._all_but_one,
        )
        if review:
            self._run.progress.step_result("review", review)
        else:
            self.warnings.append(REVIEW_SKIPPED)
        return review

    def rebuild(self, built: Made, review: ReviewBody, findings: str, plan: Plan | None) -> Made:
        """Return the rebuilt artifact, if it can be rendered and keeps what it has to keep; else what was built."""
        run, review = self._run, review.copy()
        can_begin = self._time_for("rebuild") is not None
        changes = self._changes(plan, findings) if plan and can_begin else []
        if changes:
            review["changes"] = changes
        calls, tier, author = self._calls, (run.tier, run.tier_reason), run.ledger.author
        rebuilt = self._rebuilt(built, findings, changes)
        if rebuilt or self._calls > calls:
            review["rebuild"] = "kept" if rebuilt else "discarded"
        if rebuilt:
            kept = [KIND_CHANGED] if KIND_CHANGED in built.warnings else []
            return rebuilt._replace(
                warnings=tuple(dict.fromkeys((*kept, *rebuilt.warnings))),
                repaired=built.repaired or rebuilt.repaired,
                edits=built.edits + rebuilt.edits if built.edits and rebuilt.edits else 0,
                base_version=built.base_version,
                plan=built.plan,
                review=review,
                # The title is shown to neither the reviewer nor the one who mends, and is not what was found.
                artifact=rebuilt.artifact._replace(title=built.artifact.title),
            )
        run.tier, run.tier_reason = tier
        if author:
            run.ledger.note_author(author)
        self.warnings.append(REBUILD_SKIPPED)
        return built._replace(review=review)

    def _changes(self, plan: Plan, findings: str) -> list[str]:
        """Return what is to be changed for these findings; nothing if the planner does not say it."""
        changes = self._advice(
            changes_question(self._brief, plan, findings),
            read_changes,
            self._workflow.planners,
            phase="planning",
            deadline=self._time_for("plan", "rebuild"),
            calls=self._all_but_one,
        )
        if changes is None:
            self.warnings.append(PLAN_SKIPPED)
        return changes or []

    def _rebuilt(self, built: Made, findings: str, changes: list[str]) -> Made | None:
        run, artifact, deadline = self._run, built.artifact, self._time_for("rebuild")
        if deadline is None:
            return None
        dependencies = self._dependencies._replace(client=self._client(self._workflow.max_calls))
        messages = rebuild_messages(artifact, self._brief.prompt, findings, changes, dependencies.imports)
        try:
            with run.step("changing", deadline):
                # As a fix it keeps what works: a review asks for nothing to be taken away.
                made = Revision(artifact, dependencies, run, is_fix=True).make(
                    messages,
                    built.choice,
                    session_id=self._brief.session_id,
                    purpose="rebuild",
                    first_model=built.model,
                )
        except Exception as error:  # noqa: BLE001 - see `_note`
            self._note(error)
            return None
        given = self._brief.given
        return None if given and is_unchanged(given, made.artifact) else made  # what was sent is no change of it

    def _advice(
        self,
        question: Question,
        read: Callable[[str], ResultT],
        models: Sequence[HostedModel],
        *,
        phase: Phase,
        deadline: Deadline | None,
        calls: int,
    ) -> ResultT | None:
        """Return what a model says on the artifact; None if there is no time or model for it, or nothing to be read."""
        if deadline is None or not models:
            return None
        try:
            with self._run.step(phase, deadline):
                return read(self._client(calls).complete(question, self._run, models=models).content)
        except Exception as error:  # noqa: BLE001 - see `_note`
            self._note(error)
            return None

    def _note(self, error: Exception) -> None:
        """Note why a step is left out, for those whose business it is.

        One that nobody expected is logged as at the outermost edge; for it, too, what was built is given.
        """
        if isinstance(error, ServiceMisconfigured):
            self._run.tell_operator(error.problem)
        elif not isinstance(error, Failure | UnreadableAnswerError):
            self._run.log_crash(error)

    @property
    def _calls(self) -> int:
        """How many calls were made for the request."""
        return len(self._run.ledger.attempts)

    def _client(self, calls: int) -> Client:
        """Return a client that makes so many calls for the request, or those that it may make at most."""
        return self._dependencies.client.with_max_calls(min(calls, self._workflow.max_calls))

    @property
    def _all_but_one(self) -> int:
        """How many calls leave one for the rebuild."""
        return self._workflow.max_calls - 1

    def _time_for(self, step: str, *later: str) -> Deadline | None:
        """Return the deadline of a step, with its share of the time that is left to it and the later ones.

        None if that is too little, or it has no share.
        """
        shares = dict(zip(("plan", "build", "review", "rebuild"), self._workflow.shares, strict=True))
        share = shares[step]
        if not share:
            return None
        fraction = share / (share + sum(shares[each] for each in later))
        if self._run.deadline.remaining() * fraction < share * self._seconds * _MIN_PART_OF_SHARE:
            return None
        return self._run.deadline.share(fraction)
