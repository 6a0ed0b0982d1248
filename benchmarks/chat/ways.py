"""The ways that an answer takes from a host to a caller."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from benchmarks.chat.proxy import proxy
from benchmarks.stream import Server, running

_HERE = Path(__file__).parent
_ROOT = _HERE.parents[1]


class Way(NamedTuple):
    """A way to a host, by its name in the report."""

    name: str
    url: str
    pid: int | None
    """The process that stands in between; None if there is none."""


PROXY, BARE = "a bare proxy", "a bare function"
"""The ways that the others are compared with."""


@contextmanager
def ways(host_url: str, against: Path | None) -> Iterator[list[Way]]:
    """All ways to a host; that through the chat function of another checkout as well, if there is one."""
    with ExitStack() as stack:
        bare = stack.enter_context(running(host_url, _ROOT, "--template", str(stack.enter_context(_bare_function()))))
        between = stack.enter_context(proxy(host_url))
        found = [
            _through_the_bundle(stack.enter_context(running(host_url)), "the chat function"),
            Way(BARE, f"{bare.url}/bare", _process_in(bare, "bare")),
            Way(PROXY, f"{between.url}/chat/completions", between.pid),
            Way("the host alone", f"{host_url}/chat/completions", None),
        ]
        if against:
            there = stack.enter_context(running(host_url, against.resolve()))
            found.append(_through_the_bundle(there, "the chat function there"))
        yield found


@contextmanager
def _bare_function() -> Iterator[Path]:
    """A template beside which there is the code of the bare function, and the runtime."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for path in (_HERE / "bare", _HERE / "bare" / "template.yaml", _ROOT / "shared"):
            (root / path.name).symlink_to(path)
        yield root / "template.yaml"


def _through_the_bundle(make_run: Server, name: str) -> Way:
    return Way(name, f"{make_run.url}/chat-completions/v1/chat/completions", _process_in(make_run, "chat_completions"))


def _process_in(make_run: Server, folder: str) -> int:
    """Return the process of the function whose code is in this folder."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            is_child = f"\nPPid:\t{make_run.pid}\n" in (process / "status").read_text()
            if is_child and (process / "cwd").readlink().name == folder:
                return int(process.name)
        except OSError:
            continue  # it has ended, or is another user's
    sys.exit(f"make run has no process in {folder}")
