"""generate_artifact: a prompt becomes one artifact, ready to render, and every dollar is on a log line."""

from shared.artifacts.contract import GenerateRequest, GenerateResponse
from shared.artifacts.generate import generate
from shared.artifacts.repair_loop import Workshop
from shared.edge.endpoint import Call, Endpoint


def answer(request: GenerateRequest, workshop: Workshop, call: Call) -> GenerateResponse:
    """Make the artifact that is asked for."""
    made = generate(
        workshop,
        request.prompt,
        request.artifact_type,
        session_id=request.session_id,
        deadline=call.deadline,
        ledger=call.ledger,
    )
    return GenerateResponse.of(made, call.ledger)


handler = Endpoint("generate_artifact", GenerateRequest, Workshop.of, answer)
