"""A prompt becomes one artifact."""

from shared.artifacts.ask import Workshop, ask
from shared.artifacts.extract import Extraction, extract
from shared.artifacts.kinds import Kind
from shared.artifacts.prompts import generate_messages
from shared.artifacts.review import reviewed
from shared.costs.ledger import Ledger
from shared.deadline import Deadline
from shared.openrouter import Completion, Question


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

    Raises:
        Failure: the host or the model did not come up with one.
    """
    ledger.facts.artifact_type = kind
    ledger.facts.session_id = session_id
    ledger.facts.prompt_chars = len(prompt)
    question = Question(generate_messages(prompt, kind, workshop.imports), session_id)

    def read(completion: Completion) -> Extraction:
        found = extract(completion.content, requested=kind, cut=completion.cut)
        return reviewed(found, workshop.imports, cut=completion.cut)

    made = ask(workshop.host, question, read, deadline=deadline, ledger=ledger)
    ledger.facts.artifact_type = made.artifact.kind
    return made
