"""generate_artifact_fix: an artifact that failed in the browser becomes one that works."""

from shared.artifacts.fix import fix
from shared.edge.contract import FixRequest, FixResponse
from shared.edge.endpoint import Call, Endpoint
from shared.openrouter import OpenRouter


def answer(request: FixRequest, host: OpenRouter, call: Call) -> FixResponse:
    """Repair the code that is given."""
    fixed = fix(
        host,
        request.content,
        request.type,
        request.error_message,
        deadline=call.deadline,
        ledger=call.ledger,
    )
    return FixResponse.of(fixed, call.ledger)


handler = Endpoint("generate_artifact_fix", FixRequest, OpenRouter, answer)
