"""An artifact, its extraction from an answer, and the names of the warnings about it."""

import hashlib
from typing import NamedTuple

from shared.artifacts.kinds import Kind
from shared.artifacts.problem import Rule

UNTITLED = "Untitled"
"""The title of an artifact that has none."""

UNTAGGED = "untagged"
SEVERAL_ARTIFACTS = "several_artifacts"
CUT_AFTER_ARTIFACT = "cut_after_artifact"
KIND_CORRECTED = "kind_corrected"
KIND_CHANGED = "kind_changed"
TRIMMED = "trimmed"
MENDED = "mended"
USES_STORAGE = "uses_storage"
UNKNOWN_ATTRIBUTE = Rule.UNKNOWN_ATTRIBUTE.value
MAY_FAIL = Rule.MAY_FAIL.value
PLAN_SKIPPED = "plan_skipped"
REVIEW_SKIPPED = "review_skipped"
REBUILD_SKIPPED = "rebuild_skipped"
NOT_FULLY_CHECKED = Rule.NOT_FULLY_CHECKED.value


class Artifact(NamedTuple):
    """One artifact: its code and the attributes of its tag."""

    kind: Kind
    title: str
    language: str | None
    code: str

    @property
    def version(self) -> str:
        """The SHA-256 of its code in UTF-8, its lines ended by line feeds: 64 hexadecimal digits."""
        return hashlib.sha256(self.code.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def canonical(self) -> str:
        """The canonical form: an opening tag with the MIME type, the code, a closing tag."""
        language = f' language="{_escaped(self.language)}"' if self.language and self.kind is Kind.CODE else ""
        opening = f'<artifact type="{self.kind.mime_type}" title="{_escaped(one_line(self.title))}"{language}>'
        return f"{opening}\n{self.code}\n</artifact>"


class Extraction(NamedTuple):
    """An artifact, and the warnings about the answer that it was extracted from."""

    artifact: Artifact
    warnings: tuple[str, ...]
    bare: bool = False
    """Whether it is the whole answer, with neither a tag nor a fence to mark it as code."""
    edits: int = 0
    """How many edits of the given code made it; 0 where it was written as a whole."""

    def warned(self, *warnings: str) -> "Extraction":
        """Return the extraction with these warnings too, each once."""
        return self._replace(warnings=tuple(dict.fromkeys((*self.warnings, *warnings))))

    def without(self, warning: str) -> "Extraction":
        """Return the extraction without this warning."""
        return self._replace(warnings=tuple(each for each in self.warnings if each != warning))


def _escaped(value: str) -> str:
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def one_line(title: str) -> str:
    """Return the title without line breaks and outer blanks; `Untitled` if nothing is left."""
    return " ".join(title.splitlines()).strip() or UNTITLED
