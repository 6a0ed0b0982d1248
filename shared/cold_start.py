"""Shortens a function's start. Each `app` imports it first, and calls `finish` once its handler is made."""

import gc
import os

# Next to nothing that an import makes is garbage: to look for it would take a fifteenth of the start.
gc.disable()

# Before it makes its first model, pydantic looks for plug-ins in the metadata of every package; there are none.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

# Imported here, in this order, where few imports are open: CPython keeps the frames of calls in pieces of 16 KB, and
# where one ends amid the work of an import, each call there maps and unmaps another; deep in other imports, a thousand
# times. `httpx` would import `httpcore` deeper, and what has settings would make their model deeper.
from pydantic import BaseModel  # noqa: E402, F401, I001
import httpcore  # noqa: E402, F401
import httpx  # noqa: E402, F401
import shared.settings  # noqa: E402, F401


def finish() -> None:
    """Look for garbage again, but no more among what the start has made, which stays."""
    gc.freeze()
    gc.enable()
