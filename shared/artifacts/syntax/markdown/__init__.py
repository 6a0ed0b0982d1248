"""The check of a Markdown document, by the blocks that CommonMark finds in it."""

from shared.artifacts.syntax.markdown.check import problems

__all__ = ["problems"]
