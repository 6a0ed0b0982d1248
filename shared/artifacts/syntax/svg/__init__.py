"""The check of an SVG drawing: what it may hold, the values of its attributes, and whether anything of it is seen."""

from shared.artifacts.syntax.svg.check import problems

__all__ = ["problems"]
