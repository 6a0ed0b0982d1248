"""What an attempt costs, in whole nano-dollars, and how much of it is in the usage that is sent."""

from collections.abc import Callable
from dataclasses import dataclass, field

from local.standin.ledger import Row

JsonObject = dict[str, object]


@dataclass(frozen=True, slots=True)
class Price:
    """Nano-dollars per token, which is thousandths of dollars per million tokens."""

    prompt: int
    cached: int
    completion: int


def tokens_in(characters: int) -> int:
    """Return the tokens of so many characters: four to a token, the last one not always full."""
    return -(-characters // 4)


@dataclass(frozen=True, slots=True)
class Usage:
    """The tokens of one attempt. Cached tokens are part of the prompt's, reasoning tokens part of the completion's."""

    price: Price
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    reasoning_tokens: int = 0

    @property
    def prompt_nano(self) -> int:
        """Return what the prompt costs."""
        return (self.prompt_tokens - self.cached_tokens) * self.price.prompt + self.cached_tokens * self.price.cached

    @property
    def completion_nano(self) -> int:
        """Return what the completion costs, reasoning included."""
        return self.completion_tokens * self.price.completion

    @property
    def cost_nano(self) -> int:
        """Return what the attempt costs."""
        return self.prompt_nano + self.completion_nano


@dataclass(frozen=True, slots=True)
class Bill:
    """The usage object that goes onto the wire (None: none does), what is charged, and what the wire shows of that."""

    block: JsonObject | None
    charged_nano: int
    sent_nano: int


Biller = Callable[[Usage], Bill]


@dataclass(slots=True)
class Meter:
    """Counts one attempt's tokens as they are generated, and keeps its row in the ledger up to date."""

    row: Row
    price: Price
    prompt_tokens: int
    cached_tokens: int
    on_start: Callable[[], None]  # called at the first token
    reasoning_characters: int = field(default=0, init=False)
    content_characters: int = field(default=0, init=False)
    filled_to: int = field(default=0, init=False)

    def count(self, *, reasoning: str = "", content: str = "") -> None:
        """Add what has just been generated; from the first token on, the prompt is charged too."""
        if not self.reasoning_characters + self.content_characters:
            self.on_start()
        self.reasoning_characters += len(reasoning)
        self.content_characters += len(content)
        self.charge(self.usage.cost_nano)

    def fill(self, completion_tokens: int, *, with_reasoning: bool) -> None:
        """Raise the completion to this many tokens: the rest was generated and is charged, but nobody sees it."""
        self.filled_to = completion_tokens
        if with_reasoning:
            self.reasoning_characters = completion_tokens * 4
        self.charge(self.usage.cost_nano)

    def charge(self, nano: int) -> None:
        """Write the tokens so far and this amount into the row."""
        usage = self.usage
        self.row.prompt_tokens = usage.prompt_tokens
        self.row.cached_tokens = usage.cached_tokens
        self.row.completion_tokens = usage.completion_tokens
        self.row.reasoning_tokens = usage.reasoning_tokens
        self.row.charged_nano_usd = nano

    @property
    def usage(self) -> Usage:
        """Return what has been used so far."""
        reasoning = tokens_in(self.reasoning_characters)
        completion = max(reasoning + tokens_in(self.content_characters), self.filled_to)
        return Usage(self.price, self.prompt_tokens, self.cached_tokens, completion, reasoning)
