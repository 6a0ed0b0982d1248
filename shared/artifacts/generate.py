"""A prompt becomes one artifact."""

from shared.artifacts.extract import Extraction, extract
from shared.artifacts.kinds import Kind
from shared.artifacts.prompts import generate_messages
from shared.costs.ledger import Ledger
from shared.deadline import Deadline
from shared.openrouter import OpenRouter, Question


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
    completion = host.complete(Question(generate_messages(prompt, kind), session_id), deadline=deadline, ledger=ledger)
    ledger.facts.response_chars = len(completion.content)
    made = extract(completion.content, requested=kind, cut=completion.cut)
    ledger.facts.artifact_type = made.artifact.kind
    return made
