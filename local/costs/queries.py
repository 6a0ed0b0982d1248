"""The saved queries, as the template deploys them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from local.template import Template, TemplateError

_TYPE = "AWS::Logs::QueryDefinition"
_PARAMETER = re.compile(r"\{\{\s*(\w+)\s*\}\}")


@dataclass(frozen=True)
class SavedQuery:
    """A query, and what it is called without its folder."""

    name: str
    text: str

    @property
    def parameters(self) -> set[str]:
        """What has to be filled in before it can be run."""
        return set(_PARAMETER.findall(self.text))

    def filled(self, values: Mapping[str, str]) -> str:
        """The text with these values in their places, inside of its quotes; KeyError where one is missing.

        What a value holds must not end the quotes.
        """
        return _PARAMETER.sub(lambda found: values[found[1]], self.text)


def saved_queries(template: Path) -> list[SavedQuery]:
    """The queries of a template, in its order.

    Raises:
        TemplateError: it cannot be read, or has none.
    """
    read = Template.read(template, {})
    resources = [cast("dict[str, object]", each) for each in read.section("Resources").values()]
    queries = [_query(read, each) for each in resources if each.get("Type") == _TYPE]
    if not queries:
        msg = f"{template} has no saved query"
        raise TemplateError(msg)
    return queries


def _query(template: Template, resource: dict[str, object]) -> SavedQuery:
    properties = cast("dict[str, object]", resource["Properties"])
    name, text = (str(template.resolve(cast("str", properties[key]))) for key in ("Name", "QueryString"))
    return SavedQuery(name.rpartition("/")[2], text.strip())
