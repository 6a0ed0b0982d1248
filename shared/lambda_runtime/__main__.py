"""Decides which runtime runs: this one; Lambda's own under `sam local`, which cannot stream; or another wrapper first.

Called as `__main__.py COMMAND...`, where COMMAND starts Lambda's own runtime.
"""

import os
import sys

_NEXT = "NEXT_EXEC_WRAPPER"
"""Names another wrapper, such as that of ADOT or of Application Signals: Lambda itself calls only one."""


def main(ordinary: list[str]) -> None:
    """Start the runtime; return only if it is this one and has ended."""
    if os.environ.get("AWS_SAM_LOCAL"):
        os.execvp(ordinary[0], ordinary)  # noqa: S606 - the command that Lambda gives
    # Run by its path, this file has its own folder first on the path, instead of the one that holds `shared`.
    sys.path[0] = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # noqa: PTH100, PTH120
    from shared.lambda_runtime.runtime import fail_start, run  # noqa: PLC0415

    wrapper = os.environ.pop(_NEXT, "").strip()
    if not wrapper:
        run()
        return
    try:
        os.execv(wrapper, [wrapper, sys.executable, os.path.abspath(__file__)])  # noqa: S606, PTH100
    except OSError as error:
        fail_start("Runtime.ExecWrapper", f"{_NEXT} is {wrapper!r}, which cannot be run: {error.strerror}.")


if __name__ == "__main__":
    main(sys.argv[1:])
