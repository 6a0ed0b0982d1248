"""A prompt becomes one artifact."""

from shared.artifacts.artifact import Extraction
from shared.artifacts.errors import OtherKind
from shared.artifacts.extraction import find_usable
from shared.artifacts.kinds import Kind
from shared.artifacts.prompts import generate_messages
from shared.artifacts.repair_loop import Workshop, ask
from shared.artifacts.syntax import prepare
from shared.artifacts.validation import Checker, validated
from shared.costs.ledger import Ledger
from shared.deadline import Deadline
from shared.model_host import Completion, Question


def generate(
    workshop: Workshop,
    prompt: str,
    kind: Kind | None,
    *,
    session_id: str | None,
    deadline: Deadline,
    ledger: Ledger,
) -> Extraction:
    """The artifact that the prompt asks for, of this kind or of one that the model chooses; it can be rendered.

    Where the model writes another kind twice, it is that, with the warning `kind_changed`.

    Raises:
        Failure: the host or the model did not come up with one.
    """
    ledger.facts.artifact_type = kind
    ledger.facts.session_id = session_id
    ledger.facts.prompt_chars = len(prompt)
    prepare(kind)
    question = Question(generate_messages(prompt, kind, workshop.imports), session_id)

    def read(completion: Completion) -> Extraction:
        checker = Checker(workshop.imports, deadline)

        def accept(found: Extraction) -> Extraction:
            made = validated(found, checker, cut=completion.cut)
            if kind and made.artifact.kind is not kind:
                raise OtherKind(made.artifact, kind, usable=made)
            return made

        return find_usable(completion.content, kind, accept, cut=completion.cut)

    made = ask(workshop.host, question, read, deadline=deadline, ledger=ledger)
    ledger.facts.artifact_type = made.artifact.kind
    return made
