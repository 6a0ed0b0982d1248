"""The check of a Mermaid diagram: the errors of Mermaid's own parser, as sentences that tell what to write."""

from shared.artifacts.syntax.mermaid.check import problems

__all__ = ["problems"]
