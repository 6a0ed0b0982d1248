"""The judge: each artifact is rendered, by Chromium with the real libraries or by the compiler of its language."""

import json
import subprocess
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import chain, islice
from pathlib import Path
from typing import Any, Self

from benchmarks.renders.artifact import Artifact, Verdict
from benchmarks.renders.library import Progress, served
from shared.artifacts.kinds import Kind
from tests.support.chromium import Browser, BrowserError, Page, chromium

_PLAIN = Path(__file__).with_name("plain.cjs")
_IN_BROWSER = frozenset({Kind.REACT, Kind.HTML, Kind.SVG, Kind.MERMAID})
_IN_NODE = frozenset({"javascript", "jsx", "typescript", "tsx", "json"})
# Frames without an origin share no cache otherwise, and each would load all libraries anew.
_SWITCHES = ("--disable-features=SplitCacheByNetworkIsolationKey,SplitCodeCacheByNetworkIsolationKey",)
_BATCH = 40
"""Artifacts in a page at a time."""
_SECONDS = 30.0
"""For a batch: longer than the page allows itself, which may hang as well."""
_HANGS = Verdict(ok=False, stage="hang", said="did not come to an end")


class Renderer:
    """A browser with the libraries, started anew when an artifact hangs it; close it, or use it as a context."""

    def __init__(self, home: Path, seconds: float = _SECONDS) -> None:
        self._home = home
        self._seconds = seconds
        self._server = ExitStack()
        self._address = self._server.enter_context(served(home))
        self._browser = ExitStack()
        self._page: tuple[Browser, Page] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._browser.close()
        self._server.close()

    def judge(self, artifacts: Sequence[Artifact], progress: Progress) -> dict[str, Verdict]:
        """Return what each artifact's renderer says, by the artifact's name."""
        said: dict[str, Verdict] = {}
        for kind in Kind:
            chosen = [each for each in artifacts if each.kind is kind]
            if not chosen:
                continue
            for batch in _batches(chosen, _BATCH if kind in _IN_BROWSER else len(chosen)):
                judged = self._rendered(kind, batch) if kind in _IN_BROWSER else self._compiled(batch)
                said.update(zip((each.name for each in batch), judged, strict=True))
                progress(f"rendered: {kind}, {len(said)} of {len(artifacts)}")
        return said

    def _rendered(self, kind: Kind, batch: Sequence[Artifact]) -> list[Verdict]:
        judged = self._in_page(kind, batch)
        if None not in judged:
            return [each for each in judged if each is not None]
        self._restart()
        if len(batch) == 1:
            return [_HANGS]
        # One that hangs holds up the others of its process: they are judged again, each alone. If there is nothing at
        # all, the browser itself is gone: halves come to an end sooner.
        again = [artifact for artifact, each in zip(batch, judged, strict=True) if each is None]
        size = 1 if len(again) < len(batch) else len(batch) // 2
        anew = chain.from_iterable(self._rendered(kind, part) for part in _batches(again, size))
        return [next(anew) if each is None else each for each in judged]

    def _in_page(self, kind: Kind, batch: Sequence[Artifact]) -> list[Verdict | None]:
        if self._page is None:
            browser = self._browser.enter_context(chromium(*_SWITCHES))
            self._page = browser, browser.open(self._address)
        browser, page = self._page
        browser.logged.clear()
        try:
            codes = json.dumps([each.code for each in batch])
            judged = page.evaluate(f"judge({json.dumps(kind.value)}, {codes})", seconds=self._seconds)
        except (BrowserError, TimeoutError, TypeError, KeyError):  # the last two: the browser or its page is gone
            return [None for _ in batch]
        verdicts = [None if each is None else Verdict(**each) for each in judged]
        return list(_with_log(verdicts, browser.logged)) if kind is Kind.SVG else verdicts

    def _restart(self) -> None:
        self._browser.close()
        self._page = None

    def _compiled(self, artifacts: Sequence[Artifact]) -> list[Verdict]:
        in_node = [each for each in artifacts if each.kind is Kind.MARKDOWN or each.language in _IN_NODE]
        said = dict(zip((each.name for each in in_node), _by_node(self._home, in_node), strict=True))
        return [said[each.name] if each.name in said else _by_python(each) for each in artifacts]


def _with_log(verdicts: Iterable[Verdict | None], logged: Sequence[str]) -> Iterator[Verdict | None]:
    """Add what the browser's log says between the marks of each drawing."""
    lines = iter(logged)
    for number, verdict in enumerate(verdicts):
        for line in lines:
            if f'"begin-{number}"' in line:
                break
        complaints = []
        for line in lines:
            if f'"end-{number}"' in line:
                break
            complaints.append(line)
        if complaints and verdict is not None and verdict.ok:
            yield Verdict(ok=False, stage="log", said=complaints[0][:300])
        else:
            yield verdict


def _by_node(home: Path, artifacts: Sequence[Artifact]) -> list[Verdict]:
    lines = "".join(
        json.dumps({"kind": each.kind.value, "language": each.language, "code": each.code}) + "\n" for each in artifacts
    )
    done = subprocess.run(  # noqa: S603 -- the benchmark's own script
        ["node", str(_PLAIN), str(home)],  # noqa: S607
        input=lines, stdout=subprocess.PIPE, text=True, check=True, encoding="utf-8",
    )  # fmt: skip
    return [Verdict(**json.loads(line)) for line in done.stdout.splitlines()]


def _by_python(artifact: Artifact) -> Verdict:
    if artifact.language != "python":
        return Verdict(ok=None, stage="language", said=f"nobody judges {artifact.language} here")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(artifact.code, "artifact.py", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return Verdict(ok=False, stage="compile", said=str(error)[:300])
    return Verdict(ok=True, stage="", said="")


def _batches(artifacts: Sequence[Artifact], size: int) -> Iterator[list[Artifact]]:
    rest: Iterator[Any] = iter(artifacts)
    while batch := list(islice(rest, size)):
        yield batch
