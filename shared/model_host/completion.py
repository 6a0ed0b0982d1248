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
            reasoning=answer.reasoning,
            tool_calls=answer.tool_calls,
        )

    @property
    def truncated(self) -> bool:
        """Whether the answer ended because of `max_tokens`."""
        return self.finish_reason == "length"

    def can_be_extended(self, entry: Model | None, max_tokens: int, seconds: float) -> bool:
        """Return whether its model can write this many tokens after the same prompt, and in this time at its rate."""
        if entry and not self._fits(entry, max_tokens):
            return False
        return self.leaves_time_for(max_tokens, seconds)

    def leaves_time_for(self, tokens: int, seconds: float) -> bool:
        """Return whether so many tokens can be written in this time at its rate; not if that is unknown."""
        written = self.usage.output_tokens or (self.max_tokens if self.truncated else 0)
        return bool(written) and self.seconds * tokens / written <= seconds

    def _fits(self, entry: Model, max_tokens: int) -> bool:
        return max_tokens <= entry.max_output_tokens and (self.usage.input_tokens or 0) + max_tokens <= entry.context
