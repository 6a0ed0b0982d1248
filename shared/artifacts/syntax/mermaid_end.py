"""Whether the last line of a diagram is a whole statement; each says what is wrong with it, or nothing."""

import re

_CUT = "This line is not a whole statement; the code may end too early."

_ALONE = re.compile(
    r"(?:autonumber|end|else|loop|alt|opt|par|par_over|and|critical|option|break|rect|box)\b", re.IGNORECASE
)
_NAMED = re.compile(r"(?:create\s++)?(?:participant|actor|activate|deactivate|destroy)\s++\S", re.IGNORECASE)
_SAYING = re.compile(r"(?:note\s|links?\s|properties\s|details\s|title\b|accTitle\b|accDescr\b)", re.IGNORECASE)
_NOTE = re.compile(r"note\s", re.IGNORECASE)
_CLASS_CUT = re.compile(r"(?:[\w~\"`]\s*+(?:<\||[*o<])?(?:--|\.\.)(?:\|>|[|*o>])?|\bclass|\bnamespace)$", re.ASCII)
_ENTITY_CUT = re.compile(r"\s(?:[|}][|o]|[|}o][|o]?(?:--?|\.\.?)(?:[|o][|{o]?)?(?:\s++[^\s:\"{}]++)?)$", re.ASCII)


def sequence_end(line: str) -> str:
    """Of a sequence diagram: a message, or a statement by its first word."""
    if _NOTE.match(line) and ":" not in line:
        return "A note needs a text: write `: ` and the text behind the participants."
    statement = line.rpartition(";")[2].strip() or line
    whole = _ALONE.match(statement) or _NAMED.match(statement) or _SAYING.match(statement) or "-" in line or ":" in line
    return "" if whole else _CUT


def class_end(line: str) -> str:
    """Of a class diagram: no arrow that leads nowhere, no `class` without a name."""
    return _CUT if ":" not in line and _CLASS_CUT.search(line) else ""


def entity_end(line: str) -> str:
    """Of entities: no relationship that leads nowhere, and none without a label."""
    return _CUT if ":" not in line and _ENTITY_CUT.search(line) else ""
