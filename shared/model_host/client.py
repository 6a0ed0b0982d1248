"""The client: asks the models in order, at one host or several, until one answers or the deadline comes."""

import copy
import random
import time
from collections.abc import Callable, Sequence
from typing import Self

import httpx

from shared.costs.attempt_lines import ADVICE, Purpose
from shared.deadline import Clock
from shared.errors import Failure
from shared.model_host.completion import Completion
from shared.model_host.errors import ContextExceeded, KeyUnreadable, ModelGone, Refused, RequestRejected
from shared.model_host.host import HostedModel
from shared.model_host.hosts import models_of
from shared.model_host.request import Question, json_answer
from shared.model_host.retry import Fallback, RetryPolicy, disqualifies_host
from shared.model_host.turn import Asked, Connection, Turn
from shared.run import Run
from shared.settings import Settings
from shared.transport import IoDeadline, deadline_bound_client


class Client:
    """A client of the chat completions of model hosts.

    It streams, so that a stall is noticed. It retries with exponential backoff and full jitter, or after the host's
    hint, and falls back to the next model. It records every attempt in the run's ledger, and respects its deadline.

    Args:
        models: the primary model, then its fallbacks in order; they may be at several hosts.
    """

    def __init__(
        self,
        models: Sequence[HostedModel],
        *,
        max_output_tokens: int,
        policy: RetryPolicy,
        http: httpx.Client | None = None,
        sleep: Callable[[float], None] | None = None,
        clock: Clock = time.monotonic,
    ) -> None:
        self._models = models
        self._max_output_tokens = max_output_tokens
        self._policy = policy
        io_deadline = IoDeadline(clock)
        self._http = http or deadline_bound_client(io_deadline)
        self._connection = Connection(self._http, io_deadline, policy, sleep, clock)

    @classmethod
    def of(
        cls,
        settings: Settings,
        models: Sequence[HostedModel] = (),
        *,
        http: httpx.Client | None = None,
        sleep: Callable[[float], None] | None = None,
        jitter: Callable[[float, float], float] = random.uniform,
        clock: Clock = time.monotonic,
    ) -> Self:
        """Return the client of these settings; it asks `MODELS` if it is given no other models.

        Raises:
            SettingsError: a model of `MODELS` cannot be asked.
        """
        return cls(
            models or models_of(settings, clock),
            max_output_tokens=settings.max_output_tokens,
            policy=RetryPolicy(settings.max_attempts, settings.max_calls, settings.max_retry_wait_seconds, jitter),
            http=http,
            sleep=sleep,
            clock=clock,
        )

    @property
    def max_calls(self) -> int:
        """Attempts per request."""
        return self._policy.max_calls

    def with_max_calls(self, max_calls: int) -> Self:
        """Return a client with the same connections that makes so many attempts per request."""
        client = copy.copy(self)
        client._limit(max_calls)  # noqa: SLF001 - of the same class
        return client

    def complete(
        self,
        question: Question,
        run: Run,
        *,
        purpose: Purpose | None = None,
        max_tokens: int = 0,
        models: Sequence[HostedModel] = (),
        first: HostedModel | None = None,
    ) -> Completion:
        """Return a model's complete answer.

        Args:
            question: what is asked.
            run: the request that asks.
            purpose: why, if it is not the question's own purpose.
            max_tokens: raises the usual limit of output tokens, and never lowers it.
            models: the models to ask, in order; by default the client's own.
            first: the model to ask before the others, in place of the primary.

        Raises:
            Failure: there is no answer; its class says why (see `shared.model_host.errors`).
        """
        models = models or self._models
        purpose = purpose or question.purpose
        if purpose not in ADVICE:
            run.requested_model = run.requested_model or models[0].name
        max_tokens = max(max_tokens, self._max_output_tokens + question.extra_output_tokens)
        if question.max_output_tokens:
            max_tokens = min(max_tokens, question.max_output_tokens)
        if first:
            models = [first, *(each for each in models if each != first)]
        return self._try_models(models, Asked(question, purpose, run, max_tokens))

    def retry_with_more_tokens(
        self, question: Question, truncated: Completion, run: Run, *, models: Sequence[HostedModel] = ()
    ) -> Completion | None:
        """Return an answer of the same model with twice the output tokens; None if that cannot succeed.

        It cannot if the model cannot write that many tokens, if it would not finish in time at the rate at which it
        wrote `truncated`, or if no attempt is left. Where the model's host fails, one at another host is asked instead.

        Raises:
            Failure: there is no answer.
        """
        model, max_tokens = truncated.requested_model, 2 * truncated.max_tokens
        entry = run.catalog.lookup(model.name)
        if not truncated.can_be_extended(entry, max_tokens, run.deadline.remaining()):
            return None
        if self._policy.calls_exhausted(len(run.ledger.attempts)):
            return None
        elsewhere = [each for each in models or self._models if each.host != model.host]
        return self._try_models([model, *elsewhere], Asked(question, "extended", run, max_tokens))

    def close(self) -> None:
        """Close the connections that are kept open between questions."""
        self._http.close()

    def _limit(self, max_calls: int) -> None:
        self._policy = self._policy._replace(max_calls=max_calls)
        self._connection = self._connection._replace(policy=self._policy)

    def _try_models(self, models: Sequence[HostedModel], asked: Asked) -> Completion:
        """Try the models in order, as far as the policy allows it.

        If none answers, the first one's failure is raised: the others are there in its place. A refusal is about the
        request, whoever declines it.
        """
        run = asked.run
        barred = set(run.disqualified_hosts)
        first_failure: Failure | None = None
        for number, model in enumerate(models, 1):
            name = model.host.name
            if name in barred:
                continue
            others = [each for each in models[number:] if each.host.name not in {*barred, name}]
            outcome = self._take_turn(model, asked, others)
            if isinstance(outcome, Completion):
                return outcome
            first_failure = outcome if isinstance(outcome, Refused) else first_failure or outcome
            if run.progress.is_final:
                break
            if disqualifies_host(outcome):
                # Advice gets few attempts and little time: a host that it could not reach, or whose key was not read by
                # then, may still be there for the artifact.
                for_good = not (asked.purpose in ADVICE and (outcome.retryable or isinstance(outcome, KeyUnreadable)))
                run.report_host(name, outcome, model.host.url_setting, disqualify=for_good)
            fallback = self._policy.fallback(
                outcome, calls=len(run.ledger.attempts), time_to_start=run.deadline.time_to_start()
            )
            if fallback is Fallback.NONE:
                break
            if fallback is Fallback.OTHER_HOST:
                barred.add(name)
        raise first_failure or run.disqualified_hosts[models[0].host.name]

    def _take_turn(self, model: HostedModel, asked: Asked, others: Sequence[HostedModel]) -> Completion | Failure:
        """Return what came of a model's turn; where its provider rejects a schema, it is asked once more without.

        The question says the form as well.
        """
        outcome = Turn(self._connection, model, asked, others).take()
        if not isinstance(outcome, RequestRejected) or isinstance(outcome, ContextExceeded | ModelGone):
            return outcome
        entry = asked.run.catalog.lookup(model.name)
        if entry is None or json_answer(asked.question, entry) is None:
            return outcome
        in_words = asked._replace(question=asked.question._replace(json_schema=None))
        return Turn(self._connection, model, in_words, others).take()
