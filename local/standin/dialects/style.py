"""How one answer is written: what all of its events repeat, and in what it deviates from its dialect."""

import time
from dataclasses import dataclass, field

from local.standin.billing import Biller


@dataclass(frozen=True, slots=True)
class Style:
    """How an answer is put on the wire. The default is the dialect as it is; each field is one deviation."""

    line_end: str = "\n"
    done: bool = True
    parts: bool = False
    reasoning_content: bool = False
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
