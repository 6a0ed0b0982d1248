"""A prompt becomes one artifact."""

from shared.artifacts.ask import ask
from shared.artifacts.extract import Extraction, extract
from shared.artifacts.kinds import Kind
from shared.artifacts.prompts import generate_messages
from shared.costs.ledger import Ledger
from shared.deadline import Deadline
from shared.openrouter import Completion, OpenRouter, Question


def generate(
    host: OpenRouter,
    prompt: str,
    kind: Kind | None,
    *,
    session_id: str | None,
    deadline: Deadline,
    ledger: Ledger,
) -> Extraction:
    """The artifact that the prompt asks for, of this kind or of one that the model chooses.

    Raises:
        Failure: the host or the model did not come up with one.
    """
    ledger.facts.artifact_type = kind
    ledger.facts.session_id = session_id
    ledger.facts.prompt_chars = len(prompt)
    question = Question(generate_messages(prompt, kind), session_id)

    def read(completion: Completion) -> Extraction:
        return extract(completion.content, requested=kind, cut=completion.cut)

    made = ask(host, question, read, deadline=deadline, ledger=ledger)
    ledger.facts.artifact_type = made.artifact.kind
    return made
