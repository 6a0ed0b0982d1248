"""The same request twice is made and billed once: its answer is kept under the caller's `Idempotency-Key` for a day.

A request claims its key first. What is kept, or claimed, belongs to its caller and function; the key itself is not
kept. Only successes are: a failure gives the key free.
"""

import time
import zlib
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from shared.guard.dynamodb import AnswerLost, Item
from shared.guard.errors import IdempotencyMismatch, InvalidIdempotencyKey, RequestInProgress, StoreUnavailable
from shared.guard.table import Table, digest
from shared.guard.visit import Visit

NOT_STORED = "not_stored"
"""The warning of an answer that is not kept: the same key would make, and bill, it again."""

_KEPT_SECONDS = 24 * 3600
_MARGIN_SECONDS = 5
"""A claim outlives the platform's time-out by this much."""
_LONGEST_KEY = 255
_ASK_AGAIN_SECONDS = 10
_ITEM_LIMIT = 400 * 1024
"""Bytes, of names and values together (DynamoDB's documentation, 2026)."""
_NUMBER_BYTES = 21
"""The most that a number takes in an item."""


class Replay(NamedTuple):
    """The request was made before: this is what it came to."""

    answer: bytes


class Claim:
    """The request is to be made, by whoever holds this."""

    def __init__(self, table: Table, key: str, body: str, visit: Visit, now: Callable[[], float]) -> None:
        self._table = table
        self._key = key
        self._body = body
        self._visit = visit
        self._now = now

    def remember(self, answer: bytes) -> bool:
        """Keep the answer for a day; whether it is kept. Never raises."""
        packed = zlib.compress(answer)
        kept = self._size(packed) <= _ITEM_LIMIT and self._fulfil(packed)
        if not kept:
            self.release()
        return kept

    def release(self) -> None:
        """Give the key free, because the request came to nothing. Never raises."""
        release = partial(self._table.release, self._key, self._visit.request_id)
        self._visit.afterwards(release, "an Idempotency-Key is not free before its claim expires")

    def _fulfil(self, packed: bytes) -> bool:
        kept = False

        def fulfil(seconds: float) -> None:
            nonlocal kept
            expires_at = int(self._now()) + _KEPT_SECONDS
            kept = self._table.fulfil(self._key, self._visit.request_id, packed, seconds, expires_at=expires_at)

        self._visit.afterwards(fulfil, "an answer was not kept for its Idempotency-Key")
        return kept

    def _size(self, packed: bytes) -> int:
        names = sum(map(len, ("pk", "owner", "body", "answer", "expires_at")))
        texts = sum(len(text.encode()) for text in (self._key, self._visit.request_id, self._body))
        return names + texts + len(packed) + _NUMBER_BYTES


class Idempotency:
    """Claims keys."""

    def __init__(self, table: Table, now: Callable[[], float] = time.time) -> None:
        self._table = table
        self._now = now

    def begin(self, visit: Visit, key: str, body: bytes) -> Replay | Claim:
        """The answer to an earlier request with this key and body, or the right and duty to make one.

        Raises:
            InvalidIdempotencyKey: it is not 1 to 255 printable ASCII characters.
            RequestInProgress: another request with it has not ended.
            IdempotencyMismatch: it belongs to another body.
            StoreUnavailable: nobody knows.
        """
        if not (key.strip() and len(key) <= _LONGEST_KEY and key.isascii() and key.isprintable()):
            raise InvalidIdempotencyKey
        name, owner, body_hash = f"once#{digest(visit.function, visit.caller_id, key)}", visit.request_id, digest(body)
        now, seconds = self._now(), visit.seconds
        expires_at = int(now + visit.deadline.until_timeout()) + _MARGIN_SECONDS
        claim = Claim(self._table, name, body_hash, visit, self._now)
        try:
            there = self._table.claim(name, owner, body_hash, seconds, now=now, expires_at=expires_at)
        except AnswerLost:
            claim.release()  # it may have been put
            raise
        return claim if there is None else _replay(there, body_hash, now)


def _replay(item: Item, body_hash: str, now: float) -> Replay:
    """The answer that is there, if it is one to this body."""
    if "body" not in item:  # refused, and not said why
        raise StoreUnavailable
    if item["body"]["S"] != body_hash:
        raise IdempotencyMismatch
    if "answer" not in item:
        left = int(item["expires_at"]["N"]) - now
        raise RequestInProgress(retry_after_seconds=max(1.0, min(_ASK_AGAIN_SECONDS, left)))
    return Replay(zlib.decompress(item["answer"]["B"]))
