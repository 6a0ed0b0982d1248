"""Extraction: from a model's text to one artifact, in a tag or without one."""

from shared.artifacts.extraction.alternatives import find_usable
from shared.artifacts.extraction.autocorrect import autocorrected
from shared.artifacts.extraction.extract import extract, extract_code, unwrap
from shared.artifacts.extraction.streaming import ArtifactStream, Code

__all__ = ["ArtifactStream", "Code", "autocorrected", "extract", "extract_code", "find_usable", "unwrap"]
