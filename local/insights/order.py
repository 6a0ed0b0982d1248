"""Which command may follow which: as documented, and where nothing is documented, so that nothing depends on it."""

from collections.abc import Sequence

from local.insights.errors import QueryError
from local.insights.syntax import Command

_MOST_STATS = 2
"""As the documentation of 2025 says; a later one may allow more."""
_LATE = {"sort", "limit", "display", "dedup"}
"""Once in a query, and after the last `stats`."""
_BEHIND = {
    "limit": ({"fields", "display"}, "only fields and display follow limit here"),
    "dedup": ({"limit"}, "only limit may follow dedup"),
    "display": ({"limit"}, "only limit follows display here"),
}
"""What may come at any place after a command, and what to say of others."""


def check_order(commands: Sequence[Command]) -> None:
    """Refuse commands that do not follow each other in a documented way."""
    _check_stats(commands)
    for index, command in enumerate(commands):
        earlier = [each.name for each in commands[:index]]
        if command.name in _LATE & set(earlier):
            msg = f"{command.name} stands a second time"
            raise QueryError(msg, command.place)
        for name in earlier:
            allowed, problem = _BEHIND.get(name, (set(), ""))
            if problem and command.name not in allowed:
                raise QueryError(problem, command.place)
        if command.name == "dedup" and "stats" in earlier and "sort" not in earlier:
            raise QueryError("dedup keeps the first row of each: after stats the rows have no order yet", command.place)


def _check_stats(commands: Sequence[Command]) -> None:
    """`sort` and `limit` come after the last `stats`; so do here the commands that only say what is shown."""
    places = [index for index, command in enumerate(commands) if command.name == "stats"]
    if len(places) > _MOST_STATS:
        msg = f"a query has at most {_MOST_STATS} stats commands"
        raise QueryError(msg, commands[places[_MOST_STATS]].place)
    if not places:
        return
    for command in commands[: places[-1]]:
        if command.name in _LATE:
            msg = f"{command.name} stands after the last stats"
            raise QueryError(msg, command.place)
    names = [command.name for command in commands[places[-1] :]]
    if "fields" in names and "display" not in names:
        place = commands[places[-1] + names.index("fields")].place
        raise QueryError("which columns are shown with fields after stats is not documented: add display", place)
