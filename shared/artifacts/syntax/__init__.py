"""Whether an artifact can be rendered: the check of each kind, run in a process with limits, and names of languages."""

from shared.artifacts.syntax.check import Verdict, check, examine, find, find_problems, prepare
from shared.artifacts.syntax.languages import canonical, check_rejects_prose, same_language

__all__ = [
    "Verdict",
    "canonical",
    "check",
    "check_rejects_prose",
    "examine",
    "find",
    "find_problems",
    "prepare",
    "same_language",
]
