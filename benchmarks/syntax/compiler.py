"""The TypeScript compiler, asked which texts it cannot parse."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

_SCRIPT = Path(__file__).with_name("typescript.cjs")


def refusals(package: Path, codes: Sequence[str]) -> list[str | None]:
    """For each text None, or what the compiler's parser says first.

    Args:
        package: The folder of the `typescript` package.
        codes: The texts, read as TypeScript with JSX.
    """
    lines = "".join(f"{json.dumps(code)}\n" for code in codes)
    done = subprocess.run(  # noqa: S603 -- the benchmark's own script
        ["node", str(_SCRIPT), str(package.resolve())],  # noqa: S607
        input=lines, capture_output=True, text=True, check=True, encoding="utf-8",
    )  # fmt: skip
    said = [json.loads(line) for line in done.stdout.splitlines()]
    return [each and f"{each['line']}:{each['column']} {each['message']}" for each in said]
