"""Faults in what the model says: the host does everything right, and bills for it."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from aiohttp import web

from local.standin.artifact import Artifact
from local.standin.directives import Options
from local.standin.examples import example_for
from local.standin.exchange import Exchange
from local.standin.faults.table import Family, Group, Run
from local.standin.kinds import Kind, with_comment
from local.standin.replies import Reply
from local.standin.steps import MAKING


def _adapted(function: Callable[[Reply], Reply]) -> Run:
    async def run(exchange: Exchange, _options: Options) -> web.StreamResponse:
        return await exchange.answer(function(exchange.reply))

    return run


fault: Final[Family[Callable[[Reply], Reply]]] = Family(_adapted, Group.NOT_WHOLE)

_ELIDED: Final = "... rest of the code unchanged"
CHATTER: Final = "Here is what you asked for. It works on its own and needs no set-up."
AFTERWORD: Final = "Tell me if you would like other colours or another layout."
_EMOJI: Final = " \N{WAVING HAND SIGN}\N{PARTY POPPER}"
_ASTRAL: Final = re.compile("[\U00010000-\U0010ffff]")
_THOUGHT: Final = "<think>The user will like it tidy. An <artifact> tag comes first.</think>"


def _with_code(artifact: Artifact, code: str) -> Artifact:
    return replace(artifact, code=code)


@fault("reasoning-only")
def reasoning_only(reply: Reply) -> Reply:
    """All tokens go into reasoning: content null, finish_reason length, all of max_tokens billed."""
    return replace(reply.silent("length"), reasoning=reply.reasoning * 4, spends_all=True)


@fault("length")
def length(reply: Reply) -> Reply:
    """The answer is cut in its middle: finish_reason length, all of max_tokens billed."""
    return replace(reply.first(len(reply.written) // 2).ending("length"), spends_all=True)


@fault("truncated")
def truncated(reply: Reply) -> Reply:
    """The answer breaks off in its last third, and finish_reason says stop."""
    return reply.first(len(reply.written) * 2 // 3)


@fault("empty")
def empty(reply: Reply) -> Reply:
    """Content is the empty string."""
    return reply.silent("stop", content="")


@fault("blank", steps=MAKING)
def blank(reply: Reply) -> Reply:
    """An artifact with nothing but blank lines in it."""
    return reply.saying(f"{reply.artifact.opening}\n   \n\n</artifact>")


@fault("prose")
def prose(reply: Reply) -> Reply:
    """Sentences and no artifact; nor JSON, where that was asked for."""
    return reply.saying(f"{CHATTER} First tell me a little more about what it is for. {AFTERWORD}")


@fault("two-fences", steps=MAKING)
def two_fences(reply: Reply) -> Reply:
    """Two fenced blocks and no tag, both good: nobody can say which one is meant."""
    one = reply.artifact
    other = _with_code(one, with_comment(one.code, one.kind, one.language, "The other way."))
    return reply.saying(f"{CHATTER}\n\n{one.fenced}\n\nOr so:\n\n{other.fenced}\n")


@fault("command-first", steps=MAKING)
def command_first(reply: Reply) -> Reply:
    """Two fenced blocks and no tag, of which the first is a command for a shell."""
    return reply.saying(f"{CHATTER}\n\n```bash\nnpm install\n```\n\n{reply.artifact.fenced}\n")


@fault("page-behind", steps=MAKING)
def page_behind(reply: Reply) -> Reply:
    """An artifact with a whole HTML document behind its code, in one tag."""
    page = example_for(Kind.HTML, "").code
    return reply.saying(f"{reply.artifact.opening}\n{reply.artifact.code}\n\n{page}\n</artifact>")


@fault("fenced", group=Group.AROUND, steps=MAKING)
def fenced(reply: Reply) -> Reply:
    """An artifact whose whole body is fenced."""
    return reply.saying(f"{reply.artifact.opening}\n{reply.artifact.fenced}\n</artifact>")


@fault("untagged", group=Group.AROUND, steps=MAKING)
def untagged(reply: Reply) -> Reply:
    """One fenced block and no tag."""
    return reply.saying(f"{CHATTER}\n\n{reply.artifact.fenced}\n")


@fault("several", group=Group.AROUND, steps=MAKING)
def several(reply: Reply) -> Reply:
    """Two whole artifacts, the second one of another kind."""
    other = example_for(Kind.MARKDOWN if reply.artifact.kind is not Kind.MARKDOWN else Kind.SVG, "")
    return reply.saying(f"{reply.artifact.text()}\n\n{other.text()}")


@fault("think", group=Group.AROUND)
def think(reply: Reply) -> Reply:
    """A leaked <think> block before the artifact, with a tag inside."""
    return reply.saying(f"{_THOUGHT}\n{reply.text}")


@fault("tokens", group=Group.AROUND)
def tokens(reply: Reply) -> Reply:
    """Leaked special tokens (<|…|>) around the artifact."""
    return reply.saying(f"<|im_assistant|>{reply.text}<|tool_calls_section_begin|><|tool_calls_section_end|>")


@fault("wrong-kind", group=Group.AROUND, steps=MAKING)
def wrong_kind(reply: Reply) -> Reply:
    """An artifact that is declared as React and is none: an HTML document where React was asked for."""
    kind = reply.artifact.kind
    artifact = example_for(Kind.HTML, "") if kind is Kind.REACT else reply.artifact
    return reply.showing(replace(artifact, kind=Kind.REACT, language=None))


@fault("invalid", steps=MAKING)
def invalid(reply: Reply) -> Reply:
    """An artifact with a syntax error: something is never closed, or a message has no text."""
    return reply.showing(_with_code(reply.artifact, broken_code(reply.artifact)))


def broken_code(artifact: Artifact) -> str:
    """Return the code with a syntax error."""
    code = artifact.code
    if artifact.kind is Kind.MERMAID:
        is_sequence = code.startswith("sequenceDiagram")
        return f"{code}\n    " + ("App->>User" if is_sequence else "X1[Never closed")
    if artifact.kind is Kind.MARKDOWN:
        return f"{code}\n\n[Never closed]("
    if artifact.kind in {Kind.HTML, Kind.SVG}:
        return code[: code.rindex("</body" if artifact.kind is Kind.HTML else "</")].rstrip()
    last = max(code.rfind(closer) for closer in ")]}")
    return code[:last] + code[last + 1 :]


@fault("elided", steps=MAKING)
def elided(reply: Reply) -> Reply:
    """An artifact that leaves its second half to the reader: "... rest of the code unchanged"."""
    artifact = reply.artifact
    return reply.showing(_with_code(artifact, with_elision(artifact)))


def with_elision(artifact: Artifact) -> str:
    """Return the code with a comment that something is left out."""
    if artifact.kind is Kind.REACT:
        end = artifact.code.rindex("}")
        # On a line of its own: behind code, it would speak of that code.
        return f"{artifact.code[:end].rstrip()}\n  // {_ELIDED}\n{artifact.code[end:]}"
    return with_comment(artifact.code, artifact.kind, artifact.language, _ELIDED)


@fault("refusal")
def refusal(reply: Reply) -> Reply:
    """The model refuses: finish_reason content_filter, and message.refusal instead of content."""
    return replace(reply.silent("content_filter"), refusal="I cannot help with this request.")


@fault("filtered")
def filtered(reply: Reply) -> Reply:
    """The answer breaks off in its middle, and finish_reason says content_filter."""
    return reply.first(len(reply.written) // 2).ending("content_filter")


@fault("surrogates", group=Group.WRITTEN)
def surrogates(reply: Reply) -> Reply:
    """A good answer with emoji at its end, whose halves (surrogates) are escaped, each in a delta of its own."""
    text = f"{reply.content or ''}{_EMOJI}"
    return replace(reply, content=_ASTRAL.sub(lambda found: _halves(found[0]), text))


def _halves(character: str) -> str:
    units = character.encode("utf-16-be")
    return "".join(chr(int.from_bytes(units[start : start + 2])) for start in (0, 2))


@fault("chatter", group=Group.AROUND)
def chatter(reply: Reply) -> Reply:
    """Sentences before and after the artifact."""
    return reply.saying(f"{CHATTER}\n\n{reply.text}\n\n{AFTERWORD}")


@fault("nested", group=Group.AROUND, steps=MAKING)
def nested(reply: Reply) -> Reply:
    """An artifact whose code holds the string '</artifact>'."""
    artifact = reply.artifact
    if artifact.kind in {Kind.REACT, Kind.CODE}:
        line = "CLOSING_TAG = '</artifact>'" if artifact.language == "python" else "const closingTag = '</artifact>';"
        return reply.showing(_with_code(artifact, f"{artifact.code}\n\n{line}"))
    comment = with_comment(artifact.code, artifact.kind, artifact.language, "it ends with '</artifact>'")
    return reply.showing(_with_code(artifact, comment))


@fault("u2028", group=Group.WRITTEN)
def u2028(reply: Reply) -> Reply:
    """A good answer with U+2028 and U+0085 raw inside its JSON strings: in the text, or in a title and a comment."""
    if reply.made is None:
        return reply.saying(f"{reply.text} A line separator \u2028 and a next line \u0085 in here.")
    artifact = replace(reply.artifact, title=f"{reply.artifact.title}\u2028\u0085")
    comment = "a line separator \u2028 // and a next line \u0085 in here"
    if artifact.kind is Kind.CODE and artifact.language == "python":
        comment = comment.replace("//", "#")
    code = with_comment(artifact.code, artifact.kind, artifact.language, comment)
    return reply.showing(_with_code(artifact, code))
