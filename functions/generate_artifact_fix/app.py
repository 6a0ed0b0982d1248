"""generate_artifact_fix: an artifact that failed in the browser becomes one that works."""

from shared.artifacts.contract import FixRequest, FixResponse
from shared.artifacts.fix import fix
from shared.artifacts.repair_loop import Workshop
from shared.edge.endpoint import Call, Endpoint


def answer(request: FixRequest, workshop: Workshop, call: Call) -> FixResponse:
    """Repair the code that is given."""
    fixed = fix(
        workshop,
        request.content,
        request.type,
        request.error_message,
        deadline=call.deadline,
        ledger=call.ledger,
    )
    return FixResponse.of(fixed, call.ledger)


handler = Endpoint("generate_artifact_fix", FixRequest, Workshop.of, answer)
