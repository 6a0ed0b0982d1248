"""The same queries, run by CloudWatch over the deployed functions' log groups."""

import re
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import Any

import boto3  # type: ignore[import-untyped]
from botocore.exceptions import BotoCoreError, ClientError, NoRegionError  # type: ignore[import-untyped]

from local.aws_region import region
from local.costs.errors import CostsError
from local.costs.insights import Query, Table, Value

_ROWS = 10_000
"""As many as one answer of CloudWatch holds."""
_DAY = 86_400
_SECONDS = 300.0
_PAUSE = 0.5
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_ENDED_BADLY = {"Failed", "Cancelled", "Timeout", "Unknown"}


def _logs() -> Any:  # noqa: ANN401 - boto3 makes its clients' classes at run time
    return boto3.client("logs", region_name=region())


class CloudWatch:
    """Logs Insights over some log groups and the last days.

    Args:
        groups: the names of the log groups.
        days: how many days they look at, the last of which is today in UTC.
    """

    def __init__(
        self,
        groups: Sequence[str],
        days: int,
        *,
        connect: Callable[[], Any] = _logs,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._groups = list(groups)
        self._end = int(time.time())
        # From midnight UTC, so that no day is there in part.
        self._start = self._end // _DAY * _DAY - (days - 1) * _DAY
        self._sleep = sleep
        try:
            self._client = connect()
        except NoRegionError:
            msg = "no AWS region is set: set AWS_REGION, such as eu-central-1"
            raise CostsError(msg) from None
        except (BotoCoreError, ValueError) as error:
            raise CostsError(str(error)) from None

    def run(self, query: Query) -> Table:
        """Run a query and wait for it, five minutes at most.

        Raises:
            CostsError: it cannot be run.
        """
        try:
            return self._run(query)
        except (BotoCoreError, ClientError, ValueError) as error:
            raise CostsError(str(error)) from None

    def _run(self, query: Query) -> Table:
        times = {"startTime": self._start, "endTime": self._end}
        started = self._client.start_query(logGroupNames=self._groups, queryString=query.text, limit=_ROWS, **times)
        try:
            return self._waited_for(started["queryId"], query)
        except BaseException:
            with suppress(BotoCoreError, ClientError):
                self._client.stop_query(queryId=started["queryId"])  # it would go on, and be billed
            raise

    def _waited_for(self, query_id: str, query: Query) -> Table:
        ends_at = time.monotonic() + _SECONDS
        while time.monotonic() < ends_at:
            answer = self._client.get_query_results(queryId=query_id)
            if answer["status"] == "Complete":
                if len(answer["results"]) >= _ROWS:
                    msg = f"there are more than {_ROWS} rows: ask for fewer days"
                    raise CostsError(msg)
                return _result(query.fields, answer["results"])
            if answer["status"] in _ENDED_BADLY:
                msg = f"CloudWatch gave the query up ({answer['status']})"
                raise CostsError(msg)
            self._sleep(_PAUSE)
        msg = f"CloudWatch did not answer within {_SECONDS:.0f} seconds"
        raise CostsError(msg)


def _result(fields: tuple[str, ...], rows: Sequence[Sequence[dict[str, str]]]) -> Table:
    """CloudWatch's rows: it leaves out what is null, and gives every value as a text."""
    read = [{cell["field"]: _value(cell.get("value")) for cell in row} for row in rows]
    return Table(fields, tuple(tuple(row.get(field) for field in fields) for row in read))


def _value(text: str | None) -> Value:
    if text is None or not _NUMBER.fullmatch(text):
        return text
    number = Decimal(text)
    return int(number) if number == number.to_integral_value() else number
