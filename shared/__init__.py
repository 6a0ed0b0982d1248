"""Kimi Artifacts: the code that all functions share, deployed as one Lambda layer."""

# Imported here, where few imports are open: CPython keeps the frames of calls in pieces of 16 KB, and where one ends
# amid the work of an import, each call there maps and unmaps another; deep in other imports, thousands of times.
import httpx  # noqa: F401
from pydantic import BaseModel  # noqa: F401

__version__ = "0.1.0"
