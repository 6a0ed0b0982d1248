"""The steps of a reviewed request, and what the messages of each ask for: they are told apart by their parts."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from local.standin.directives import Spoken
from local.standin.parts import Part, parts_of


class Step(StrEnum):
    """A step of a reviewed request; any other request is a build."""

    PLAN = "plan"
    BUILD = "build"
    REVIEW = "review"
    CHANGES = "changes"
    REBUILD = "rebuild"


ALL_STEPS: Final = tuple(Step)
ADVISING: Final = (Step.PLAN, Step.REVIEW, Step.CHANGES)
"""Those that are answered with JSON."""
MAKING: Final = (Step.BUILD, Step.REBUILD)
"""Those that are answered with an artifact."""


@dataclass(frozen=True, slots=True)
class StepRequest:
    """What the user says of one step."""

    step: Step
    request: str  # what is wanted, without directives
    instructions: str = ""  # behind the parts, where there are any
    code: str = ""  # that is to be reviewed
    findings: str = ""  # that the changes are to be made for
    is_planned: bool = False  # what is to be built has a plan

    @classmethod
    def read(cls, turns: Sequence[str]) -> Self:
        """Return what the turns of the user ask for, from the first on."""
        text = _line_feeds(turns[0]) if turns else ""
        parts = list(parts_of(text))
        named = {part.name: part for part in reversed(parts)}
        if parts and parts[0].start == 0:
            instructions = text[parts[-1].end :]
            if parts[0].name == "request":
                return cls._advice(turns, named, instructions)
            if parts[0].name == "code" and "findings" in named:
                request = named["request"].text if "request" in named else ""
                return cls(Step.REBUILD, _said(request), instructions)
        if parts and parts[-1].name == "plan":
            return cls(Step.BUILD, _said(text[: parts[-1].start]), text[parts[-1].end :], is_planned=True)
        return cls(Step.BUILD, _said(turns[0] if turns else ""))

    @classmethod
    def _advice(cls, turns: Sequence[str], named: dict[str, Part], instructions: str) -> Self:
        """Return the request for a review where there is code, for changes where a later turn has findings."""
        request = _said(named["request"].text)
        if "code" in named:
            return cls(Step.REVIEW, request, instructions, code=named["code"].text)
        found = [part.text for turn in turns[1:] for part in parts_of(_line_feeds(turn)) if part.name == "findings"]
        if found:
            return cls(Step.CHANGES, request, instructions, findings=found[-1])
        return cls(Step.PLAN, request, instructions)


def _said(text: str) -> str:
    return Spoken.read(text).text.strip()


def _line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n")
