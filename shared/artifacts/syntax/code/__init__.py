"""The check of code in a language, by the grammar of that language if there is one."""

from shared.artifacts.syntax.code.check import problems

__all__ = ["problems"]
