"""The emulator's Lambda Runtime API, called as a runtime calls it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

import aiohttp
import pytest

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

    async def stream(self, body: Callable[[], AsyncIterator[bytes]]) -> int:
        headers = {"Lambda-Runtime-Function-Response-Mode": "streaming"}
        path = f"/2018-06-01/runtime/invocation/{self.invocation.request_id}/response"
        async with self._http.post(path, data=body(), headers=headers) as answer:
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


def streamed(*parts: bytes, breaks: bool = False) -> Callable[[], AsyncIterator[bytes]]:
    """A body that is sent as it comes, and that may break off."""

    async def body() -> AsyncIterator[bytes]:
        for part in parts:
            yield part
            await asyncio.sleep(0.02)
        if breaks:
            raise ConnectionResetError

    return body


async def all_of(answer: bytes | StreamedAnswer | None) -> tuple[bytes, bytes]:
    assert isinstance(answer, StreamedAnswer)
    return answer.prelude, b"".join([chunk async for chunk in answer])


@pytest.mark.parametrize(
    "parts",
    [
        (b'{"statusCode":200}' + bytes(8) + b"one", b"two"),
        (b'{"statusCode"', b":200}" + bytes(3), bytes(5), b"onetwo"),
        tuple(bytes([byte]) for byte in b'{"statusCode":200}' + bytes(8) + b"onetwo"),
    ],
    ids=["in-one", "across-chunks", "byte-by-byte"],
)
def test_an_answer_that_streams_is_passed_on_wherever_it_is_split(parts: tuple[bytes, ...]) -> None:
    async def steps(called: Called) -> tuple[bytes, bytes]:
        assert await called.stream(streamed(*parts)) == 202
        return await all_of(await called.invocation.answer)

    assert calling(steps) == (b'{"statusCode":200}', b"onetwo")


def test_an_answer_that_breaks_off_ends_though_its_process_lives() -> None:
    async def steps(called: Called) -> tuple[bytes, bytes]:
        with pytest.raises(aiohttp.ClientError):
            await called.stream(streamed(b'{"statusCode":200}' + bytes(8) + b"one", breaks=True))
        return await all_of(await called.invocation.answer)

    assert calling(steps) == (b'{"statusCode":200}', b"one")


@pytest.mark.parametrize("body", [b"no prelude", b"x" * 17_000 + bytes(8)], ids=["none", "too-long"])
def test_a_stream_without_a_prelude_is_no_answer(body: bytes) -> None:
    async def steps(called: Called) -> tuple[object, list[str]]:
        assert await called.stream(streamed(body)) == 202
        called.api.end()
        return await called.invocation.answer, called.problems

    answer, problems = calling(steps)
    assert answer is None
    assert "without a prelude" in problems[0]
