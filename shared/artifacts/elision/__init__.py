"""Elisions, which are comments in place of code: their phrases, their surroundings, and the code lost beside them."""

from shared.artifacts.elision.comments import Span, elisions, in_characters, line_elisions
from shared.artifacts.elision.lost_code import lost_beside_comment
from shared.artifacts.elision.phrases import MESSAGE, Below, is_bare, is_elision

__all__ = [
    "MESSAGE",
    "Below",
    "Span",
    "elisions",
    "in_characters",
    "is_bare",
    "is_elision",
    "line_elisions",
    "lost_beside_comment",
]
