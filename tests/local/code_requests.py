"""Requests about code as the functions send them, and answers made of edits, read strictly."""

from typing import Any

from local.standin.blocks import DIVIDER, REPLACE, SEARCH, Block
from local.standin.kinds import MIME_TYPES, Kind

CODE_FENCE = "0123456789abcdef"
OTHER_FENCE = "fedcba9876543210"
AS_EDITS = f"Answer with edits:\n{SEARCH}\nlines\n{DIVIDER}\nother lines\n{REPLACE}"
AS_A_WHOLE = "Answer with the whole artifact."


def system(kind: Kind) -> dict[str, str]:
    return {"role": "system", "content": f"Answer with one artifact of the type {MIME_TYPES[kind]}."}


def about(code: str, form: str, **other: str) -> dict[str, str]:
    """What the user says at first; `other` is the change or the error."""
    ((name, text),) = other.items()
    parts = [f"<<<code {CODE_FENCE}", code, f"{CODE_FENCE} code>>>"]
    parts += [f"<<<{name} {OTHER_FENCE}", text, f"{OTHER_FENCE} {name}>>>", "", form]
    return {"role": "user", "content": "\n".join(parts)}


def turns(kind: Kind, code: str, form: str, complaint: str = "", **other: str) -> list[dict[str, Any]]:
    """A conversation; with a complaint, the answer before it did not fit."""
    asked = [system(kind), about(code, form, **other)]
    if not complaint:
        return asked
    return [*asked, {"role": "assistant", "content": "edits"}, {"role": "user", "content": complaint}]


def blocks_in(answer: str) -> list[Block]:
    """The edits of an answer that is nothing but whole edits."""
    found: list[Block] = []
    search: list[str] = []
    replace: list[str] = []
    part: list[str] | None = None
    for line in answer.strip().split("\n"):
        if line == SEARCH:
            assert part is None
            part = search = []
        elif line == DIVIDER:
            assert part is search
            part = replace = []
        elif line == REPLACE:
            assert part is replace
            found.append(Block("\n".join(search), "\n".join(replace)))
            part = None
        elif part is None:
            assert not line, f"{line!r} is outside of an edit"
        else:
            part.append(line)
    assert part is None, "the last edit has no end"
    return found


def places(code: str, search: str) -> list[int]:
    """Where lines stand in the code, blanks at both ends aside."""
    lines, wanted = ([line.strip() for line in text.split("\n")] for text in (code, search))
    return [start for start in range(len(lines)) if lines[start : start + len(wanted)] == wanted]


def applied(code: str, blocks: list[Block]) -> str:
    """The code with the edits made, each of which finds its lines once and exactly."""
    for block in blocks:
        lines, search = code.split("\n"), block.search.split("\n")
        (start,) = places(code, block.search)
        assert lines[start : start + len(search)] == search
        lines[start : start + len(search)] = block.replace.split("\n") if block.replace else []
        code = "\n".join(lines)
    return code
