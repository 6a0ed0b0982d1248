"""The emulator's Lambda Runtime API, called as a runtime calls it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import aiohttp

from local.emulator.functions import read_functions
from local.emulator.process_pool import Invocation, StreamedAnswer
from local.emulator.runtime_api import RuntimeApi
from tests.local.emulator import TOYS

T = TypeVar("T")


class Called:
    """A Runtime API with one event on its way, and a client of it."""

    def __init__(
        self, api: RuntimeApi, invocation: Invocation, problems: list[str], http: aiohttp.ClientSession
    ) -> None:
        self.api = api
        self.invocation = invocation
        self.problems = problems
        self._http = http

    async def next(self) -> int:
        async with self._http.get("/2018-06-01/runtime/invocation/next") as answer:
            await answer.read()
            return answer.status

    async def post(self, what: str, body: bytes = b'"done"') -> int:
        async with self._http.post(f"/2018-06-01/runtime/{what}", data=body) as answer:
            await answer.read()
            return answer.status


def calling(steps: Callable[[Called], Awaitable[T]]) -> T:
    """Take these steps with an API whose process has been handed an event."""

    async def run() -> T:
        function = read_functions(TOYS / "template.yaml", {})[0]
        events = [Invocation("id", "trace", b"{}")]
        problems: list[str] = []

        def on_next() -> None:
            if events:
                api.hand(events.pop())

        api = RuntimeApi(function, on_next, problems.append)
        invocation = events[0]
        address = await api.listen()
        try:
            async with aiohttp.ClientSession(f"http://{address}") as http:
                called = Called(api, invocation, problems, http)
                assert await called.next() == 200
                return await asyncio.wait_for(steps(called), 5)
        finally:
            await api.close()

    return asyncio.run(run())


def test_an_answer_counts_though_its_process_ends_before_it_asks_again() -> None:
    async def steps(called: Called) -> bytes | StreamedAnswer | None:
        assert await called.post("invocation/id/response") == 202
        assert not called.invocation.answer.done()
        assert called.api.end() is None
        return await called.invocation.answer

    assert calling(steps) == b'"done"'


def test_an_event_that_its_process_leaves_is_told_of() -> None:
    async def steps(called: Called) -> Invocation | None:
        return called.api.end()

    left = calling(steps)

    assert left
    assert (left.request_id, left.answer.done()) == ("id", False)


def test_an_answer_to_another_event_is_refused() -> None:
    async def steps(called: Called) -> list[int]:
        return [await called.post(f"invocation/other/{what}") for what in ("response", "error")]

    assert calling(steps) == [400, 400]


def test_who_asks_after_the_end_is_told_that_all_is_over() -> None:
    async def steps(called: Called) -> int:
        called.api.end()
        return await called.next()

    assert calling(steps) == 410


def test_why_a_start_failed_is_passed_on() -> None:
    async def steps(called: Called) -> list[str]:
        assert await called.post("init/error", b'{"errorType": "ImportError", "errorMessage": "no toy"}') == 202
        return called.problems

    assert calling(steps) == ["failed to start: ImportError: no toy"]
