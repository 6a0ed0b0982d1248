"""What was spent since `make run` began: the saved queries of `make costs` as tables, and its picture."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Generic, TypeVar

from aiohttp import web

from local.emulator.child_process import kill, start_python
from local.emulator.cost_log import CostLog

_ROOT = Path(__file__).parents[2]
_PICTURED = "Cost per day and model"
_PICTURES = {".svg": "image/svg+xml", ".png": "image/png"}
_PICTURE_SECONDS = 60  # matplotlib looks through all fonts when it is used for the first time
_NOTHING_TO_DRAW = 2  # the exit status of `make costs` where nothing could be asked
_NO_CACHE = {"Cache-Control": "no-cache"}
ValueT = TypeVar("ValueT")


class _UpToDate(Generic[ValueT]):
    """What is made of the log: by one caller at a time, and anew only when the log has grown."""

    def __init__(self, log: CostLog, make: Callable[[Sequence[str]], Awaitable[ValueT]]) -> None:
        self._log = log
        self._make = make
        self._making = asyncio.Lock()
        self._made: tuple[int, ValueT] | None = None

    async def get(self) -> ValueT:
        """Return it, as of now."""
        async with self._making:
            written = self._log.written
            if not self._made or self._made[0] != written:
                self._made = written, await self._make(self._log.lines())
            return self._made[1]


class CostPages:
    """Answers from this log."""

    def __init__(self, log: CostLog) -> None:
        self._log = log
        # A thread is enough for a second's work. The picture has a process: matplotlib would stay in this one.
        self._tables = _UpToDate(log, lambda lines: asyncio.to_thread(_tables, lines))

    @property
    def routes(self) -> list[web.RouteDef]:
        """Return the routes of the tables and of the picture."""
        return [
            web.get("/costs", self._get_tables),
            *(web.get(f"/costs{suffix}", self._picture_getter(suffix)) for suffix in _PICTURES),
        ]

    async def _get_tables(self, _: web.Request) -> web.Response:
        tables = await self._tables.get()
        counts = {"requests": self._log.requests, "droppedLines": self._log.dropped}
        return web.json_response({**tables, **counts}, headers=_NO_CACHE)

    def _picture_getter(self, suffix: str) -> Callable[[web.Request], Awaitable[web.Response]]:
        picture = _UpToDate(self._log, lambda lines: _picture(suffix, lines))

        async def get(_: web.Request) -> web.Response:
            status, body = await picture.get()
            if isinstance(body, str):
                return web.json_response({"error": body}, status=status, headers=_NO_CACHE)
            return web.Response(body=body, content_type=_PICTURES[suffix], headers=_NO_CACHE)

        return get


def _tables(lines: Sequence[str]) -> dict[str, Any]:
    """Run all saved queries that are about no single request."""
    # Not before they are asked for: `make run` starts sooner without them.
    from local.costs.errors import CostsError  # noqa: PLC0415
    from local.costs.insights import Query  # noqa: PLC0415
    from local.costs.log import Log  # noqa: PLC0415
    from local.costs.queries import saved_queries  # noqa: PLC0415
    from local.costs.report import as_data  # noqa: PLC0415

    saved = [(each, Query(each.text)) for each in saved_queries() if not each.parameters]
    events = Log(lines, {field for _, query in saved for field in query.reads}).events
    tables, problems = [], []
    for each, query in saved:
        try:
            rows = as_data(query.run(events))
        except CostsError as error:
            problems.append(f"{each.name}: {error}")
        else:
            tables.append({"name": each.name, "title": each.title, "columns": query.fields, "rows": rows})
    return {"tables": tables, "problems": problems}


async def _picture(suffix: str, lines: Sequence[str]) -> tuple[int, bytes | str]:
    """Have `make costs` draw its picture; return it, or a status and the sentence that says why there is none."""
    with TemporaryDirectory(prefix="make-run-costs-") as folder:
        log, picture = Path(folder, "functions.log"), Path(folder, f"costs{suffix}")
        await asyncio.to_thread(log.write_text, "\n".join(lines), "utf-8")
        status, said = await _run_costs("--only", _PICTURED, "--plot", os.fspath(picture), os.fspath(log))
        if body := await asyncio.to_thread(_contents, picture):
            return 200, body
        return 404 if status == _NOTHING_TO_DRAW else 500, said.rpartition("make costs: ")[2].strip()


def _contents(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


async def _run_costs(*arguments: str) -> tuple[int, str]:
    """Run `make costs` in a process of its own; return its exit status and what it complains of."""
    env = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | {"PYTHONPATH": os.fspath(_ROOT)}
    process = await start_python("-m", "local.costs", *arguments, cwd=_ROOT, env=env)
    try:
        async with asyncio.timeout(_PICTURE_SECONDS):
            streams = [stream.read() for stream in (process.stdout, process.stderr) if stream]
            _, said = await asyncio.gather(*streams)
            return await process.wait(), said.decode(errors="replace")
    except TimeoutError:
        return 1, f"The picture was not drawn within {_PICTURE_SECONDS} s."
    finally:
        kill(process)
