"""Asking a person on a terminal."""

import getpass
import sys
from collections.abc import Callable

from local.deploy.errors import DeployError

_NOTHING = "Nothing was deployed."


def is_there() -> bool:
    """Return whether somebody can be asked: input and output are both a terminal."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def ask(question: str, default: str, problem: Callable[[str], str | None], *, unseen: bool = False) -> str:
    """Return the answer, the default where it is empty; what is wrong with one is said, and it is asked for again."""
    prompt = f"{question}{f' [{default}]' if default else ''}: "
    while True:
        try:
            answer = (getpass.getpass(prompt) if unseen else input(prompt)).strip() or default
        except EOFError:
            print()  # Ctrl-D leaves the cursor behind the question
            raise DeployError(_NOTHING) from None
        wrong = problem(answer)
        if wrong is None:
            return answer
        print(f"  {wrong}")


def confirm(question: str) -> bool:
    """Return whether the answer is yes; nothing but `y` or `yes` is."""
    try:
        return input(f"{question} [y/N]: ").strip().lower() in {"y", "yes"}
    except EOFError:
        return False
