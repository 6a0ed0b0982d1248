"""What the catalog knows of one model: its limits, its quirks, and its prices with the days on which they hold.

Named tuples, because a cold start waits until these classes are made: a data class takes five times as long.
"""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal, NamedTuple

from pydantic import BeforeValidator, Field

Prices = tuple[Decimal, Decimal]
"""Prices of prompt and completion, USD per million tokens."""


def _number(value: object) -> Decimal:
    """Return a number of a TOML document; anything else, such as a number in quotes, is refused."""
    number = Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None
    if number is None or not number.is_finite():
        msg = "must be a finite number"
        raise ValueError(msg)
    return number


def _table(value: object) -> object:
    """Return a table of a TOML document; anything else is refused, such as a list of a tuple's values in order."""
    if not isinstance(value, dict):
        msg = "must be a table"
        raise ValueError(msg)  # noqa: TRY004 - pydantic's own for a wrong value
    return value


UsdPerMillion = Annotated[Decimal, BeforeValidator(_number), Field(ge=0, le=10_000, decimal_places=9)]
"""USD per million tokens."""
Tokens = Annotated[int, Field(strict=True, ge=1, le=100_000_000)]
Temperature = Annotated[float, BeforeValidator(_number), Field(ge=0, le=2)]
Seconds = Annotated[float, BeforeValidator(_number), Field(gt=0, le=900)]
Day = Annotated[dt.date, Field(strict=True)]
Text = Annotated[str, Field(strict=True, min_length=1)]
Thinking = Literal["always", "switch", "effort"]
"""Whether a model always thinks, can be told not to, or is told how much."""
Effort = Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"]
JsonAnswers = Literal["json_schema", "json_object"]
MaxTokensField = Literal["max_tokens", "max_completion_tokens"]

_MILLION = 1_000_000


class Price(NamedTuple):
    """The list prices of a model, USD per million tokens, and the days on which they hold."""

    input: UsdPerMillion
    cached_input: UsdPerMillion
    """Of a token that the host reads from its cache."""
    output: UsdPerMillion
    source: Text
    date: Day
    """When the source was read."""
    cache_write: UsdPerMillion | None = None
    """Of a token that the host writes to its cache; None: the input price."""
    ceiling_input: UsdPerMillion | None = None
    """The most that a provider may ask; None: the list price."""
    ceiling_output: UsdPerMillion | None = None
    since: Annotated[Day | None, Field(alias="from")] = None
    """The first day of these prices; None: from ever."""
    until: Day | None = None
    """The first day on which they hold no more; None: not known to end."""

    @property
    def ceiling(self) -> Prices:
        """The most that a prompt's token and an output token may cost."""
        input_, output = self.ceiling_input, self.ceiling_output
        prompt = max(self.input if input_ is None else input_, self.cached_input, self.cache_write or Decimal(0))
        return prompt, self.output if output is None else output

    def holds_on(self, day: dt.date) -> bool:
        """Return whether these are the prices of this day."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)

    def cost(self, *, prompt_tokens: int, cached_tokens: int, written_tokens: int = 0, output_tokens: int) -> Decimal:
        """Return the list price of a call in USD; reasoning tokens are output tokens.

        Args:
            prompt_tokens: all tokens of the prompt.
            cached_tokens: how many of them the host read from its cache.
            written_tokens: how many of them the host wrote to its cache.
            output_tokens: what the model wrote.
        """
        cached = min(cached_tokens, prompt_tokens)
        written = min(written_tokens, prompt_tokens - cached)
        write_price = self.input if self.cache_write is None else self.cache_write
        prompt = (prompt_tokens - cached - written) * self.input + cached * self.cached_input + written * write_price
        return (prompt + output_tokens * self.output) / _MILLION

    def saved_by_cache(self, cached_tokens: int) -> Decimal:
        """Return what the host's prompt cache saved in USD, at list price."""
        return cached_tokens * (self.input - self.cached_input) / _MILLION


class Model(NamedTuple):
    """The data of one model; sizes in tokens."""

    name: Text
    """As settings and log lines have it: OpenRouter's id, or that of another host behind the host's name."""
    prices: tuple[Annotated[Price, BeforeValidator(_table)], ...]
    context: Tokens
    max_output_tokens: Tokens
    thinking: Thinking
    tokens_per_second: Tokens
    """The highest measured output rate."""
    rate_source: Text
    effort: Effort | None = None
    """How much the model is told to think, where it is told that."""
    edit_effort: Effort | None = None
    """How much it is told to think about edits; None: as much as about everything."""
    json_answers: JsonAnswers | None = None
    """How it is told to answer in JSON: by a schema, or that it is to be an object; None where it cannot be told."""
    least_output_tokens: Annotated[int, Field(strict=True, ge=0)] = 0
    """With fewer, the answer is likely to be empty, because reasoning used them up."""
    temperature: Temperature | None = None
    """The vendor's recommendation; None where the model accepts only its own value, so that none may be sent."""
    temperature_range: tuple[Temperature, Temperature] | None = None
    """The lowest and the highest that it accepts, where it accepts more than its own."""
    first_token_seconds: Seconds | None = None
    """How long to wait for its first token; None, here and below: as long as for any model of its host."""
    stall_seconds: Seconds | None = None
    max_tokens_field: MaxTokensField | None = None
    """The name of the field with the limit of output tokens; None: the host's."""
    until: Day | None = None
    """The last day on which it is offered, where that is known."""

    def price_on(self, day: dt.date) -> Price | None:
        """Return the prices of this day; None if there are none."""
        return next((price for price in self.prices if price.holds_on(day)), None)
