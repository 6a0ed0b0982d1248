"""What is refused, and where it stands in the query."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the query; both numbers count from 1."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}"


class QueryError(Exception):
    """The query has no result here that CloudWatch would surely give as well; the message says why and where."""

    def __init__(self, problem: str, place: Place) -> None:
        super().__init__(f"{problem}, at {place}")
        self.problem = problem
        self.line = place.line
        self.column = place.column
