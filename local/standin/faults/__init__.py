"""Everything that the stand-in can do wrong on demand: one table from a directive's name to what it does."""

from typing import Final

from local.standin.directives import Directive, DirectiveError
from local.standin.faults import bodies, broken, connections, contents, statuses, streams, styles
from local.standin.faults.table import Fault, Parameter

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
    """All directives, a line each, with their parameters."""
    lines = [
        f"  {' '.join([fault.name, *(f'[{each.name}={each.form}]' for each in fault.parameters)])}\n      {fault.about}"
        for fault in FAULTS.values()
    ]
    lines.append("  mix [p=P]\n      Each call fails with probability p (0.25) by one of: " + "; ".join(MIX) + ".")
    return "\n".join(lines)
