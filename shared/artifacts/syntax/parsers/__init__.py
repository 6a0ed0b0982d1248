"""The renderers' own parsers: Babel's for scripts and Mermaid's for diagrams, in an embedded JavaScript engine.

`local/parsers/` documents the content of the bundles and how they are built; `make parsers` builds them.
"""

from shared.artifacts.syntax.parsers.engine import DIAGRAMS, SCRIPTS, NoVerdictError, Parser, without_parsers

__all__ = ["DIAGRAMS", "SCRIPTS", "NoVerdictError", "Parser", "without_parsers"]
