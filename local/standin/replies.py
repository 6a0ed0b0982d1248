"""What the model says, before anything is put on the wire, and its answers to requests for artifacts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Self

from local.standin.artifact import Artifact
from local.standin.billing import tokens_in
from local.standin.blocks import as_text, blocks_between
from local.standin.calls import ChatCall
from local.standin.cases import case_with, cases
from local.standin.directives import DirectiveError
from local.standin.examples import example_for, examples
from local.standin.flaws import flaw_of, flaws_named_in
from local.standin.follow_ups import changed
from local.standin.kinds import Kind, looks_like_python, wanted_kind
from local.standin.parts import CodeRequest

_NAMES: Final = {
    Kind.REACT: "a single React component",
    Kind.HTML: "one self-contained HTML document",
    Kind.SVG: "an SVG drawing",
    Kind.MERMAID: "a Mermaid diagram",
    Kind.MARKDOWN: "a Markdown document",
    Kind.CODE: "one file of code",
}
_LONG_PROMPT: Final = 400
_CLOSING: Final = "It has to work as it stands, so nothing may be left out or only hinted at. Now I can write it down."
_WORDS_AND_SIGNS: Final = re.compile(r"\w+|[^\w\s]+")


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One call of a tool; its arguments are JSON."""

    call_id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Reply:
    """Reasoning, content, calls of tools and the reason why it ends; what it is made of, where it is an artifact."""

    made: Artifact | None
    reasoning: str
    content: str | None
    finish_reason: str = "stop"
    refusal: str | None = None
    spends_all: bool = False  # report every token that max_tokens allows as used
    tool_calls: tuple[ToolCall, ...] = ()

    @property
    def artifact(self) -> Artifact:
        """Return the artifact.

        Raises:
            DirectiveError: when there is none, so that a fault of artifacts makes no sense.
        """
        if self.made is None:
            raise DirectiveError("this is about an artifact, and the request asks for none")
        return self.made

    @property
    def text(self) -> str:
        """Return the content without the space that Kimi begins it with."""
        return (self.content or "").removeprefix(" ")

    @property
    def written(self) -> str:
        """Return all that is written behind the reasoning, which is what is charged for: the calls of tools too."""
        return (self.content or "") + "".join(call.name + call.arguments for call in self.tool_calls)

    def saying(self, text: str) -> Self:
        """Return the same reply with other content, which begins with a space as Kimi's does."""
        return replace(self, content=f" {text}")

    def showing(self, artifact: Artifact) -> Self:
        """Return the same reply with another artifact."""
        return replace(self, made=artifact).saying(artifact.text())

    def silent(self, finish_reason: str, content: str | None = None) -> Self:
        """Return the reasoning of this reply and nothing behind it."""
        return replace(self, content=content, tool_calls=(), refusal=None, finish_reason=finish_reason)

    def first(self, characters: int) -> Self:
        """Return the reply up to so many characters of what is written: an argument may end in its middle."""
        content = None if self.content is None else self.content[:characters]
        left = characters - len(content or "")
        calls: list[ToolCall] = []
        for call in self.tool_calls:
            if left <= len(call.name):
                break
            calls.append(replace(call, arguments=call.arguments[: left - len(call.name)]))
            left -= len(call.name) + len(call.arguments)
        return replace(self, content=content, tool_calls=tuple(calls))

    def until(self, stop: Sequence[str]) -> Self:
        """Return the reply up to the first of these texts, which is not part of it."""
        content = self.content or ""
        ends = [content.index(text) for text in stop if text in content]
        return self.first(min(ends)).ending("stop") if ends else self

    def ending(self, finish_reason: str) -> Self:
        """Return the same reply with another reason why it ends."""
        return replace(self, finish_reason=finish_reason)

    def within(self, max_tokens: int | None) -> Self:
        """Return the reply as far as the limit lets it go; reasoning counts, and comes first."""
        reasoning_tokens = tokens_in(len(self.reasoning))
        if max_tokens is None or reasoning_tokens + tokens_in(len(self.written)) <= max_tokens:
            return self
        if reasoning_tokens >= max_tokens:
            return replace(self.silent("length"), reasoning=self.reasoning[: max_tokens * 4], refusal=self.refusal)
        return self.first((max_tokens - reasoning_tokens) * 4).ending("length")


def artifact_reply(call: ChatCall) -> Reply:
    """Return the artifact asked for: the code that was sent, made into another, or the example that suits best.

    What is built to a plan has a flaw, so that a review has something to find. Where edits are asked for, they are the
    content: those that make the artifact of the code that was sent.

    Raises:
        DirectiveError: when there is no code that an edit could be made in.
    """
    about = call.about
    if about is None:
        if call.edits:
            msg = "an edit is made in code that is to be fixed or changed, and this request has none"
            raise DirectiveError(msg)
        kind = wanted_kind(call.system, call.request)
        artifact = example_for(kind, call.request)
        if call.asked.is_planned:
            artifact = flaw_of(artifact).flawed
        return Reply(artifact, _reasoning(kind, len(call.request)), content=None).showing(artifact)
    kind = wanted_kind(call.system, call.request if about.change is None else about.change)
    artifact = _revised(call, about, kind)
    reply = Reply(artifact, _reasoning_about(about, kind), content=None).showing(artifact)
    return reply.saying(as_text(blocks_between(about.given, artifact.code))) if call.wants_edits else reply


def _revised(call: ChatCall, about: CodeRequest, kind: Kind) -> Artifact:
    """Return the code as the directives edit it; else changed, or mended; else what its case answers, or one like it.

    An edited code names no language: it stays in that of the code which was sent.
    """
    if call.edits:
        code = about.code
        for edit in call.edits:
            code = edit.apply(code)
        return Artifact(kind, "Edited", code)
    if about.change is not None:
        return changed(about, kind)
    if about.findings is not None:
        return _mended(about.given, about.findings, kind)
    case = case_with(about.code)
    return case.answer(call.complaint) if case else _most_like(about.code, kind)


def _mended(code: str, findings: str, kind: Kind) -> Artifact:
    """Return the code without the flaws that are found in it; as it was where what is found is not there."""
    artifact = Artifact(kind, "Mended", code)
    for flaw in flaws_named_in(findings):
        if flaw.is_in(artifact.code):
            artifact = flaw.mended(artifact.code)
    return artifact


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


def _reasoning(kind: Kind, length: int) -> str:
    """Return a few sentences of reasoning, made from the kind and the prompt's length and none of its words."""
    size = "in some detail" if length > _LONG_PROMPT else "in a few words"
    opening = f"The request describes {size} what is wanted, and the best form for it is {_NAMES[kind]}."
    plan = "I will keep it complete and small: sensible defaults, clear labels, colours with enough contrast."
    return f" {opening} {plan} {_CLOSING}"


def _reasoning_about(about: CodeRequest, kind: Kind) -> str:
    """Return a few sentences of reasoning about code that was sent."""
    if about.findings is not None:
        opening = f"There is {_NAMES[kind]}, and a review has found something in it."
        plan = "I will mend what was found, change as little as possible, and keep everything else."
    elif about.change is None:
        opening = f"Something in {_NAMES[kind]} is broken, and I have the code and the error in front of me."
        plan = "I will find the spot that the error speaks of, change as little as possible, and keep everything else."
    else:
        opening = f"There is {_NAMES[kind]} already, and I am told what shall be different about it."
        plan = "I will find the lines that this is about, change as little as possible, and keep everything else."
    return f" {opening} {plan} {_CLOSING}"
