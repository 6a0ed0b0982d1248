"""The messages that ask the builder to mend what a review found."""

from collections.abc import Sequence

from shared.artifacts.allowed_imports import AllowedImports
from shared.artifacts.artifact import Artifact
from shared.artifacts.prompts import RevisionMessages, part, revision_messages
from shared.artifacts.reviewed.json_answer import listed
from shared.artifacts.reviewed.texts import texts


def rebuild_messages(
    built: Artifact, prompt: str, findings: str, changes: Sequence[str], imports: AllowedImports
) -> RevisionMessages:
    """Return the messages that ask for edits, or for the whole; the code comes first, as in every revision."""
    parts = [part("code", built.code), part("request", prompt, built.code), part("findings", findings, built.code)]
    if changes:
        parts.append(part("changes", listed(list(changes)), built.code))
    return revision_messages(texts()["rebuild"], "\n".join(parts), built.kind, imports)
