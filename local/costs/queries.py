"""The saved queries, which the stack deploys as well: local/observability/queries.toml holds them."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from local.costs.errors import CostsError

QUERIES = Path(__file__).parents[1] / "observability" / "queries.toml"
GROUPS = (
    "feature", "component", "host", "tier", "caller", "function", "requested_model", "model", "provider",
    "artifact_type", "applied", "workflow",
)  # fmt: skip
"""The fields of the cost line that its figures can be asked by."""
_BY = re.compile(r" by .*$", re.MULTILINE)
_PARAMETER = re.compile(r"\{\{\s*(\w+)\s*\}\}")


@dataclass(frozen=True)
class SavedQuery:
    """A query of CloudWatch Logs Insights.

    Attributes:
        name: what it is called, without the stack's folder.
        title: what it tells, for a person who reads its table.
        text: a command a line.
        width: how many of the dashboard's 24 columns its table takes; 0 where it has none there.
        parameters: what has to be filled in before it can be run, each with its description.
    """

    name: str
    title: str
    text: str
    width: int = 0
    parameters: Mapping[str, str] = field(default_factory=dict)

    def filled(self, values: Mapping[str, str]) -> str:
        """Return the text with these values in their places, inside of its quotes; KeyError where one is missing.

        What a value holds must not end the quotes.
        """
        return _PARAMETER.sub(lambda found: values[found[1]], self.text)

    def regrouped(self, fields: Sequence[str]) -> "SavedQuery":
        """Return the query with its figures by these fields of the lines instead; a missing one counts as `none`.

        A column has another name than its field: CloudWatch may refuse a query that reads a field and gives its name
        to something else.
        """
        groups = ", ".join(f'coalesce({each}, "none") as {each}_name' for each in fields)
        text = _BY.sub(f" by {groups}", self.text, count=1)
        return replace(self, name=f"Cost per {' and '.join(fields)}", text=text)


def saved_queries(path: Path = QUERIES) -> list[SavedQuery]:
    """Return the queries of a data file, in its order; CostsError says why it cannot be read."""
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        msg = f"{path} cannot be read: {error}"
        raise CostsError(msg) from error
    return [SavedQuery(**each) for each in data["query"]]
