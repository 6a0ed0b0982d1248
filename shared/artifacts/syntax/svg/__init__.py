"""The check of an SVG drawing: its elements, the values of its attributes, and whether anything is visible."""

from shared.artifacts.syntax.svg.check import problems

__all__ = ["problems"]
