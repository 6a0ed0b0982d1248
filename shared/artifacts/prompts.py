"""The messages to the model, built from `prompts.toml` and `kinds.toml`.

A request for one kind shows that kind's example only: a model that sees a react tag writes react tags.
Text that is the same for every request comes first, so that the host's prompt cache serves it.
"""

import hashlib
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from shared.artifacts.allowed_imports import AllowedImports
from shared.artifacts.kinds import Kind
from shared.artifacts.problem import Problem
from shared.model_host import Message

_DATA = Path(__file__).with_name("prompts.toml")


def generate_messages(prompt: str, kind: Kind | None, imports: AllowedImports) -> list[Message]:
    """Return the messages that ask for an artifact of this kind, or of the kind that fits best."""
    texts = _texts()
    task = texts["generate"]
    if kind is None:
        kinds = "\n".join(f"{each.mime_type}: {each.facts.use}" for each in Kind)
        form = task["any_kind"].format(kinds=kinds)
        rules = "\n\n".join(f"For {each.mime_type}:\n{_rules(each, imports)}" for each in Kind)
    else:
        form = task["one_kind"].format(mime=kind.mime_type, example=kind.facts.example)
        rules = _rules(kind, imports)
    return _messages(prompt, task["role"], form, texts["form"]["rules"], rules)


def fix_messages(code: str, kind: Kind, error: str, imports: AllowedImports) -> list[Message]:
    """Return the messages that ask for a fix. Code and error are fenced by a word that neither can hold."""
    texts = _texts()
    task = texts["fix"]
    fence = hashlib.sha256(f"{code}\0{error}".encode()).hexdigest()[:16]
    request = task["request"].format(fence=fence, code=code, error=error, hints=_hints(error))
    form = task["answer"].format(mime=kind.mime_type, example=kind.facts.example)
    return _messages(request.strip(), task["role"], form, texts["form"]["rules"], _rules(kind, imports))


def invalid_message(problems: Iterable[Problem]) -> str:
    """Return the problems of the artifact, each with line, column and the line itself."""
    listed = "\n".join(
        f"- Line {each.line}, column {each.column}: {each.message}\n  {each.snippet}" for each in problems
    )
    text: str = _texts()["repair"]["invalid"]
    return text.format(problems=listed).strip()


def other_kind_message(kind: Kind, wanted: Kind) -> str:
    """Return the message that the artifact is of another kind than requested."""
    text: str = _texts()["repair"]["other_kind"]
    return text.format(found=kind.mime_type, wanted=wanted.mime_type).strip()


def missing_message() -> str:
    """Return the message that the answer holds no artifact."""
    text: str = _texts()["repair"]["missing"]
    return text.strip()


def unusable_message(problem: str) -> str:
    """Return the message that says why the fix is unusable."""
    text: str = _texts()["repair"]["unusable"]
    return text.format(problem=problem).strip()


def _hints(error: str) -> str:
    """Return what is known about errors like this, on one line; empty if nothing is."""
    said = error.lower()
    return next((hint["say"].strip() for hint in _texts()["hints"] if any(each in said for each in hint["words"])), "")


def _rules(kind: Kind, imports: AllowedImports) -> str:
    return kind.facts.rules.replace("{imports}", ", ".join(imports.names))


def _messages(request: str, *system: str) -> list[Message]:
    instructions = "\n\n".join(part.strip() for part in system)
    return [{"role": "system", "content": instructions}, {"role": "user", "content": request}]


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads(_DATA.read_text("utf-8"))
