"""The same key and body come to one answer; a key belongs to its caller, its function and its body."""

import random
import zlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from shared.aws import ErrorAnswer
from shared.guard.dynamodb import Store
from shared.guard.errors import IdempotencyMismatch, InvalidIdempotencyKey, RequestInProgress, StoreUnavailable
from shared.guard.idempotency import Claim, Idempotency, Replay
from shared.guard.table import Table
from tests.support.table import crowded_table, items, run, table

NOW = 1_800_000_000.0
BODY = b'{"prompt":"a list"}'


def idempotency(address: str, *, now: float = NOW) -> Idempotency:
    return Idempotency(table(address), lambda: now)


def begin(address: str, request_id: str = "r-1", *, now: float = NOW, body: bytes = BODY, **who: Any) -> Replay | Claim:
    asked = run(request_id=request_id, seconds=100, **who)
    return idempotency(address, now=now).begin(asked, "key-1", body)


def claimed(address: str, request_id: str = "r-1", *, now: float = NOW, **who: Any) -> Claim:
    claim = begin(address, request_id, now=now, **who)
    assert isinstance(claim, Claim)
    return claim


def test_the_same_again_gets_the_same_answer(address: str) -> None:
    assert claimed(address).store(b"answer" * 1000)

    assert begin(address, "r-2", now=NOW + 24 * 3600 - 1) == Replay(b"answer" * 1000)


def test_after_a_day_it_is_made_anew(address: str) -> None:
    claimed(address).store(b"old")

    claimed(address, "r-2", now=NOW + 24 * 3600).store(b"new")
    assert begin(address, "r-3", now=NOW + 24 * 3600) == Replay(b"new")


def test_of_20_at_once_one_is_made(address: str) -> None:
    ours = Idempotency(crowded_table(address), lambda: NOW)

    def one(number: int) -> Replay | Claim | RequestInProgress:
        try:
            return ours.begin(run(request_id=f"r-{number}", seconds=60), "key-1", BODY)
        except RequestInProgress as failure:
            return failure

    with ThreadPoolExecutor(20) as threads:
        came = list(threads.map(one, range(20)))

    assert [isinstance(each, Claim) for each in came].count(True) == 1
    assert [isinstance(each, RequestInProgress) for each in came].count(True) == 19


def test_while_it_runs_the_same_is_told_to_come_again(address: str) -> None:
    claimed(address)

    with pytest.raises(RequestInProgress) as raised:
        begin(address, "r-2", now=NOW + 1)
    assert raised.value.retry_after_seconds == 10


def test_the_claim_of_a_killed_process_ends_with_the_time_that_it_had(address: str) -> None:
    claimed(address)

    with pytest.raises(RequestInProgress) as raised:
        begin(address, "r-2", now=NOW + 101)
    assert 1 <= (raised.value.retry_after_seconds or 0) < 5
    late = claimed(address, "r-2", now=NOW + 106)
    assert late.store(b"second")


def test_who_lost_the_claim_keeps_nothing_and_frees_nothing(address: str) -> None:
    slow = claimed(address)
    quick = claimed(address, "r-2", now=NOW + 106)

    assert not slow.store(b"first")
    slow.release()
    assert quick.store(b"second")
    slow.release()
    assert begin(address, "r-3", now=NOW + 107) == Replay(b"second")


@pytest.mark.parametrize("done", [True, False], ids=["done", "at-work"])
def test_another_body_is_refused(address: str, done: bool) -> None:
    claim = claimed(address)
    if done:
        claim.store(b"answer")

    with pytest.raises(IdempotencyMismatch):
        begin(address, "r-2", body=b'{"prompt":"another"}')


@pytest.mark.parametrize(
    "other", [{"caller": "bob"}, {"function": "generate_artifact_fix"}], ids=["caller", "function"]
)
def test_a_key_belongs_to_its_caller_and_function(address: str, other: dict[str, Any]) -> None:
    claimed(address).store(b"answer")

    claimed(address, "r-2", **other)


def test_a_failure_gives_the_key_free(address: str) -> None:
    claimed(address).release()

    assert items(address) == {}
    claimed(address, "r-2")


def noise(packed: int) -> bytes:
    """An answer that is of this size when it is packed."""
    source = random.Random(1)  # noqa: S311 - no secret
    answer = source.randbytes(packed)
    answer = answer[: 2 * packed - len(zlib.compress(answer))]
    assert len(zlib.compress(answer)) == packed
    return answer


class Recorder:
    """A client that takes everything; moto counts a packed answer a third too large."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def call(self, operation: str, _request: Mapping[str, Any], _seconds: float) -> dict[str, Any]:
        self.calls.append(operation)
        return {}


@pytest.mark.parametrize(("size", "fits"), [(409_416, True), (409_417, False)], ids=["just-fits", "a-byte-more"])
def test_what_no_item_holds_is_not_kept(size: int, fits: bool) -> None:
    """The whole item counts: names, key, owner, the hash of the body, and the answer as it is packed."""
    recorder = Recorder()
    claim = Idempotency(Table("t", Store(lambda: recorder)), lambda: NOW).begin(run(), "key-1", BODY)
    assert isinstance(claim, Claim)

    assert claim.store(noise(size)) is fits
    assert recorder.calls == ["PutItem", *(["UpdateItem"] if fits else [])]


def test_a_large_answer_is_kept(address: str) -> None:
    answer = noise(290_000)

    assert claimed(address).store(answer)
    assert begin(address, "r-2") == Replay(answer)


def test_a_refusal_that_does_not_say_what_is_there_lets_nobody_in() -> None:
    class Mute:
        def call(self, _operation: str, _request: Mapping[str, Any], _seconds: float) -> dict[str, Any]:
            raise ErrorAnswer("ConditionalCheckFailedException", 400, {})

    with pytest.raises(StoreUnavailable):
        Idempotency(Table("t", Store(Mute)), lambda: NOW).begin(run(), "key-1", BODY)


def test_what_the_table_refuses_for_its_size_leaves_the_key_free(address: str) -> None:
    reports: list[str] = []
    claim = idempotency(address).begin(run(reports=reports), "key-1", BODY)
    assert isinstance(claim, Claim)

    assert not claim.store(noise(409_000))
    claim.release()
    assert items(address) == {}
    assert [report.partition(" (")[0] for report in reports] == ["an answer was not kept for its Idempotency-Key"]


def test_neither_key_nor_body_is_in_the_table(address: str) -> None:
    asked = run("ann@example.org", request_id="r-1")
    idempotency(address).begin(asked, "my-secret-order", BODY)

    assert not [word for word in ("my-secret", "prompt", "ann") if word in str(items(address))]


@pytest.mark.parametrize(
    "key", ["", "  ", "a" * 256, "a\n", "caf\u00e9", "\x7f"], ids=["empty", "blank", "long", "line", "wide", "del"]
)
def test_what_is_no_key_is_refused(address: str, key: str) -> None:
    with pytest.raises(InvalidIdempotencyKey):
        idempotency(address).begin(run(), key, BODY)


@pytest.mark.parametrize("key", ["a", "a" * 255, " !~"], ids=["short", "long", "edges"])
def test_what_is_a_key_is_taken(address: str, key: str) -> None:
    assert isinstance(idempotency(address).begin(run(), key, BODY), Claim)


def test_an_answer_that_is_told_once_frees_its_key(address: str) -> None:
    claimed(address).store(b"502 {}")
    told = begin(address, "r-2")
    assert isinstance(told, Replay)

    idempotency(address).forget(run(request_id="r-2"), "key-1", told)

    assert items(address) == {}
    claimed(address, "r-3")


def test_a_claim_that_came_since_is_not_forgotten(address: str) -> None:
    """Two may be told of one failure: the second must not free what the first has begun anew."""
    claimed(address).store(b"502 {}")
    told = begin(address, "r-2")
    assert isinstance(told, Replay)
    idempotency(address).forget(run(request_id="r-2"), "key-1", told)
    claimed(address, "r-3")

    idempotency(address).forget(run(request_id="r-4"), "key-1", told)

    with pytest.raises(RequestInProgress):
        begin(address, "r-5")


def test_an_answer_says_how_old_it_is(address: str) -> None:
    claimed(address).store(b"429 {}")

    replay = begin(address, "r-2", now=NOW + 25)

    assert isinstance(replay, Replay)
    assert (replay.owner, replay.age_seconds) == ("r-1", 25)
