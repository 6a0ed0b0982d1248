"""The check of a React component: a module with one default export that imports only what is allowed."""

from shared.artifacts.allowed_imports import AllowedImports
from shared.artifacts.problem import Problem, Source, in_order
from shared.artifacts.syntax.script import Dialect, Mode, Rules, check_script
from shared.artifacts.syntax.script.package_exports import import_problems


def problems(source: Source, imports: AllowedImports) -> list[Problem]:
    """Return what keeps a component from being rendered, and what may, in the order of the code.

    TypeScript is accepted.
    """
    checked = check_script(source, Dialect.TSX, Mode.MODULE, Rules(react=True, names=True))
    return in_order(checked.problems, import_problems(source, checked.imports, imports), checked.elisions)
