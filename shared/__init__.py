"""Kimi Artifacts: the code that all functions share, deployed as one Lambda layer."""

__version__ = "0.1.0"
