"""Whether an artifact can be rendered: the check of each kind, in a process with bounds."""

from shared.artifacts.syntax.check import Verdict, check, examine, find, find_problems, prepare

__all__ = ["Verdict", "check", "examine", "find", "find_problems", "prepare"]
