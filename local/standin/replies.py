"""What the model says to a call, before anything is put on the wire."""

from dataclasses import dataclass, replace
from typing import Final, Self

from local.standin.artifact import Artifact
from local.standin.billing import tokens_in
from local.standin.calls import ChatCall
from local.standin.cases import case_with
from local.standin.examples import example_for
from local.standin.kinds import Kind, guessed_language, wanted_kind
from local.standin.repair import mended

_NAMES: Final = {
    Kind.REACT: "a single React component",
    Kind.HTML: "one self-contained HTML document",
    Kind.SVG: "an SVG drawing",
    Kind.MERMAID: "a Mermaid diagram",
    Kind.MARKDOWN: "a Markdown document",
    Kind.CODE: "one file of code",
}
_LONG_PROMPT: Final = 400


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
        """The same reply with other content, which begins with a space as Kimi's does."""
        return replace(self, content=f" {text}")

    def showing(self, artifact: Artifact) -> Self:
        """The same reply with another artifact."""
        return replace(self, artifact=artifact).saying(artifact.text())

    def within(self, max_tokens: int | None) -> Self:
        """The reply as far as the limit lets it go; reasoning counts, and comes first."""
        content = self.content or ""
        reasoning_tokens = tokens_in(len(self.reasoning))
        if max_tokens is None or reasoning_tokens + tokens_in(len(content)) <= max_tokens:
            return self
        if reasoning_tokens >= max_tokens:
            return replace(self, reasoning=self.reasoning[: max_tokens * 4], content=None, finish_reason="length")
        return replace(self, content=content[: (max_tokens - reasoning_tokens) * 4], finish_reason="length")


def reply_to(call: ChatCall) -> Reply:
    """The good answer: mended code for a repair request, else the example that suits best.

    The broken code of a case is only mended where the request says what is wrong with it.
    """
    kind = wanted_kind(call.system, call.request)
    breakage = call.breakage
    if breakage is None:
        artifact = example_for(kind, call.request)
    elif case := case_with(breakage.code):
        artifact = case.answer(call.complaint)
    else:
        language = guessed_language(breakage.code) if kind is Kind.CODE else None
        code = mended(breakage.code, breakage.error, kind, language)
        artifact = Artifact(kind, "Mended", code, language)
    reasoning = _reasoning(kind, len(call.request), repairing=breakage is not None)
    return Reply(artifact, reasoning, content=None).showing(artifact)


def _reasoning(kind: Kind, length: int, *, repairing: bool) -> str:
    """A few sentences as a model may think them, made from the kind and the prompt's length and none of its words."""
    if repairing:
        opening = f"Something in {_NAMES[kind]} is broken, and I have the code and the error in front of me."
        plan = "I will find the spot that the error speaks of, change as little as possible, and keep everything else."
    else:
        size = "in some detail" if length > _LONG_PROMPT else "in a few words"
        opening = f"The request describes {size} what is wanted, and the best form for it is {_NAMES[kind]}."
        plan = "I will keep it complete and small: sensible defaults, clear labels, colours with enough contrast."
    closing = "It has to work as it stands, so nothing may be left out or only hinted at. Now I can write it down."
    return f" {opening} {plan} {closing}"
