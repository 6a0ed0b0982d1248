"""Extraction and check by size, each in a process of its own that has nothing else to do."""

import json
import os
import random
import subprocess
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from benchmarks.bundle.answers import SIZES, answer, component
from benchmarks.bundle.builds import BEFORE, HTTPX, OPENAI, OURS, URLLIB, Builds
from benchmarks.bundle.rows import Row

GROUP = "parts"
_HERE = Path(__file__).parent
_TIMES = {"2 KB": 5, "20 KB": 2, "200 KB": 1}
_SIMPLE = (OPENAI, HTTPX, URLLIB)
"""They share one search for the artifact, and none checks it."""


def measure(builds: Builds, rounds: int, progress: Callable[[str], None]) -> list[Row]:
    """Measure each once in each round, in random order."""
    rows = []
    those = [name for name in (OURS, BEFORE, HTTPX) if name in builds.bundles]
    for size, characters in SIZES.items():
        given = {"answer": answer(characters), "code": component(characters), "times": _TIMES[size]}
        found: dict[str, list[dict[str, float]]] = defaultdict(list)
        counted = max(3, rounds // 3)
        for number in range(counted):
            progress(f"extraction and check of {size}: {number} of {counted} rounds")
            for name in random.sample(those, len(those)):
                found[name].append(_run(builds, name, given))
        extraction = {name: [each["extraction"] for each in found[name]] for name in found}
        extraction |= dict.fromkeys(_SIMPLE, extraction[HTTPX])
        check = {name: [each["check"] for each in found[name]] for name in (OURS, BEFORE) if name in found}
        rows += [
            Row(GROUP, f"extraction of {size}", "CPU ms", 2, extraction),
            Row(GROUP, f"check of a component of {size}", "CPU ms", 1, check),
        ]
    return rows


def _run(builds: Builds, name: str, given: dict[str, object]) -> dict[str, float]:
    bundle = builds.bundles[name]
    done = subprocess.run(  # noqa: S603 - our own
        [builds.python, "-S", os.fspath(_HERE / "inside.py")],
        cwd=bundle.function,
        env={
            "PYTHONPATH": os.pathsep.join([os.fspath(bundle.layer / "python"), os.fspath(bundle.function)]),
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    result: dict[str, float] = json.loads(done.stdout)
    return result
