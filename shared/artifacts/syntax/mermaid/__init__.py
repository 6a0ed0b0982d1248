"""The check of a Mermaid diagram: what Mermaid's own parser says, as sentences that tell what to write."""

from shared.artifacts.syntax.mermaid.check import problems

__all__ = ["problems"]
