"""The reviewed workflow: a cheap model plans, another builds, a third reviews, and what it finds goes back once."""

from shared.artifacts.reviewed.steps import make_reviewed

__all__ = ["make_reviewed"]
