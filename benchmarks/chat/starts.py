"""What a fresh process of a function takes until it can serve: the CPU time of importing it, as at a cold start."""

import os
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[2]
FUNCTIONS = "chat_completions", "generate_artifact"
# httpx imports a command line of its own, and rich with it, where there is click: not on Lambda.
_START = """import sys, time; sys.path.insert(0, sys.argv[1]); sys.modules["click"] = None
import app; print(time.process_time())"""


def start(function: str) -> float:
    """Return the CPU time of one start, in milliseconds."""
    done = subprocess.run(  # noqa: S603 - our own function
        [sys.executable, "-c", _START, str(_ROOT)],
        cwd=_ROOT / "functions" / function,
        env={"PATH": os.environ["PATH"], "OPENROUTER_K2T_KEY": "sk-benchmark", "GUARD_TABLE": "benchmark"},
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout) * 1000
