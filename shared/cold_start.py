"""Shortens a function's start. Each `app` imports it first, and calls `finish` once its handler is made."""

import gc

# Next to nothing that an import makes is garbage: to look for it would take a fifteenth of the start.
gc.disable()

# Imported here, where few imports are open: CPython keeps the frames of calls in pieces of 16 KB, and where one ends
# amid the work of an import, each call there maps and unmaps another; deep in other imports, thousands of times.
import httpx  # noqa: E402, F401
from pydantic import BaseModel  # noqa: E402, F401


def finish() -> None:
    """Look for garbage again, but no more among what the start has made, which stays."""
    gc.freeze()
    gc.enable()
