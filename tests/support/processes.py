"""A server of ours as a process of its own, which says where it listens."""

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


@contextmanager
def serving_process(
    module: str, *arguments: str, environment: Mapping[str, str] | None = None
) -> Iterator[tuple[str, int]]:
    """Run a module of the project; its address, which is the first that it prints, and its process are given."""
    command = [sys.executable, "-m", module, *arguments]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            address = re.search(r"http://\S+", process.stdout.readline())
            assert address is not None
            yield address[0], process.pid
        finally:
            process.kill()
