"""Kimi Artifacts: the code that all functions share, deployed as one Lambda layer."""

# Imported first, because of how deep imports are nested: CPython keeps the frames of its calls in pieces of 16 KB, and
# where one ends amid the work of an import, each call there maps and unmaps another, thousands of times at a cold start.
import httpx  # noqa: F401
from pydantic import BaseModel  # noqa: F401

__version__ = "0.1.0"
