"""The diagrams that mermaid.js 11 draws, by the word they begin with, and what may stand before that word."""

import re

_PLAIN = (
    "sequenceDiagram|classDiagram(?:-v2)?|stateDiagram(?:-v2)?|erDiagram|requirementDiagram|gitGraph|quadrantChart"
    "|zenuml|C4(?:Context|Container|Component|Dynamic|Deployment)"
    "|(?:architecture|block|cynefin|ishikawa|packet|radar|railroad(?:-(?:ebnf|abnf|peg))?|sankey|swimlane|treeView"
    "|treemap|venn|wardley|xychart)-beta"
)
_ENGLISH = (
    "gantt|journey|kanban|mindmap|timeline|sankey|graph|flowchart(?:-elk)?|pie|packet|block|treemap|xychart"
    "|requirement|architecture|eventmodeling|ishikawa"
)

FRONT = re.compile(
    r"\s*+(?>(?:---[ \t]*+\n(?>(?:(?!---)[^\n]*+\n)*)---[ \t]*+\n)?)"
    r"(?>(?:\s++|%%\{(?>(?:[^}]++|\}(?!%%))*)\}%%|%%[^\n]*+)*)",
)
"""Front matter, directives and comments; it matches every text, with nothing if there is none of them."""

PLAIN_WORD = re.compile(rf"(?:{_PLAIN})\b", re.ASCII)
"""A word that means nothing else."""

WORD = re.compile(rf"(?:{_PLAIN}|{_ENGLISH})(?![\w-])", re.ASCII)
"""Any first word; some of these are English too."""
