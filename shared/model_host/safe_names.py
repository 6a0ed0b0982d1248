"""Decides which names from a host are safe for a log line or an answer.

A name is left out if it does not have the form of one, or if it repeats private text that the host was sent: a host
that echoes the prompt in one of these fields must not get it into the log.
"""

import re
from collections.abc import Iterable
from functools import cached_property
from itertools import pairwise
from typing import Final

_PROVIDER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.&()/_+-]*(?: [A-Za-z0-9.&()/_+-]+){0,3}")
_MODEL: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/:@+~-]*")
_GENERATION_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]*")
_MAX_PROVIDER_LENGTH, _MAX_MODEL_LENGTH, _MAX_GENERATION_ID_LENGTH = 40, 100, 128
"""Characters; the longest recorded in 2026 have 16, 45 and 45."""
_FINISH_REASONS: Final = frozenset(
    ("stop", "length", "content_filter", "tool_calls", "function_call", "error", "refusal", "end_turn", "max_tokens",
     "model_length", "stop_sequence", "tool_use", "eos", "eos_token", "cancelled")
)  # fmt: skip
"""OpenRouter's own, and those of providers that it passes through (2026)."""
_WORD: Final = re.compile(r"[^\W_]+")
_MIN_PARTIAL_ECHO: Final = 8
"""Characters from which a part of a word reveals the word."""
_MIN_ECHO: Final = 4
"""Characters; a shorter text occurs in many words by chance."""
_DATE_OR_VARIANT: Final = re.compile(r"(?:-[0-9]+)?(?::[a-z]+)?")


class SafeNames:
    """Checks the names of one answer.

    Args:
        private: texts of the question, which the host was sent and which must not be logged.
        requested_model: the requested model, whose name is safe even if the question contains it.
        key: the API key, of which no part may be logged that is long enough to be of use.
    """

    def __init__(self, private: Iterable[str] = (), requested_model: str = "", *, key: str = "") -> None:
        self._texts = (*private, key)
        self._key_parts = [part for part in _WORD.findall(key.casefold()) if len(part) >= _MIN_PARTIAL_ECHO]
        self._requested = requested_model.partition(":")[0]

    def provider(self, value: object) -> str | None:
        """Return the provider's name if it is safe, else None."""
        return self._checked(value, _PROVIDER, _MAX_PROVIDER_LENGTH)

    def model(self, value: object) -> str | None:
        """Return the model's name if it is safe, else None."""
        if isinstance(value, str) and value.startswith(self._requested or "/"):
            rest = value.removeprefix(self._requested)
            if _DATE_OR_VARIANT.fullmatch(rest) and len(value) <= _MAX_MODEL_LENGTH:
                return value
        return self._checked(value, _MODEL, _MAX_MODEL_LENGTH)

    def generation_id(self, value: object) -> str | None:
        """Return the generation id if it is safe, else None."""
        return self._checked(value, _GENERATION_ID, _MAX_GENERATION_ID_LENGTH)

    @staticmethod
    def finish_reason(value: object) -> str | None:
        """Return the finish reason if it is a known one, else None."""
        return value if isinstance(value, str) and value in _FINISH_REASONS else None

    def _checked(self, value: object, shape: re.Pattern[str], max_length: int) -> str | None:
        if not isinstance(value, str) or len(value) > max_length or not shape.fullmatch(value):
            return None
        return None if self._is_echo(value) else value

    def _is_echo(self, name: str) -> bool:
        """Return whether it repeats sent text: a word, two neighbouring words, part of a long word, or a short text."""
        if any(part in name.casefold() for part in self._key_parts):
            return True
        words = _WORD.findall(name)
        pairs = pairwise(_WORD.findall(name.casefold()))
        if words == [name] and (name in self._words or (len(name) >= _MIN_PARTIAL_ECHO and name in self._joined)):
            return True
        return any(pair in self._pairs for pair in pairs) or any(text in name.casefold() for text in self._short_texts)

    @cached_property
    def _joined(self) -> str:
        return "\n".join(self._texts)

    @cached_property
    def _words(self) -> set[str]:
        return set(_WORD.findall(self._joined))

    @cached_property
    def _pairs(self) -> set[tuple[str, str]]:
        return set(pairwise(_WORD.findall(self._joined.casefold())))

    @cached_property
    def _short_texts(self) -> list[str]:
        """The texts that fit into a name, except those so short that they occur in many words by chance."""
        texts = (text.strip().casefold() for text in self._texts)
        return [text for text in texts if _MIN_ECHO <= len(text) <= _MAX_GENERATION_ID_LENGTH]
