"""Extraction: from a model's text to one artifact, in a tag or without one."""

from collections.abc import Callable

from shared.artifacts.extraction.alternatives import find_usable
from shared.artifacts.extraction.autocorrect import autocorrected
from shared.artifacts.extraction.extract import extract, extract_code, unwrap
from shared.artifacts.kinds import Kind

__all__ = ["autocorrected", "code_preview", "extract", "extract_code", "find_usable", "unwrap"]


def code_preview(requested: Kind | None) -> Callable[[str], str]:
    """Return what takes an answer piece by piece, and returns the code that each piece adds to what can be shown."""
    # Loaded with the first request that asks for events: a plain one has no use for it.
    from shared.artifacts.extraction.streaming import ArtifactStream, Code  # noqa: PLC0415

    stream = ArtifactStream(requested)
    return lambda piece: "".join(shown.text for shown in stream.feed(piece) if isinstance(shown, Code))
