"""How one answer is written: what all of its events repeat, and in what it deviates from its dialect."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from local.standin.billing import Biller, JsonObject

Ending: TypeAlias = Callable[[list[JsonObject]], list[JsonObject]]
"""Changes the events that end a stream."""


@dataclass(frozen=True, slots=True)
class Style:
    """How an answer is put on the wire. The default is the dialect as it is; each field is one deviation."""

    line_end: str = "\n"
    done: bool = True
    parts: bool = False
    reasoning: str = ""  # what the field is called, where not as ever
    roles: bool = False
    tool_index: bool = True
    whole_arguments: bool = False
    ending: Ending | None = None
    new_id: bool = False
    as_json: bool = False
    byte_seconds: float = 0.0
    bill: Biller | None = None


PLAIN = Style()


@dataclass(frozen=True, slots=True)
class Identity:
    """What every chunk of one answer repeats."""

    model: str
    generation_id: str
    created: int = field(default_factory=lambda: int(time.time()))
