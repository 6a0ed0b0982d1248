"""Runs saved CloudWatch Logs Insights queries (Logs Insights QL) on a log file, with the result of CloudWatch or none.

It knows the part of the language that the project's queries use, and refuses the rest with its place.
"""

from local.insights.errors import QueryError
from local.insights.events import Events
from local.insights.query import Query, Table, parse
from local.insights.values import Value

__all__ = ["Events", "Query", "QueryError", "Table", "Value", "parse"]
