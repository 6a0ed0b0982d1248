"""The check of a React component: a module with one default export that imports only what is at hand."""

from shared.artifacts.syntax import script
from shared.artifacts.syntax.imports import Imports
from shared.artifacts.syntax.packages import import_problems
from shared.artifacts.syntax.problem import Problem, Source, in_order
from shared.artifacts.syntax.script import Dialect, Mode, Rules


def problems(source: Source, imports: Imports) -> list[Problem]:
    """Return what keeps a component from being rendered, and what may, in the order of the code.

    TypeScript is accepted.
    """
    checked = script.check_script(source, Dialect.TSX, Mode.MODULE, Rules(react=True, names=True))
    return in_order(checked.problems, import_problems(source, checked.imports, imports), checked.elisions)
