"""What the model is asked, put together from `prompts.toml`.

Each requested kind is shown its own example, and no other kind's: a model that sees a react tag writes react tags.
"""

import hashlib
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from shared.artifacts.kinds import Kind
from shared.openrouter import Message

_DATA = Path(__file__).with_name("prompts.toml")


def generate_messages(prompt: str, kind: Kind | None) -> list[Message]:
    """The messages that ask for an artifact of this kind, or of whichever kind serves best."""
    texts = _texts()
    task = texts["generate"]
    if kind is None:
        kinds = "\n".join(f"{each.mime_type}: {texts['kinds'][each]['use'].strip()}" for each in Kind)
        form = task["any_kind"].format(kinds=kinds)
        rules = "\n\n".join(f"For {each.mime_type}:{texts['kinds'][each]['rules'].rstrip()}" for each in Kind)
    else:
        form = task["one_kind"].format(mime=kind.mime_type, example=_example(kind))
        rules = texts["kinds"][kind]["rules"]
    return _messages(prompt, task["role"], form, texts["form"]["rules"], rules)


def fix_messages(code: str, kind: Kind, error: str) -> list[Message]:
    """The messages that ask for a repair. Code and error are fenced by a word that neither can hold."""
    texts = _texts()
    task = texts["fix"]
    fence = hashlib.sha256(f"{code}\0{error}".encode()).hexdigest()[:16]
    request = task["request"].format(fence=fence, code=code, error=error)
    form = task["answer"].format(mime=kind.mime_type, example=_example(kind))
    return _messages(request.strip(), task["role"], form, texts["form"]["rules"], texts["kinds"][kind]["rules"])


def _messages(request: str, *system: str) -> list[Message]:
    instructions = "\n\n".join(part.strip() for part in system)
    return [{"role": "system", "content": instructions}, {"role": "user", "content": request}]


def _example(kind: Kind) -> str:
    example: str = _texts()["kinds"][kind]["example"]
    return example.strip()


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads(_DATA.read_text("utf-8"))
