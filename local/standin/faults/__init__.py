"""Everything that the stand-in can do wrong on demand: one table from a directive's name to what it does."""

from collections.abc import Iterator
from typing import Final

from local.standin.directives import Directive, DirectiveError
from local.standin.faults import bodies, broken, connections, contents, statuses, streams, styles
from local.standin.faults.table import Fault, Group, Parameter

FAULTS: Final[dict[str, Fault]] = (
    statuses.fault.table
    | bodies.fault.table
    | streams.fault.table
    | connections.fault.table
    | styles.fault.table
    | contents.fault.table
    | broken.fault.table
)

# What `mix` draws from; the last three need a stream.
MIX: Final = (
    "rate-limit retry_after=1",
    "rate-limit",
    "status code=503",
    "error-200",
    "mid-error",
    "cut",
    "reset",
)
_ANYWHERE: Final = 4

_TIMES: Final = Parameter("times", "N")
_MIX_PARAMETERS: Final = (Parameter("p", "P"),)
_MIX_ABOUT: Final = f"Each call fails with probability p (0.25) by one of: {'; '.join(MIX)}."


def checked(directive: Directive) -> Directive:
    """The directive, if it is one of the table.

    Raises:
        DirectiveError: when there is no such fault, or it has no such parameter.
    """
    if directive.name != "mix" and directive.name not in FAULTS:
        msg = f"there is no fault {directive.name!r}; GET / lists them"
        raise DirectiveError(msg)
    allowed = _MIX_PARAMETERS if directive.name == "mix" else FAULTS[directive.name].parameters
    known = {parameter.name: parameter for parameter in (*allowed, _TIMES)}
    for key in directive.options.values:
        if key not in known:
            msg = f"the fault {directive.name!r} has no parameter {key!r}, only {', '.join(known)}"
            raise DirectiveError(msg)
        known[key].check(directive.options)
    return directive


def mixture(*, streaming: bool) -> tuple[str, ...]:
    """What a mix draws from."""
    return MIX if streaming else MIX[:_ANYWHERE]


def described() -> str:
    """All directives by their groups, with their parameters."""
    groups: dict[Group, list[str]] = {group: [] for group in Group}
    for name, group, parameters, about in _entries():
        forms = [f"[{each.name}={each.form}]" for each in parameters]
        groups[group].append(f"  {' '.join([name, *forms])}\n      {about}")
    return "\n".join("\n".join([f"{group}:", *lines]) for group, lines in groups.items())


def as_json() -> list[dict[str, str]]:
    """All directives for a program, each with its group and what it does."""
    order = list(Group)
    entries = sorted(_entries(), key=lambda entry: order.index(entry[1]))
    return [{"name": name, "group": group, "what": about} for name, group, _, about in entries]


def _entries() -> Iterator[tuple[str, Group, tuple[Parameter, ...], str]]:
    for fault in FAULTS.values():
        yield fault.name, fault.group, fault.parameters, fault.about
    yield "mix", Group.CHANCE, _MIX_PARAMETERS, _MIX_ABOUT
