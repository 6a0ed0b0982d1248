"""The check of an HTML page: its markup, its scripts and its style sheets."""

from shared.artifacts.syntax.html.check import fragment_problems, problems

__all__ = ["fragment_problems", "problems"]
