"""How diagrams begin: what may stand before one, and the words that one begins with."""

import re

# The diagrams that mermaid.js 11 draws, by the word they begin with.
_DIAGRAMS = (
    "sequenceDiagram|classDiagram(?:-v2)?|stateDiagram(?:-v2)?|erDiagram|requirementDiagram|gitGraph|quadrantChart"
    "|zenuml|C4(?:Context|Container|Component|Dynamic|Deployment)"
    "|(?:architecture|block|cynefin|ishikawa|packet|radar|railroad(?:-(?:ebnf|abnf|peg))?|sankey|swimlane|treeView"
    "|treemap|venn|wardley|xychart)-beta"
)
_ENGLISH_DIAGRAMS = (
    "gantt|journey|kanban|mindmap|timeline|sankey|graph|flowchart(?:-elk)?|pie|packet|block|treemap|xychart"
    "|requirement|architecture|eventmodeling|ishikawa"
)

FRONT = re.compile(
    r"\s*+(?>(?:---[ \t]*+\n(?>(?:(?!---)[^\n]*+\n)*)---[ \t]*+\n)?)"
    r"(?>(?:\s++|%%\{(?>(?:[^}]++|\}(?!%%))*)\}%%|%%[^\n]*+)*)",
)
"""Front matter, directives and comments; matches every text, with an empty match if there are none."""

_DIAGRAM = re.compile(rf"(?:{_DIAGRAMS})\b", re.ASCII)
"""A first word that is not English."""

DIAGRAM_OR_ENGLISH = re.compile(rf"(?:{_DIAGRAMS}|{_ENGLISH_DIAGRAMS})(?![\w-])", re.ASCII)
"""Any first word; some are English too."""

# A word that is English too begins a diagram only with a direction after it, or alone on the first of several lines.
_AMBIGUOUS = re.compile(
    r"(?:graph|flowchart)(?:-elk)?[ \t]++(?:TB|TD|BT|RL|LR)\b"
    r"|pie(?>(?:[ \t]++(?:showData|title)\b[^\n]*+)?)[ \t]*+\n\s*+\S"
    r"|(?:gantt|journey|kanban|mindmap|timeline|sankey|graph|flowchart)[ \t]*+\n\s*+\S",
    re.ASCII,
)


def is_diagram(code: str) -> bool:
    """Return whether the code clearly is a diagram."""
    start = _past_front(code)
    return _DIAGRAM.match(code, start) is not None or _AMBIGUOUS.match(code, start) is not None


def _past_front(code: str) -> int:
    front = FRONT.match(code)
    return front.end() if front else 0
