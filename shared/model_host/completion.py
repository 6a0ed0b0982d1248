"""The complete answer of a model, and what it shows of a further one with more tokens."""

from typing import NamedTuple, Self

from shared.catalog import Model
from shared.costs.usage import Usage
from shared.model_host.attempt import Attempt
from shared.model_host.host import HostedModel
from shared.model_host.tool_calls import ToolCall


class Completion(NamedTuple):
    """The complete answer of a model, with its usage and duration."""

    content: str
    finish_reason: str | None
    model: str
    """The model that answered, as the host names it."""
    requested_model: HostedModel
    max_tokens: int
    """How many tokens the model was allowed to write."""
    seconds: float
    """Duration of the attempt."""
    usage: Usage
    reasoning: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    first_token: float = 0.0
    """Seconds until its first token, reasoning included."""

    @classmethod
    def of(cls, attempt: Attempt, requested_model: HostedModel, max_tokens: int) -> Self:
        """Return the answer to an attempt that succeeded."""
        answer = attempt.answer
        return cls(
            content=answer.content,
            finish_reason=answer.finish_reason,
            model=answer.model or requested_model.id,
            requested_model=requested_model,
            max_tokens=max_tokens,
            seconds=attempt.seconds,
            usage=answer.usage or Usage(),
            first_token=attempt.first_token or 0.0,
            reasoning=answer.reasoning,
            tool_calls=answer.tool_calls,
        )

    @property
    def truncated(self) -> bool:
        """Whether the answer ended because of `max_tokens`."""
        return self.finish_reason == "length"

    def can_be_extended(self, entry: Model | None, max_tokens: int, seconds: float) -> bool:
        """Return whether its model can write this many tokens after the same prompt, and in this time at its rate.

        Not if its rate is unknown.
        """
        if entry and not self._fits(entry, max_tokens):
            return False
        written = self.usage.output_tokens or (self.max_tokens if self.truncated else 0)
        return bool(written) and self.seconds * max_tokens / written <= seconds

    def could_be_followed(self, tokens: int, seconds: float, fastest: int) -> bool:
        """Return whether its model could write a longer answer of so many tokens in this time.

        A short answer is nearly all wait for its first token, and that is waited for once. `fastest`, in tokens per
        second, is the most that is believed of its rate, and what counts if that is unknown.
        """
        written = self.usage.output_tokens
        of_one = (self.seconds - self.first_token) / written if written else 0.0
        return self.first_token + tokens * max(of_one, 1 / fastest) <= seconds

    def _fits(self, entry: Model, max_tokens: int) -> bool:
        return max_tokens <= entry.max_output_tokens and (self.usage.input_tokens or 0) + max_tokens <= entry.context
