"""Watches what goes through a client, and looks for it where it must not be: in log lines, and in answers.

Nothing has to be marked: every prompt, piece of code and token that a test sends or gets is looked for afterwards.
"""

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import httpx

from tests.support.private_texts import bodies_of, generated_texts, json_of, open_texts, sent_texts

_ROOT = Path(__file__).parents[2]
_BAD_REQUEST = 400
_SHORTEST = 12
"""Characters: a shorter text may well be somewhere else by chance."""
_TRACE = re.compile(r"Traceback \(most recent|File \"[^\"]+\", line \d+|\.py:\d+")
_UPSTREAM = re.compile(
    r"provider returned|provider is over|provider broke|user_standin|no account has|access to this model|"
    r"free-models|openrouter|sk-or-|moonshot|org-standin|invalid authentication|may not use this model|"
    r"of this account is|approved coding",
    re.IGNORECASE,
)
"""What the stand-in's hosts say in their errors, and what only a model host has reason to say."""


class LeakError(AssertionError):
    """Something is where it must not be."""


class Watch:
    """What must not be seen again, of one running system."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets = {secret for secret in secrets if secret}
        self._private: set[str] = set()
        self._open: set[str] = set()

    def sent(self, request: httpx.Request) -> None:
        """Note the token and the texts of a request; all of its body where that is no JSON object."""
        token = request.headers.get("authorization", "").rpartition(" ")[2]
        self._secrets |= {part for part in [token, *token.split(".")] if len(part) >= _SHORTEST}
        body = json_of(request.content)
        fields = body if isinstance(body, dict) else {"": request.content.decode("utf-8", "replace")}
        self._private |= set(_lines(sent_texts(fields)))
        self._open |= open_texts(fields)

    def received(self, response: httpx.Response) -> None:
        """Note what a model wrote; fail if the answer holds a key, a token, upstream text or a trace."""
        response.read()
        self._private |= set(_lines(generated_texts(response)))
        if found := [name for name, each in self._in_answer(response).items() if each]:
            msg = f"an answer of status {response.status_code} holds {', '.join(found)}: {response.text[:500]}"
            raise LeakError(msg)

    def check(self, log: str) -> None:
        """Fail if a log holds a secret, or anything private that was sent or received."""
        # What is a part of an open text, too, stands in the log with that one.
        private = {text for text in self._private if not any(text in opened for opened in self._open)}
        for text in sorted(self._secrets | private):
            position = max(log.find(form) for form in _forms(text))
            if position >= 0 and not (text in private and text in _own_words()):
                line = log[log.rfind("\n", 0, position) + 1 :].partition("\n")[0]
                msg = f"the log holds {text!r}: {line[:500]}"
                raise LeakError(msg)

    def _in_answer(self, response: httpx.Response) -> dict[str, bool]:
        said = f"{response.text}\n{response.headers}"
        # What a model wrote before, and is called, may hold anything.
        failed = "\n".join(json.dumps(body) for body in bodies_of(response) if _is_failure(body))
        return {
            "a secret": any(secret in said for secret in tuple(self._secrets)),
            "a trace": bool(_TRACE.search(failed)),
            # What is wrong with a request is said with the names of models and hosts.
            "upstream text": response.status_code != _BAD_REQUEST and bool(_UPSTREAM.search(failed)),
        }


@cache
def _own_words() -> str:
    """Our own sources: a log may hold a word of theirs, and who fuzzes sends these as well."""
    files = [path for folder in ("functions", "shared") for path in (_ROOT / folder).rglob("*")]
    return "\n".join(path.read_text("utf-8") for path in files if path.suffix in {".py", ".toml"})


def _lines(texts: Iterable[str]) -> Iterator[str]:
    """The lines that are long enough to be known again; without what steers the stand-in."""
    for text in texts:
        for line in re.split(r"\n|\[\[fault\b[^\[\]]*\]\]", text):
            if len(line.strip()) >= _SHORTEST:
                yield line.strip()


def _forms(text: str) -> set[str]:
    """A text as it stands, and as JSON writes it."""
    return {text, json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]}


def _is_failure(body: dict[str, Any]) -> bool:
    return body.get("success") is False or body.get("ok") is False or isinstance(body.get("error"), dict)
