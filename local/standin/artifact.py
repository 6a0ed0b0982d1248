"""One artifact and how it is written into an answer."""

import html
from dataclasses import dataclass

from local.standin.kinds import MIME_TYPES, Kind


@dataclass(frozen=True, slots=True)
class Artifact:
    """A piece of code with its kind, its title and, for the kind `code`, its language."""

    kind: Kind
    title: str
    code: str
    language: str | None = None

    @property
    def opening(self) -> str:
        """Return the opening tag, its attributes escaped."""
        language = f' language="{html.escape(self.language)}"' if self.language else ""
        return f'<artifact type="{MIME_TYPES[self.kind]}" title="{html.escape(self.title)}"{language}>'

    @property
    def fenced(self) -> str:
        """Return the code in a Markdown fence, labelled as a model would label it."""
        label = self.language or {Kind.REACT: "jsx", Kind.SVG: "xml"}.get(self.kind, self.kind.value)
        return f"```{label}\n{self.code}\n```"

    def text(self) -> str:
        """Return the whole artifact: tag, newline, code, newline, closing tag."""
        return f"{self.opening}\n{self.code}\n</artifact>"
