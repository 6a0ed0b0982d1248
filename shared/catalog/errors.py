"""Why a catalog cannot be had: what reads one raises these, and who asks for it keeps the one at hand."""

from collections.abc import Sequence


class CatalogError(Exception):
    """A catalog cannot be read or used.

    Attributes:
        problems: everything that is wrong, one sentence each, with no word of the text but models' and fields' names.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(problems))


class DocumentError(CatalogError):
    """A document is no TOML, or describes a model wrongly."""


class OverlayError(DocumentError):
    """The operator's overlay cannot be used; nothing of it is."""


class ParameterError(CatalogError):
    """The parameter that holds the overlay cannot be read, or holds no text."""
