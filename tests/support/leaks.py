"""Watches what goes through a client, and looks for it where it must not be: in log lines, and in answers.

Nothing has to be marked: every prompt, piece of code and token that a test sends or gets is looked for afterwards.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import httpx

_SHORTEST = 12
"""Characters: a shorter text may well be somewhere else by chance."""
_OPEN_FIELDS = {"artifactType", "type", "sessionId", "model"}
"""Fields that stand on the cost line on purpose."""
_GENERATED = ("artifactCode", "fixedCode")
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
        body = _json(request.content)
        fields = body if isinstance(body, dict) else {"": request.content.decode("utf-8", "replace")}
        texts = {name: text for name, text in fields.items() if isinstance(text, str)}
        self._private |= set(_lines(text for name, text in texts.items() if name not in _OPEN_FIELDS))
        self._open |= {text for name, text in texts.items() if name in _OPEN_FIELDS}

    def received(self, response: httpx.Response) -> None:
        """Note the generated code of an answer; fail if it holds a key, a token, upstream text or a trace."""
        response.read()
        body = _json(_body(response))
        fields = body if isinstance(body, dict) else {}
        self._private |= set(_lines(fields.get(name, "") for name in _GENERATED))
        if found := [name for name, each in self._in_answer(response, fields).items() if each]:
            msg = f"an answer of status {response.status_code} holds {', '.join(found)}: {response.text[:500]}"
            raise LeakError(msg)

    def check(self, log: str) -> None:
        """Fail if a log holds a secret, or anything private that was sent or received."""
        for text in sorted(self._secrets | self._private - self._open):
            position = max(log.find(form) for form in _forms(text))
            if position >= 0:
                line = log[log.rfind("\n", 0, position) + 1 :].partition("\n")[0]
                msg = f"the log holds {text!r}: {line[:500]}"
                raise LeakError(msg)

    def _in_answer(self, response: httpx.Response, fields: dict[str, Any]) -> dict[str, bool]:
        said = f"{response.text}\n{response.headers}"
        of_ours = fields.get("success") is False
        return {
            "a secret": any(secret in said for secret in tuple(self._secrets)),
            "a trace": of_ours and bool(_TRACE.search(said)),
            "upstream text": of_ours and bool(_UPSTREAM.search(said)),
        }


def _lines(texts: Iterable[str]) -> Iterator[str]:
    """The lines that are long enough to be known again; without what steers the stand-in."""
    for text in texts:
        for line in re.split(r"\n|\[\[fault\b[^\[\]]*\]\]", text):
            if len(line.strip()) >= _SHORTEST:
                yield line.strip()


def _forms(text: str) -> set[str]:
    """A text as it stands, and as JSON writes it."""
    return {text, json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]}


def _body(response: httpx.Response) -> bytes:
    """The body of an answer; of a stream, the last event's data, which is what a plain answer's body would be."""
    streams = response.headers.get("content-type", "").startswith("text/event-stream")
    return response.content.rpartition(b"\ndata: ")[2] if streams else response.content


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None
