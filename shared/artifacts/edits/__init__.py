"""Edits: search-and-replace blocks, read from a model's answer and applied to code, all or none of them.

Pure functions of texts: what is asked of a model, and whether the result can be rendered, is decided elsewhere.
"""

from shared.artifacts.edits.apply import apply_edits
from shared.artifacts.edits.blocks import Answer, read_edits
from shared.artifacts.edits.edit import Edit, EditFailure, Reason
from shared.artifacts.edits.marks import Mark, holds_markers, mark_of

__all__ = ["Answer", "Edit", "EditFailure", "Mark", "Reason", "apply_edits", "holds_markers", "mark_of", "read_edits"]
