"""The lines that mark the parts of a block."""

from enum import Enum, auto

BLANKS = " \t"
_SHORTEST, _LONGEST = 5, 9
_SHORTEST_NEAR = 3
"""Characters of the shortest line that a model may have meant as a mark, if it has the word of one."""
_DECORATION = "`~>:. "
"""What models write behind the word of a mark: the rest of a fence, a colon."""
_WORDS = {"<": "SEARCH", ">": "REPLACE"}


class Mark(Enum):
    """What a line marks."""

    SEARCH = auto()  # the lines to search for follow
    DIVIDER = auto()  # the lines that replace them follow
    REPLACE = auto()  # the block is over
    ODD = auto()  # it looks like a mark and is none: of a merge conflict, or of a wrong length


def mark_of(line: str) -> Mark | None:
    """Return what the line marks, None if it is any other line."""
    said = line.strip()
    sign = said[:1]
    if not sign or sign not in "<=>":
        return None
    rest = said.lstrip(sign)
    length = len(said) - len(rest)
    fits = _SHORTEST <= length <= _LONGEST
    if sign == "=":
        return Mark.DIVIDER if fits and not rest else None
    if length < _SHORTEST_NEAR:
        return None
    token = rest.find("<|")  # a token that leaked from the model's template
    word = (rest if token < 0 else rest[:token]).strip(_DECORATION + BLANKS).upper()
    if word == _WORDS[sign]:
        if not fits:
            return Mark.ODD
        return Mark.SEARCH if sign == "<" else Mark.REPLACE
    return Mark.ODD if fits else None


def holds_markers(code: str) -> bool:
    """Return whether the code has lines that could be taken for marks, so that edits of it cannot be read safely."""
    return any(mark_of(line) for line in code.split("\n"))
