"""The fix of code that failed in the browser."""

from shared.artifacts.artifact import KIND_CORRECTED
from shared.artifacts.extraction import artifact_to_fix
from shared.artifacts.kinds import Kind
from shared.artifacts.prompts import fix_messages
from shared.artifacts.repair_loop import Dependencies, Made
from shared.artifacts.revision import Revision
from shared.artifacts.syntax import prepare
from shared.run import Run


def fix(dependencies: Dependencies, run: Run, content: str, kind: Kind, error_message: str) -> Made:
    """Return the corrected code of an artifact of this kind; it can be rendered.

    The code is given bare or in its tag. Code that clearly is of another kind is fixed as that kind, with the warning
    `kind_corrected`.

    Raises:
        Failure: the host failed, or the model returned no usable fix.
    """
    given = artifact_to_fix(content, kind)
    prepare(given.kind)
    messages = fix_messages(given.code, given.kind, error_message, dependencies.imports)
    choice = dependencies.choose(run, error_message, given.code, intent="transform")
    made = Revision(given, dependencies, run, is_fix=True, untagged_is_whole=True).make(messages, choice)
    return made if given.kind is kind else made.warned(KIND_CORRECTED)
