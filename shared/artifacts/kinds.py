"""The six kinds of artifact and the names they go by."""

from enum import StrEnum


class Kind(StrEnum):
    """A kind of artifact; its value is the short name of the contract."""

    REACT = "react"
    HTML = "html"
    SVG = "svg"
    MERMAID = "mermaid"
    MARKDOWN = "markdown"
    CODE = "code"

    @property
    def mime_type(self) -> str:
        """The MIME type that stands in an artifact's tag."""
        return _MIME_TYPES[self]

    @classmethod
    def named(cls, name: str) -> "Kind | None":
        """The kind with this short name or MIME type, in any case; None when there is none."""
        return _NAMES.get(name.strip().lower())


_MIME_TYPES = {
    Kind.REACT: "application/vnd.ant.react",
    Kind.HTML: "text/html",
    Kind.SVG: "image/svg+xml",
    Kind.MERMAID: "application/vnd.ant.mermaid",
    Kind.MARKDOWN: "text/markdown",
    Kind.CODE: "application/vnd.ant.code",
}
_NAMES = {kind.value: kind for kind in Kind} | {mime: kind for kind, mime in _MIME_TYPES.items()}
