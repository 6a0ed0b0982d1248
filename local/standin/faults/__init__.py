"""Everything that the stand-in can do wrong on demand: one table from a directive's name to what it does."""

from typing import Final

from local.standin.dialects import DIALECTS
from local.standin.dialects.dialect import Dialect
from local.standin.directives import Directive, DirectiveError
from local.standin.faults import bodies, broken, connections, contents, edits, reviewed, statuses, streams, styles
from local.standin.faults.table import ALL_HOSTS, Entry, Fault, Group, Parameter, only_at, only_in
from local.standin.steps import ALL_STEPS, Step

FAULTS: Final[dict[str, Fault]] = (
    statuses.fault.table
    | bodies.fault.table
    | streams.fault.table
    | connections.fault.table
    | styles.fault.table
    | contents.fault.table
    | broken.fault.table
    | edits.fault.table
    | reviewed.fault.table
)

_COMMON: Final = (Parameter("times", "N"), Parameter("at", "HOST+HOST"), Parameter("step", "STEP+STEP"))
_MIX: Final = Entry(
    name="mix",
    group=Group.CHANCE,
    parameters=(Parameter("p", "P"),),
    about="Each call fails with probability p (0.25) by one of those that are usual at its host.",
    hosts=ALL_HOSTS,
    steps=ALL_STEPS,
    needs_edits=False,
)


def checked(directive: Directive) -> Directive:
    """The directive, if it is one of the table.

    Raises:
        DirectiveError: when there is no such fault, it has no such parameter, or a host or a step that it names has
            none of both.
    """
    fault = _fault(directive)
    known = {parameter.name: parameter for parameter in (*fault.parameters, *_COMMON)}
    for key in directive.options.values:
        if key not in known:
            msg = f"the fault {directive.name!r} has no parameter {key!r}, only {', '.join(known)}"
            raise DirectiveError(msg)
        known[key].check(directive.options)
    for name in directive.hosts or ():
        if name not in DIALECTS:
            msg = f"at={directive.options.text('at')} names {name!r}, which is none of {', '.join(DIALECTS)}"
            raise DirectiveError(msg)
        served_by(directive, DIALECTS[name])
    for name in directive.steps or ():
        if name not in ALL_STEPS:
            msg = f"step={directive.options.text('step')} names {name!r}, which is none of {', '.join(ALL_STEPS)}"
            raise DirectiveError(msg)
        if name not in fault.steps:
            msg = f"the fault {fault.name!r} makes no sense in the step {name}, only in {', '.join(fault.steps)}"
            raise DirectiveError(msg)
    return directive


def happens_in(directive: Directive, step: Step, *, is_planned: bool) -> bool:
    """Whether the directive is meant for this step: one that it names, or else one in which the fault can happen.

    What is built to a plan is never written as edits.
    """
    if directive.steps is not None:
        return step in directive.steps
    fault = _fault(directive)
    return step in fault.steps and not (fault.needs_edits and is_planned)


def served_by(directive: Directive, dialect: Dialect) -> Directive:
    """The directive, if this host can fail in this way.

    Raises:
        DirectiveError: when it cannot.
    """
    fault = _fault(directive)
    if dialect.name not in fault.hosts:
        msg = f"the fault {fault.name!r} makes no sense at {dialect.name}, only at {', '.join(fault.hosts)}"
        raise DirectiveError(msg)
    for parameter in fault.parameters:
        if parameter.name in directive.options and dialect.name not in parameter.hosts:
            where = f"at {dialect.name}, only at {', '.join(parameter.hosts)}"
            msg = f"the fault {fault.name!r} has no parameter {parameter.name!r} {where}"
            raise DirectiveError(msg)
    return directive


def mixture(dialect: Dialect, *, streaming: bool) -> list[str]:
    """What a mix draws from."""
    return [text for text in dialect.mix if streaming or not FAULTS[Directive.parse(text).name].needs_stream]


def described() -> str:
    """All directives by their groups, with their parameters, and the hosts and steps of those that are not for all."""
    groups: dict[Group, list[str]] = {group: [] for group in Group}
    for fault in _entries():
        forms = " ".join([fault.name, *map(str, fault.parameters)])
        groups[fault.group].append(f"  {forms}{only_at(fault.hosts)}{only_in(fault.steps)}\n      {fault.about}")
    return "\n".join("\n".join([f"{group}:", *lines]) for group, lines in groups.items())


def as_json() -> list[dict[str, object]]:
    """All directives for a program, each with its group, what it does, and the hosts and the steps that it is for."""
    order = list(Group)
    entries = sorted(_entries(), key=lambda fault: order.index(fault.group))
    return [
        {
            "name": fault.name,
            "group": fault.group,
            "what": fault.about,
            "hosts": [*fault.hosts],
            "steps": [*fault.steps],
        }
        for fault in entries
    ]


def _entries() -> list[Entry]:
    return [*FAULTS.values(), _MIX]


def _fault(directive: Directive) -> Entry:
    fault = _MIX if directive.name == _MIX.name else FAULTS.get(directive.name)
    if fault is None:
        msg = f"there is no fault {directive.name!r}; GET / lists them"
        raise DirectiveError(msg)
    return fault
