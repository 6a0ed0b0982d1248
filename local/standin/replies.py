"""What the model says to a request, before anything is put on the wire."""

import re
from dataclasses import dataclass, replace
from typing import Final, Self

from local.standin.artifact import Artifact
from local.standin.billing import tokens_in
from local.standin.calls import Breakage, ChatCall
from local.standin.cases import case_with, cases
from local.standin.directives import DirectiveError
from local.standin.examples import example_for, examples
from local.standin.kinds import Kind, looks_like_python, wanted_kind

_NAMES: Final = {
    Kind.REACT: "a single React component",
    Kind.HTML: "one self-contained HTML document",
    Kind.SVG: "an SVG drawing",
    Kind.MERMAID: "a Mermaid diagram",
    Kind.MARKDOWN: "a Markdown document",
    Kind.CODE: "one file of code",
}
_LONG_PROMPT: Final = 400
_WORDS_AND_SIGNS: Final = re.compile(r"\w+|[^\w\s]+")


@dataclass(frozen=True, slots=True)
class Reply:
    """Reasoning, content and the reason why it ends."""

    artifact: Artifact
    reasoning: str
    content: str | None
    finish_reason: str = "stop"
    refusal: str | None = None
    spends_all: bool = False  # report every token that max_tokens allows as used

    def saying(self, text: str) -> Self:
        """Return the same reply with other content, which begins with a space as Kimi's does."""
        return replace(self, content=f" {text}")

    def showing(self, artifact: Artifact) -> Self:
        """Return the same reply with another artifact."""
        return replace(self, artifact=artifact).saying(artifact.text())

    def within(self, max_tokens: int | None) -> Self:
        """Return the reply as far as the limit lets it go; reasoning counts, and comes first."""
        content = self.content or ""
        reasoning_tokens = tokens_in(len(self.reasoning))
        if max_tokens is None or reasoning_tokens + tokens_in(len(content)) <= max_tokens:
            return self
        if reasoning_tokens >= max_tokens:
            return replace(self, reasoning=self.reasoning[: max_tokens * 4], content=None, finish_reason="length")
        return replace(self, content=content[: (max_tokens - reasoning_tokens) * 4], finish_reason="length")


def reply_to(call: ChatCall) -> Reply:
    """Return the good answer: a correction to a repair request, else the example that suits best.

    Raises:
        DirectiveError: when there is no code that an edit could be made in.
    """
    kind = wanted_kind(call.system, call.request)
    breakage = call.breakage
    if breakage:
        artifact = _corrected(call, breakage, kind)
    elif call.edits:
        msg = "an edit is made in code that is to be fixed, and this request has none"
        raise DirectiveError(msg)
    else:
        artifact = example_for(kind, call.request)
    reasoning = _reasoning(kind, len(call.request), repairing=breakage is not None)
    return Reply(artifact, reasoning, content=None).showing(artifact)


def _corrected(call: ChatCall, breakage: Breakage, kind: Kind) -> Artifact:
    """Return the code as the directives edit it; else what its case answers; else another artifact of its kind.

    An edited code names no language: it stays in that of the code which was sent.
    """
    if call.edits:
        code = breakage.code
        for edit in call.edits:
            code = edit.apply(code)
        return Artifact(kind, "Edited", code)
    case = case_with(breakage.code)
    return case.answer(call.complaint) if case else _most_like(breakage.code, kind)


def _most_like(code: str, kind: Kind) -> Artifact:
    """Return the whole artifact of this kind that shares the most words and signs with the code, and is not the code.

    Python is answered in Python; which other language a piece of code is in, nobody looks at.
    """
    whole = [*(example.artifact for example in examples()), *(case.corrected for case in cases().values())]
    ours = [artifact for artifact in whole if artifact.kind is kind and artifact.code != code.strip()]
    if kind is Kind.CODE:
        is_python = looks_like_python(code)
        ours = [artifact for artifact in ours if (artifact.language == "python") is is_python]
    words = set(_WORDS_AND_SIGNS.findall(code))
    return max(ours, key=lambda artifact: len(words.intersection(_WORDS_AND_SIGNS.findall(artifact.code))))


def _reasoning(kind: Kind, length: int, *, repairing: bool) -> str:
    """Return a few sentences of reasoning, made from the kind and the prompt's length and none of its words."""
    if repairing:
        opening = f"Something in {_NAMES[kind]} is broken, and I have the code and the error in front of me."
        plan = "I will find the spot that the error speaks of, change as little as possible, and keep everything else."
    else:
        size = "in some detail" if length > _LONG_PROMPT else "in a few words"
        opening = f"The request describes {size} what is wanted, and the best form for it is {_NAMES[kind]}."
        plan = "I will keep it complete and small: sensible defaults, clear labels, colours with enough contrast."
    closing = "It has to work as it stands, so nothing may be left out or only hinted at. Now I can write it down."
    return f" {opening} {plan} {closing}"
