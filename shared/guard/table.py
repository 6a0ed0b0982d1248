"""The guard's table: a partition key `pk`, and `expires_at`, some time after which DynamoDB deletes an item.

An expired item does not count, whether it is already deleted or not. Each operation is one conditional write, so no
value is read first and written later.
"""

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from shared.guard.dynamodb import ConditionFailed, Item, Store
from shared.guard.errors import StoreUnavailable

_NAMES = {"#amount": "amount", "#expires": "expires_at", "#owner": "owner", "#answer": "answer"}


def digest(*parts: str | bytes) -> str:
    """Return a hash that names these parts without revealing them."""
    return hashlib.sha256(b"\0".join(part if isinstance(part, bytes) else part.encode() for part in parts)).hexdigest()


class Table:
    """The guard's table: counters, and claims that become stored answers. Times are seconds since the epoch."""

    def __init__(self, name: str, store: Store) -> None:
        self._name = name
        self._store = store

    def add(self, key: str, amount: int, seconds: float, *, ceiling: int, expires_at: int) -> int | None:
        """Add to a counter and return the sum; if that would be over the ceiling, add nothing and return None.

        If the answer is lost, it may have been added: it is not retried.
        """
        if amount > ceiling:
            return None  # the condition cannot check this on a new counter, which has no amount
        values = {":amount": _number(amount), ":max_before": _number(ceiling - amount), ":expires": _number(expires_at)}
        try:
            return self._update(
                key,
                "ADD #amount :amount SET #expires = :expires",
                "attribute_not_exists(#amount) OR #amount <= :max_before",
                values,
                seconds,
            )
        except ConditionFailed:
            return None

    def correct(self, key: str, amount: int, seconds: float, *, repeatable: bool = False) -> None:
        """Add an amount, which may be negative, to an existing counter; a counter that has expired is not recreated."""
        values = {":amount": _number(amount)}
        try:
            self._update(
                key, "ADD #amount :amount", "attribute_exists(#amount)", values, seconds, repeatable=repeatable
            )
        except ConditionFailed:
            return

    def claim(self, key: str, owner: str, body: str, seconds: float, *, now: float, expires_at: int) -> Item | None:
        """Write a claim unless there is one that has not expired; return None on success, else the existing item.

        An existing claim of the same owner counts as success: the answer to its write was lost.
        """
        item = {"pk": _text(key), "owner": _text(owner), "body": _text(body), "expires_at": _number(expires_at)}
        request = {
            "TableName": self._name,
            "Item": item,
            "ConditionExpression": "attribute_not_exists(pk) OR #expires <= :now"
            " OR (#owner = :owner AND attribute_not_exists(#answer))",
            "ExpressionAttributeNames": _attribute_names("#expires", "#owner", "#answer"),
            "ExpressionAttributeValues": {":now": _number(int(now)), ":owner": _text(owner)},
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        try:
            self._store.call("PutItem", request, seconds, repeatable=True)
        except ConditionFailed as failed:
            return failed.item
        return None

    def store_answer(
        self, key: str, owner: str, answer: bytes, seconds: float, *, expires_at: int, first: bool = False
    ) -> bool:
        """Store the answer in a claim; return False if it is no longer this owner's, or has one that is to stay."""
        values = {":owner": _text(owner), ":answer": {"B": b64encode(answer).decode()}, ":expires": _number(expires_at)}
        # The same answer is this very write's, made again because no answer to it came.
        unanswered = " AND (attribute_not_exists(#answer) OR #answer = :answer)" if first else ""
        request = {
            "TableName": self._name,
            "Key": {"pk": _text(key)},
            "UpdateExpression": "SET #answer = :answer, #expires = :expires",
            "ConditionExpression": f"#owner = :owner{unanswered}",
            "ExpressionAttributeNames": _attribute_names("#answer", "#expires", "#owner"),
            "ExpressionAttributeValues": values,
        }
        try:
            self._store.call("UpdateItem", request, seconds, repeatable=True)
        except ConditionFailed:
            return False
        return True

    def release(self, key: str, owner: str, seconds: float) -> None:
        """Delete a claim of this owner that has no answer."""
        self._delete(key, owner, "attribute_not_exists(#answer)", seconds)

    def forget(self, key: str, owner: str, seconds: float) -> None:
        """Delete a claim of this owner with its answer."""
        self._delete(key, owner, "attribute_exists(#answer)", seconds)

    def call(self, operation: str, request: dict[str, Any], seconds: float, *, repeatable: bool) -> dict[str, Any]:
        """Make one call on this table; see `Store.call`."""
        return self._store.call(operation, {"TableName": self._name, **request}, seconds, repeatable=repeatable)

    def _delete(self, key: str, owner: str, condition: str, seconds: float) -> None:
        request = {
            "TableName": self._name,
            "Key": {"pk": _text(key)},
            "ConditionExpression": f"#owner = :owner AND {condition}",
            "ExpressionAttributeNames": _attribute_names("#owner", "#answer"),
            "ExpressionAttributeValues": {":owner": _text(owner)},
        }
        try:
            self._store.call("DeleteItem", request, seconds, repeatable=True)
        except ConditionFailed:
            return

    def _update(
        self,
        key: str,
        update: str,
        condition: str,
        values: Mapping[str, Mapping[str, str]],
        seconds: float,
        *,
        repeatable: bool = False,
    ) -> int:
        request = {
            "TableName": self._name,
            "Key": {"pk": _text(key)},
            "UpdateExpression": update,
            "ConditionExpression": condition,
            "ExpressionAttributeNames": _attribute_names(*(name for name in _NAMES if name in update)),
            "ExpressionAttributeValues": values,
            "ReturnValues": "UPDATED_NEW",
        }
        answer = self._store.call("UpdateItem", request, seconds, repeatable=repeatable)
        try:
            return int(answer["Attributes"]["amount"]["N"])
        except (KeyError, ValueError, TypeError):  # not an answer of DynamoDB
            raise StoreUnavailable from None


def _attribute_names(*names: str) -> dict[str, str]:
    """Return the attributes behind these placeholders, which are needed because DynamoDB reserves many words."""
    return {name: _NAMES[name] for name in names}


def _text(text: str) -> dict[str, str]:
    return {"S": text}


def _number(number: int) -> dict[str, str]:
    return {"N": str(number)}
