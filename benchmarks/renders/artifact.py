"""One artifact that is judged, and what is said of it."""

from dataclasses import dataclass

from shared.artifacts.kinds import Kind


@dataclass(frozen=True, slots=True)
class Artifact:
    """A piece of code of one kind."""

    name: str
    """Where it comes from; for a mutant also how it was broken, behind a tilde."""
    kind: Kind
    code: str
    language: str | None = None
    origin: str | None = None
    """Of a mutant: the name of what it was made of."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a renderer says of an artifact."""

    ok: bool | None
    """None where it cannot be said."""
    stage: str
    """Where it failed, such as "render"."""
    said: str
    """What it said then."""
    looks: str | None = None
    """Equal for two drawings that look alike."""
