"""Extraction: from a model's text to one artifact, in a tag or without one."""

from typing import TYPE_CHECKING

from shared.artifacts.extraction.autocorrect import autocorrected
from shared.artifacts.extraction.body import trimmed
from shared.artifacts.extraction.content import artifact_to_fix, given_artifact, unwrap
from shared.artifacts.extraction.extract import extract, extract_code, with_line_feeds
from shared.artifacts.extraction.usable import find_usable
from shared.artifacts.kinds import Kind

if TYPE_CHECKING:
    from shared.artifacts.extraction.streaming import CodePreview

__all__ = [
    "artifact_to_fix",
    "autocorrected",
    "code_preview",
    "extract",
    "extract_code",
    "find_usable",
    "given_artifact",
    "trimmed",
    "unwrap",
    "with_line_feeds",
]


def code_preview(requested: Kind | None) -> "CodePreview":
    """Return the preview of an answer that is still being written."""
    # Loaded with the first request that asks for events: a plain one has no use for it.
    from shared.artifacts.extraction.streaming import CodePreview  # noqa: PLC0415

    return CodePreview(requested)
