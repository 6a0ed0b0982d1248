"""The messages to the model, built from `prompts.toml` and `kinds.toml`.

A request for one kind shows that kind's example only: a model that sees a react tag writes react tags.
Text that is the same for every request comes first, then the code that is there, so that the host's prompt cache serves
them: what is asked of the code, and the form of the answer, stand behind it.
"""

import hashlib
import json
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from shared.artifacts.allowed_imports import AllowedImports
from shared.artifacts.artifact import UNTITLED, Artifact
from shared.artifacts.kinds import Kind
from shared.artifacts.problem import Problem
from shared.model_host import Message

_DATA = Path(__file__).with_name("prompts.toml")


def generate_messages(prompt: str, kind: Kind | None, imports: AllowedImports, plan: str = "") -> list[Message]:
    """Return the messages that ask for an artifact of this kind, or of the kind that fits best, made to a plan."""
    texts = _texts()
    task = texts["generate"]
    if kind is None:
        kinds = "\n".join(f"{each.mime_type}: {each.facts.use}" for each in Kind)
        form = task["any_kind"].format(kinds=kinds)
        rules = "\n\n".join(f"For {each.mime_type}:\n{_rules(each, imports)}" for each in Kind)
    else:
        form = task["one_kind"].format(mime=kind.mime_type, example=kind.facts.example)
        rules = _rules(kind, imports)
    request = f"{prompt}\n\n{part('plan', plan)}\n\n{task['plan'].strip()}" if plan else prompt
    return messages_of(request, task["role"], form, texts["form"]["rules"], rules)


class RevisionMessages(NamedTuple):
    """The messages about an artifact that is there; they differ in their end only, so that a cache serves the rest."""

    edits: list[Message]
    """Those that ask for edits."""
    whole: list[Message]
    """Those that ask for the whole artifact."""


def change_messages(given: Artifact, prompt: str, kind: Kind, imports: AllowedImports) -> RevisionMessages:
    """Return the messages that ask for a change of this artifact, or for an artifact of this kind made of it."""
    task = _texts()["change"]
    request = f"{part('code', given.code)}\n{part('change', prompt, given.code)}"
    if given.title != UNTITLED:
        request += "\n\n" + task["title"].format(title=json.dumps(given.title, ensure_ascii=False)).strip()
    if kind is not given.kind:
        request += "\n\n" + task["conversion"].format(given=given.kind.mime_type, mime=kind.mime_type).strip()
    return revision_messages(task, request, kind, imports)


def fix_messages(code: str, kind: Kind, error: str, imports: AllowedImports) -> RevisionMessages:
    """Return the messages that ask for a fix."""
    request = f"{part('code', code)}\n{part('error', error, code)}\n\n{_hints(error)}".rstrip()
    return revision_messages(_texts()["fix"], request, kind, imports)


def part(name: str, text: str, beside: str = "") -> str:
    """Return a text between two lines with a word that it cannot hold; the same for the same texts."""
    fence = hashlib.sha256(f"{beside}\0{text}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"<<<{name} {fence}\n{text}\n{fence} {name}>>>"


def revision_messages(task: dict[str, str], request: str, kind: Kind, imports: AllowedImports) -> RevisionMessages:
    """Return the messages of a task that revises code; the request begins with the code, in its part."""
    texts = _texts()
    example = kind.facts.example
    role = task["role"].format(mime=kind.mime_type)
    edits = texts["edits"]["answer"].format(example=example)
    whole = task["answer"].format(mime=kind.mime_type, example=example)
    return RevisionMessages(
        *(
            messages_of(f"{request}\n\n{form.strip()}", role, texts["form"]["rules"], _rules(kind, imports))
            for form in (edits, whole)
        )
    )


def invalid_message(problems: Iterable[Problem], *, edits: bool = False) -> str:
    """Return the problems of the artifact, or of what edits made of it, each with line, column and the line itself."""
    listed = "\n".join(
        f"- Line {each.line}, column {each.column}: {each.message}\n  {each.snippet}" for each in problems
    )
    return _repair("edits_invalid" if edits else "invalid", problems=listed)


def edits_message(problem: str) -> str:
    """Return the message that says why the edits cannot be applied."""
    return _repair("edits_unfit", problem=problem)


def other_kind_message(kind: Kind, wanted: Kind) -> str:
    """Return the message that the artifact is of another kind than requested."""
    return _repair("other_kind", found=kind.mime_type, wanted=wanted.mime_type)


def missing_message(*, edits: bool = False) -> str:
    """Return the message that the answer holds no artifact, nor edits where those were asked for."""
    return _repair("edits_missing" if edits else "missing")


def unusable_message(problem: str, *, edits: bool = False) -> str:
    """Return the message that says why the fix or the change is unusable."""
    return _repair("edits_unusable" if edits else "unusable", problem=problem)


def _repair(name: str, **what: str) -> str:
    text: str = _texts()["repair"][name]
    return text.format(**what).strip()


def _hints(error: str) -> str:
    """Return what is known about errors like this, on one line; empty if nothing is."""
    said = error.lower()
    return next((hint["say"].strip() for hint in _texts()["hints"] if any(each in said for each in hint["words"])), "")


def _rules(kind: Kind, imports: AllowedImports) -> str:
    return kind.facts.rules.replace("{imports}", ", ".join(imports.names))


def messages_of(request: str, *system: str) -> list[Message]:
    """Return the messages of a request: our own instructions, then what is asked."""
    instructions = "\n\n".join(each.strip() for each in system)
    return [{"role": "system", "content": instructions}, {"role": "user", "content": request}]


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads(_DATA.read_text("utf-8"))
