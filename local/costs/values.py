"""Pieces of an SQLite statement, with what is known of their values before it runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from local.costs.errors import refuse


class Kind(Enum):
    """What a value is; each can also be missing, which is NULL."""

    FIELD = "a field"
    """Whatever a line holds."""
    NUMBER = "a number"
    TIME = "a time"
    """Milliseconds since 1970."""


@dataclass(frozen=True)
class Sql:
    """An expression of SQLite's; `name` is the query's word for it."""

    text: str
    kind: Kind
    name: str

    def as_number(self) -> str:
        """Return the expression as a number: a text that writes one out will do, any other stops the statement."""
        return self._numeric(f"number({self.text}, {quoted(self.name)})")

    def as_sortable(self) -> str:
        """Return the expression as a number or a time; how CloudWatch sorts texts is its own affair."""
        return self.text if self.kind is Kind.TIME else self.as_number()

    def is_one_of(self, literals: Sequence[str]) -> str:
        """Return whether it is equal to one of these; a text that writes out a number is equal to that number."""
        are_texts = {literal.startswith("'") for literal in literals}
        if are_texts == {False}:
            text = self._numeric(f"number_or_text({self.text})")
        elif are_texts == {True} and self.kind is Kind.FIELD:
            text = self.text
        else:
            refuse(f"{self.name} is {self.kind.value}, and is compared with {' and '.join(literals)}")
        return f"{text} IN ({', '.join(literals)})"

    def contains(self, part: str) -> str:
        """Return 1 where the text holds the part, and 0 where not, or where there is none."""
        found = f"coalesce(instr({self.text}, {quoted(part)}) > 0, 0)"
        refusal = f"refuse({quoted(f'{self.name} holds a number, and strcontains looks into texts')})"
        return f"iif(typeof({self.text}) IN ('text', 'null'), {found}, {refusal})"

    def if_present(self, then: str, what: str) -> str:
        """Return `then`; a missing value stops the statement."""
        problem = f"what {what} gives for a line without {self.name} is not documented"
        return f"iif({self.text} IS NULL, refuse({quoted(problem)}), {then})"

    def _numeric(self, of_text: str) -> str:
        if self.kind is Kind.TIME:
            refuse(f"{self.name} is a time, where a number is expected")
        if self.kind is Kind.NUMBER:
            return self.text
        return f"iif(typeof({self.text}) = 'text', {of_text}, {self.text})"


def quoted(text: str) -> str:
    """Return a text as SQLite writes it."""
    return "'" + text.replace("'", "''") + "'"
