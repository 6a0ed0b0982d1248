"""The guard's table, as `make reconcile` uses it: reads and replaces what is counted for attempts of unknown cost."""

import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import boto3  # type: ignore[import-untyped]
from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped]

from local.aws_region import region
from local.reconcile.replacements import Replacement
from shared.guard.dynamodb import Item
from shared.guard.unknown_costs import UnknownCosts

_BATCH = 100
"""Items of one `BatchGetItem` (DynamoDB's documentation, 2026)."""
_TRIES = 8
"""Transactions per request; each further one is made because the item or a counter was changed meanwhile."""
_PAUSE_SECONDS = 0.2
_CONDITION = "ConditionalCheckFailed"


class BooksError(Exception):
    """The table cannot be used; the text says why."""


class BookedCosts:
    """The items of the guard's table that hold what is counted for unknown costs."""

    def __init__(
        self,
        name: str,
        client: Any = None,  # noqa: ANN401 - boto3's
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._name = name
        self._sleep = sleep
        with _explained(name):
            self._client = client or boto3.client("dynamodb", region_name=region())

    def read(self, request_ids: Iterable[str]) -> list[UnknownCosts]:
        """Return the items of those of these requests that have one, in their order.

        Raises:
            BooksError: the table cannot be read.
        """
        keys = [UnknownCosts.key(request_id) for request_id in dict.fromkeys(request_ids)]
        found: list[Item] = []
        with _explained(self._name):
            for at in range(0, len(keys), _BATCH):
                found += self._items(keys[at : at + _BATCH])
        by_id = {each.request_id: each for each in map(UnknownCosts.read, found)}
        return [by_id[key["pk"]["S"].partition("#")[2]] for key in keys if key["pk"]["S"].partition("#")[2] in by_id]

    def apply(self, unknown: UnknownCosts, costs: Mapping[str, int]) -> Replacement:
        """Replace what is counted by the host's figures, all at once or not at all; each attempt once.

        Raises:
            BooksError: the table cannot be used.
        """
        for _ in range(_TRIES):
            after = unknown.with_costs(costs)
            if after.revision == unknown.revision:
                return Replacement.of(unknown, after)
            with _explained(self._name):
                reasons = self._write(unknown, after)
            if not reasons:
                return Replacement.of(unknown, after)
            if reasons[0] != _CONDITION and _CONDITION in reasons:
                return Replacement.of(unknown, after, "a day's book is gone, or holds less than is to be given back")
            self._sleep(random.uniform(0, _PAUSE_SECONDS))  # noqa: S311 - no secret
            (unknown,) = self.read([unknown.request_id]) or [unknown]
        return Replacement.of(unknown, unknown.with_costs(costs), "others kept changing it; try again")

    def _items(self, keys: list[Item]) -> Iterator[Item]:
        pending: dict[str, Any] = {self._name: {"Keys": keys, "ConsistentRead": True}}
        while pending:
            answer = self._client.batch_get_item(RequestItems=pending)
            yield from answer["Responses"].get(self._name, [])
            pending = answer.get("UnprocessedKeys") or {}
            if pending:
                self._sleep(_PAUSE_SECONDS)

    def _write(self, before: UnknownCosts, after: UnknownCosts) -> list[str]:
        """Write in one transaction; return nothing on success, else the reason for the item and each counter."""
        change = after.counted - before.counted
        books = before.counter_keys if change else ()
        try:
            self._client.transact_write_items(
                TransactItems=[self._of_item(before, after), *(self._of_book(book, change) for book in books)]
            )
        except self._client.exceptions.TransactionCanceledException as error:
            return [reason.get("Code", "") for reason in error.response.get("CancellationReasons", [])] or ["unknown"]
        return []

    def _of_item(self, before: UnknownCosts, after: UnknownCosts) -> dict[str, Any]:
        return {
            "Update": {
                "TableName": self._name,
                "Key": UnknownCosts.key(before.request_id),
                "UpdateExpression": "SET #attempts = :attempts, #revision = :after",
                "ConditionExpression": "#revision = :before",
                "ExpressionAttributeNames": {"#attempts": "attempts", "#revision": "revision"},
                "ExpressionAttributeValues": {
                    ":attempts": after.attempts_attribute,
                    ":after": {"N": str(after.revision)},
                    ":before": {"N": str(before.revision)},
                },
            }
        }

    def _of_book(self, book: str, change: int) -> dict[str, Any]:
        values = {":change": {"N": str(change)}}
        if change < 0:
            values[":back"] = {"N": str(-change)}
        return {
            "Update": {
                "TableName": self._name,
                "Key": {"pk": {"S": book}},
                "UpdateExpression": "ADD #amount :change",
                # A missing counter would begin below zero, and allow more than the day's limit.
                "ConditionExpression": "#amount >= :back" if change < 0 else "attribute_exists(#amount)",
                "ExpressionAttributeNames": {"#amount": "amount"},
                "ExpressionAttributeValues": values,
            }
        }


@contextmanager
def _explained(name: str) -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        msg = f"the guard's table {name} cannot be used: {error}"
        raise BooksError(msg) from None
