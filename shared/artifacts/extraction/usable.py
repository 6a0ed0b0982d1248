"""Finds the artifact in an answer that can be used: alternatives are checked before another attempt is paid for.

They count where the rules find nothing that can be rendered. An alternative is used only if it is the only one that
can be rendered; between two there is no guess.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import islice

from shared.artifacts.artifact import Extraction
from shared.artifacts.errors import ArtifactFailure, ArtifactMissing, ArtifactTruncated, OtherKind
from shared.artifacts.extraction.extract import extract, extract_code
from shared.artifacts.kinds import Kind

Accept = Callable[[Extraction], Extraction]
"""Returns the extraction that can be given to the caller, with its warnings, or raises `ArtifactFailure`."""

_MAX_ALTERNATIVES = 12
"""Alternatives that are checked; each takes some milliseconds."""


def find_usable(
    text: str, kind: Kind | None, accept: Accept, *, truncated: bool, code_only: bool = False
) -> Extraction:
    """Return what `accept` makes of the artifact in an answer, or of the only alternative that it accepts.

    Args:
        text: the answer, as the model wrote it.
        kind: the requested kind, if any.
        accept: what is done with an artifact before it is returned.
        truncated: whether the model host reported that the answer is truncated; then no alternative is tried.
        code_only: whether only code was requested, so that it needs neither a tag nor a fence.

    Raises:
        ArtifactFailure: what is wrong with the artifact, or that there is none.
    """
    first: Extraction | None = None
    try:
        first = (
            extract_code(text, kind, truncated=truncated)
            if code_only and kind
            else extract(text, requested=kind, truncated=truncated)
        )
        return accept(first)
    except ArtifactTruncated:
        raise
    except ArtifactFailure as failure:
        if truncated:
            raise
        # Loaded with the first answer that needs it: most are used as they stand.
        from shared.artifacts.extraction.alternatives import alternatives  # noqa: PLC0415

        readings = alternatives(text, kind, first)
        accepted = _accepted(readings, accept)
        if len(accepted) == 1:
            return accepted[0]
        if kind and isinstance(failure, ArtifactMissing):
            _raise_other_kind(text, accept)
        raise


def _accepted(readings: Iterable[Extraction], accept: Accept) -> list[Extraction]:
    """Return what is accepted of the alternatives, each piece of code once; two at most."""
    found: dict[str, Extraction] = {}
    for reading in islice(readings, _MAX_ALTERNATIVES):
        with suppress(ArtifactFailure):
            each = accept(reading)
            found[each.artifact.code] = each
        if len(found) > 1:
            break
    return list(found.values())


def _raise_other_kind(text: str, accept: Accept) -> None:
    """Raise `OtherKind` if the answer clearly is of another kind than the requested one."""
    try:
        accept(extract(text))
    except OtherKind:
        raise
    except ArtifactFailure:
        return
