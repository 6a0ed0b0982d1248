"""Asks OpenRouter what an attempt cost, by its generation ID; no other host keeps such a record."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from types import TracebackType
from typing import Self

import httpx

from shared import __version__
from shared.costs.usage import Usage, nano_usd
from shared.model_host.json_object import UnreadableChunkError, error_of, read_object
from shared.model_host.retry_after import retry_after_seconds

_TIMEOUT_SECONDS = 15.0
_ROUNDS = 4
_WAIT_SECONDS = 3.0
_MAX_WAIT_SECONDS = 60.0
_KEY_STATUSES = {401, 402, 403}

Progress = Callable[[int, int], None]
"""Called with how many of how many have an answer."""


class LookUpError(Exception):
    """The host cannot be asked; the text says why and what to do."""


class Generations:
    """OpenRouter's record of generations, behind `GET /generation?id=`."""

    def __init__(self, base_url: str, key: str, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._url = f"{base_url}/generation"
        self._sleep = sleep
        headers = {"Authorization": f"Bearer {key}", "User-Agent": f"kimi-artifacts/{__version__}"}
        self._http = httpx.Client(headers=headers, timeout=_TIMEOUT_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._http.close()

    def costs(self, ids: list[str], progress: Progress) -> dict[str, int]:
        """Return what each generation cost, in nano-dollars; one that the host does not know is left out.

        The host may not know a generation for a while after it was made, so those are asked for again, in rounds.

        Raises:
            LookUpError: the host cannot be reached, or rejects the key.
        """
        found: dict[str, int] = {}
        for number in range(_ROUNDS):
            pending = [each for each in ids if each not in found]
            if not pending:
                break
            if number:
                self._sleep(_WAIT_SECONDS * number)
            for each in pending:
                cost = self._cost(each)
                if cost is not None:
                    found[each] = cost
                progress(len(found), len(ids))
        return found

    def _cost(self, generation_id: str) -> int | None:
        with self._explained():
            answer = self._http.get(self._url, params={"id": generation_id})
        if answer.status_code in _KEY_STATUSES:
            msg = f"the model host answers {answer.status_code}: it does not take this key (OPENROUTER_K2T_KEY)"
            raise LookUpError(msg)
        if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
            hint = retry_after_seconds(answer.headers, error_of(answer.content))
            self._sleep(min(_MAX_WAIT_SECONDS, hint or _WAIT_SECONDS))
        return _nano_usd(answer.content) if answer.status_code == httpx.codes.OK else None

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except httpx.HTTPError as error:
            msg = f"the model host at {self._url} cannot be asked: {error or type(error).__name__}"
            raise LookUpError(msg) from None


def _nano_usd(body: bytes) -> int | None:
    """Return the cost of a generation, by the same rule as that of a usage object."""
    try:
        data = read_object(body).get("data")
    except UnreadableChunkError:
        return None
    if not isinstance(data, dict):
        return None
    usage = Usage.read(
        {
            "cost": data.get("total_cost"),
            "is_byok": data.get("is_byok"),
            "cost_details": {"upstream_inference_cost": data.get("upstream_inference_cost")},
        }
    )
    return nano_usd(usage.reported_usd)


def dollars(nano: int | None) -> str:
    """Return nano-dollars as exact dollars; a dash where the cost is unknown."""
    return "-" if nano is None else f"${Decimal(nano) / 10**9:.9f}"
