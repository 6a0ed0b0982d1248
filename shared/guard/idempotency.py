"""Idempotency: a repeated request is served and billed once; its answer is stored for a day per `Idempotency-Key`.

A request claims its key first. Claims and stored answers belong to one caller and function; of the key only a hash is
stored. A failure releases the key, but for a caller that was let go (`respond-async`): to that it is the result, and is
stored until it is told.
"""

import time
import zlib
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from shared.guard.dynamodb import AnswerLost, Item
from shared.guard.errors import IdempotencyMismatch, InvalidIdempotencyKey, RequestInProgress, StoreUnavailable
from shared.guard.table import Table, digest
from shared.run import Run

NOT_STORED = "not_stored"
"""The warning that an answer was not stored: a request with the same key would be served, and billed, again."""

_STORED_SECONDS = 24 * 3600
_MARGIN_SECONDS = 5
"""How long a claim outlives the platform's time-out."""
_MAX_KEY_LENGTH = 255
_RETRY_AFTER_SECONDS = 10
_ITEM_LIMIT = 400 * 1024
"""Bytes, of names and values together (DynamoDB's documentation, 2026)."""
_NUMBER_BYTES = 21
"""Maximum size of a number in an item."""


@dataclass(frozen=True, slots=True)
class Replay:
    """The stored answer to an earlier request with the same key and body."""

    answer: bytes
    owner: str = field(default="", compare=False)
    """The request whose answer it is."""
    age_seconds: float = field(default=0.0, compare=False)


class Claim:
    """The right to serve the request with a key; held by one request."""

    def __init__(self, table: Table, key: str, body: str, run: Run, now: Callable[[], float]) -> None:
        self._table = table
        self._key = key
        self._body = body
        self._run = run
        self._now = now

    def store(self, answer: bytes) -> bool:
        """Store the answer for a day, and return whether it is stored. Never raises."""
        packed = zlib.compress(answer)
        return self._size(packed) <= _ITEM_LIMIT and self._write(packed) is True

    def store_first(self, answer: bytes) -> bool:
        """Store the answer unless there is one, and return False only if there is. Never raises."""
        return self._write(zlib.compress(answer), first=True) is not False

    def release(self) -> None:
        """Release the key, because there is no answer to store. Never raises."""
        release = partial(self._table.release, self._key, self._run.id)
        self._run.best_effort(release, "an Idempotency-Key is not free before its claim expires")

    def _write(self, packed: bytes, *, first: bool = False) -> bool | None:
        """Return whether it is written; None if that is not known."""
        stored: bool | None = None

        def write(seconds: float) -> None:
            nonlocal stored
            expires_at = int(self._now()) + _STORED_SECONDS
            stored = self._table.store_answer(
                self._key, self._run.id, packed, seconds, expires_at=expires_at, first=first
            )

        self._run.best_effort(write, "an answer was not kept for its Idempotency-Key")
        return stored

    def _size(self, packed: bytes) -> int:
        names = sum(map(len, ("pk", "owner", "body", "answer", "expires_at")))
        texts = sum(len(text.encode()) for text in (self._key, self._run.id, self._body))
        return names + texts + len(packed) + _NUMBER_BYTES


class Idempotency:
    """Claims keys, and finds the answers stored under them."""

    def __init__(self, table: Table, now: Callable[[], float] = time.time) -> None:
        self._table = table
        self._now = now

    def begin(self, run: Run, key: str, body: bytes) -> Replay | Claim:
        """Return the answer to an earlier request with this key and body, or a new claim.

        Raises:
            InvalidIdempotencyKey: the key is not 1 to 255 printable ASCII characters.
            RequestInProgress: another request with the key has not ended.
            IdempotencyMismatch: the key belongs to another body.
            StoreUnavailable: the table cannot be read or written.
        """
        if not (key.strip() and len(key) <= _MAX_KEY_LENGTH and key.isascii() and key.isprintable()):
            raise InvalidIdempotencyKey
        name, owner, body_hash = _name(run, key), run.id, digest(body)
        now, seconds = self._now(), run.deadline.remaining()
        expires_at = int(now + run.deadline.until_timeout()) + _MARGIN_SECONDS
        claim = Claim(self._table, name, body_hash, run, self._now)
        try:
            existing = self._table.claim(name, owner, body_hash, seconds, now=now, expires_at=expires_at)
        except AnswerLost:
            claim.release()  # the claim may have been written
            raise
        return claim if existing is None else _replay(existing, body_hash, now)

    def forget(self, run: Run, key: str, replay: Replay) -> None:
        """Free the key of an answer that is being told, and is not to be told again. Never raises."""
        forget = partial(self._table.forget, _name(run, key), replay.owner)
        run.best_effort(forget, "a failure is told again for its Idempotency-Key")

    def replace(self, run: Run, key: str, replay: Replay, answer: bytes) -> None:
        """Store this answer instead of the one that is being told, for a day from now. Never raises."""
        expires_at = int(self._now()) + _STORED_SECONDS

        def write(seconds: float) -> None:
            packed = zlib.compress(answer)
            self._table.store_answer(_name(run, key), replay.owner, packed, seconds, expires_at=expires_at)

        run.best_effort(write, "an answer is told as if for the first time for its Idempotency-Key")


def _name(run: Run, key: str) -> str:
    return f"once#{digest(run.function, run.caller.id, key)}"


def _replay(item: Item, body_hash: str, now: float) -> Replay:
    """Return the stored answer if it belongs to this body, or raise why there is none."""
    if "body" not in item:  # the condition failed, and the item was not sent along
        raise StoreUnavailable
    if item["body"]["S"] != body_hash:
        raise IdempotencyMismatch
    if "answer" not in item:
        left = int(item["expires_at"]["N"]) - now
        raise RequestInProgress(retry_after_seconds=max(1.0, min(_RETRY_AFTER_SECONDS, left)))
    age = now - (int(item["expires_at"]["N"]) - _STORED_SECONDS)
    return Replay(zlib.decompress(b64decode(item["answer"]["B"])), item["owner"]["S"], max(0.0, age))
