"""The generation of one artifact from a prompt."""

from shared.artifacts.artifact import Extraction
from shared.artifacts.brief import Brief
from shared.artifacts.conversation import Read
from shared.artifacts.errors import OtherKind
from shared.artifacts.extraction import find_usable
from shared.artifacts.kinds import Kind
from shared.artifacts.prompts import generate_messages
from shared.artifacts.repair_loop import Dependencies, Made, complete_with_repair
from shared.artifacts.syntax import prepare
from shared.artifacts.validation import Checker, validate
from shared.model_host import Completion, Question
from shared.run import Run


def generate(dependencies: Dependencies, run: Run, brief: Brief) -> Made:
    """Return the artifact that the prompt asks for; it can be rendered.

    It is of the brief's kind, or of one that the model chooses. If the model writes another kind twice, that artifact
    is returned with the warning `kind_changed`.

    Raises:
        Failure: the host failed, or the model wrote no usable artifact.
    """
    prepare(brief.kind)
    messages = generate_messages(brief.prompt, brief.kind, dependencies.imports, brief.plan)
    question = Question(messages, brief.session_id, purpose=brief.purpose)
    choice = dependencies.choose(run, brief.prompt, intent="generate")
    return complete_with_repair(dependencies.client, question, reader(dependencies, run, brief.kind), run, choice)


def reader(dependencies: Dependencies, run: Run, kind: Kind | None) -> Read:
    """Return what finds an artifact of this kind, or of any, in a model's answer."""

    def read(completion: Completion) -> Extraction:
        checker = Checker(dependencies.imports, run.deadline)

        def accept(found: Extraction) -> Extraction:
            valid = validate(found, checker, truncated=completion.truncated)
            if kind and valid.artifact.kind is not kind:
                raise OtherKind(valid.artifact, kind, usable=valid)
            return valid

        return find_usable(completion.content, kind, accept, truncated=completion.truncated)

    return read
