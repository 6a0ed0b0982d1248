"""The change of an artifact that is there, as a prompt asks for it."""

from shared.artifacts.artifact import Artifact
from shared.artifacts.brief import Brief
from shared.artifacts.errors import RevisionUnusable
from shared.artifacts.generate import reader
from shared.artifacts.prompts import change_messages
from shared.artifacts.repair_loop import Dependencies, Made, complete_with_repair
from shared.artifacts.revision import CHARS_PER_TOKEN, Revision
from shared.artifacts.syntax import prepare
from shared.model_host import Question
from shared.run import Run


def change(dependencies: Dependencies, run: Run, brief: Brief, given: Artifact) -> Made:
    """Return the given artifact, changed as the prompt asks; it can be rendered.

    It stays of its kind. If another kind is wanted, it is converted: written anew in that kind.

    Raises:
        Failure: the host failed, or the model returned no usable artifact.
    """
    kind = brief.kind or given.kind
    prepare(kind)
    choice = dependencies.choose(run, brief.prompt, given.code, intent="transform")
    messages = change_messages(given, brief.prompt, kind, dependencies.imports)
    session_id, purpose = brief.session_id, brief.purpose
    if kind is given.kind:
        revision = Revision(given, dependencies, run, is_fix=False)
        return revision.make(messages, choice, session_id=session_id, purpose=purpose)
    more = len(given.code) // CHARS_PER_TOKEN
    question = Question(messages.whole, session_id, extra_output_tokens=more, purpose=purpose)
    made = complete_with_repair(dependencies.client, question, reader(dependencies, run, kind), run, choice)
    if (made.artifact.kind, made.artifact.version) == (given.kind, given.version):
        raise RevisionUnusable("it is the code unchanged.", is_fix=False)
    return made._replace(base_version=given.version)
