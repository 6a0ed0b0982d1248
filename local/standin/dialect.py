"""The shapes of OpenRouter's wire format, as recorded: chunks, deltas, whole answers and error envelopes."""

import json
import re
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from local.standin.billing import Biller, JsonObject, full_bill

PROVIDER: Final = "Stand-in"
COMMENT: Final = ": OPENROUTER PROCESSING"
BARE_COMMENT: Final = ": "
PADDING: Final = b"\n         \n"
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
# About the size of a token, with the space before a word belonging to it.
_TOKEN: Final = re.compile(r"\s?\w{1,6}|\s?[^\w\s]{1,3}|\s+")


@dataclass(frozen=True, slots=True)
class Style:
    """How an answer is put on the wire. The default is the usual dialect; each field is one deviation."""

    line_end: str = "\n"
    done: bool = True
    parts: bool = False
    reasoning_content: bool = False
    new_id: bool = False
    as_json: bool = False
    byte_seconds: float = 0.0
    bill: Biller = full_bill


PLAIN: Final = Style()


@dataclass(frozen=True, slots=True)
class Identity:
    """What every chunk of one answer repeats."""

    model: str
    generation_id: str
    created: int = field(default_factory=lambda: int(time.time()))

    @classmethod
    def new(cls, requested_model: str) -> "Identity":
        """The identity of a new generation; the model comes back under a dated name."""
        name = requested_model.partition(":")[0]
        date = "20251106" if name == "moonshotai/kimi-k2-thinking" else "20260101"
        return cls(model=f"{name}-{date}", generation_id=f"gen-{int(time.time())}-{uuid.uuid4().hex[:20]}")


def to_json(value: object) -> str:
    """Return compact JSON with every character as itself: U+2028 and U+0085 arrive raw."""
    return _ENCODER.encode(value)


def tokens_of(text: str) -> list[str]:
    """Return the text in pieces of about a token each."""
    return _TOKEN.findall(text)


def reasoning_delta(text: str, style: Style) -> JsonObject:
    """Return a piece of reasoning, next to empty content."""
    if style.reasoning_content:
        return {"role": "assistant", "content": None, "reasoning_content": text}
    details = [{"type": "reasoning.text", "text": text, "format": "unknown", "index": 0}]
    return {"content": "", "role": "assistant", "reasoning": text, "reasoning_details": details}


def content_delta(text: str | None, style: Style) -> JsonObject:
    """Return a piece of content."""
    content = [{"type": "text", "text": text}] if style.parts and text is not None else text
    return {"content": content, "role": "assistant"}


def chunk(
    identity: Identity, delta: JsonObject, finish_reason: str | None = None, error: JsonObject | None = None
) -> JsonObject:
    """Return one event of a stream; an error given here stands inside the choice."""
    choice: JsonObject = {"index": 0, "delta": delta, "finish_reason": finish_reason}
    choice["native_finish_reason"] = finish_reason
    if error is not None:
        choice["error"] = error
    return _envelope(identity, "chat.completion.chunk") | {"choices": [choice]}


def error_chunk(identity: Identity, error: JsonObject) -> JsonObject:
    """Return the event that ends a stream in an error."""
    return _envelope(identity, "chat.completion.chunk") | {"choices": [], "error": error}


def completion(
    identity: Identity, message: JsonObject, finish_reason: str, error: JsonObject | None = None
) -> JsonObject:
    """Return a whole answer in one body; an error given here stands inside the choice."""
    choice: JsonObject = {
        "index": 0,
        "logprobs": None,
        "finish_reason": finish_reason,
        "native_finish_reason": finish_reason,
        "message": {"role": "assistant", "refusal": None} | message,
    }
    if error is not None:
        choice["error"] = error
    return _envelope(identity, "chat.completion") | {"system_fingerprint": None, "choices": [choice]}


def _envelope(identity: Identity, what: str) -> JsonObject:
    return {
        "id": identity.generation_id,
        "object": what,
        "created": identity.created,
        "model": identity.model,
        "provider": PROVIDER,
    }


def error_of(
    code: int | str | None,
    message: str,
    *,
    error_type: str | None = None,
    raw: str | None = None,
    metadata: JsonObject | None = None,
) -> JsonObject:
    """Return the inside of the usual error envelope; metadata only where there is some."""
    metadata = dict(metadata or {})
    error: JsonObject = {"message": message}
    if code is not None:
        error["code"] = code
    if error_type is not None:
        metadata["error_type"] = error_type
    if raw is not None:
        metadata |= {"raw": raw, "provider_name": PROVIDER}
    return error | {"metadata": metadata} if metadata else error


def availability_of(
    status: int,
    error_type: str,
    message: str,
    *,
    retryable: bool,
    retry_after: float | None = None,
    fallback_models: Sequence[str] = (),
) -> JsonObject:
    """Return the inside of the error envelope of August 2026, which has no code."""
    availability = {
        "code": error_type,
        "retryable": retryable,
        "retry_after": retry_after,
        "fallback_models": list(fallback_models),
    }
    return {"message": message, "error_type": error_type, "http_status": status, "availability": availability}
