"""The check of code in a language, by the grammar of that language where one is at hand."""

from shared.artifacts.syntax.code.check import problems

__all__ = ["problems"]
