"""Code that failed in the browser becomes code that does not."""

from shared.artifacts.ask import ask
from shared.artifacts.errors import FixUnusable
from shared.artifacts.extract import Extraction, extract_code, unwrap
from shared.artifacts.kinds import Kind
from shared.artifacts.prompts import fix_messages
from shared.costs.ledger import Ledger
from shared.deadline import Deadline
from shared.openrouter import Completion, OpenRouter, Question


def fix(
    host: OpenRouter,
    content: str,
    kind: Kind,
    error_message: str,
    *,
    deadline: Deadline,
    ledger: Ledger,
) -> Extraction:
    """The corrected code of an artifact of this kind, which is given bare or in its tag.

    Raises:
        Failure: the host or the model did not come up with any, or came back with the code unchanged.
    """
    code = unwrap(content)
    ledger.facts.artifact_type = kind
    ledger.facts.prompt_chars = len(content) + len(error_message)
    question = Question(fix_messages(code, kind, error_message))

    def read(completion: Completion) -> Extraction:
        return extract_code(completion.content, kind, cut=completion.cut)

    fixed = ask(host, question, read, deadline=deadline, ledger=ledger)
    if fixed.artifact.code.strip() == code.strip():
        raise FixUnusable
    return fixed
