"""Kimi Artifacts: what both functions share, deployed as one Lambda layer."""

__version__ = "0.1.0"
