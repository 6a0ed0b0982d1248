"""Run by Lambda's version of Python on a built layer: how long extraction and check take for one answer.

Reads `{"answer": …, "code": …, "times": …}` on standard input, and writes the CPU milliseconds of each. Without the
bundle's layer it finds the artifact as the handlers do that the bundle is held against.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec


def cpu_ms() -> float:
    """Return the CPU time of this process and of its children that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (time.process_time() + children.ru_utime + children.ru_stime) * 1000


def measured(work: Callable[[], object], times: int) -> float:
    """Return the CPU time of one call, of so many after one that does not count."""
    work()
    before = cpu_ms()
    for _ in range(times):
        work()
    return (cpu_ms() - before) / times


def main() -> None:
    """Measure, and print JSON."""
    given = json.load(sys.stdin)
    answer, code, times = given["answer"], given["code"], given["times"]
    if not find_spec("shared"):
        from common import find_artifact  # noqa: PLC0415 - one of the two is not there

        assert find_artifact(answer)  # noqa: S101 - else the figure means nothing
        print(json.dumps({"extraction": measured(lambda: find_artifact(answer), times * 20)}))
        return
    from shared.artifacts.allowed_imports import AllowedImports  # noqa: PLC0415
    from shared.artifacts.extraction import extract  # noqa: PLC0415
    from shared.artifacts.kinds import Kind  # noqa: PLC0415
    from shared.artifacts.syntax import examine  # noqa: PLC0415

    imports = AllowedImports.default()
    assert extract(answer, requested=Kind.REACT).artifact  # noqa: S101 - see above
    assert not examine(code, Kind.REACT, None, imports).problems  # noqa: S101 - see above
    extraction = measured(lambda: extract(answer, requested=Kind.REACT), times * 20)
    check = measured(lambda: examine(code, Kind.REACT, None, imports), times)
    print(json.dumps({"extraction": extraction, "check": check}))


if __name__ == "__main__":
    main()
