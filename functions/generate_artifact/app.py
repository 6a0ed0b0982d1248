"""generate_artifact: a prompt becomes one artifact, ready to render, and every dollar is on a log line."""

from shared.artifacts.generate import generate
from shared.edge.contract import GenerateRequest, GenerateResponse
from shared.edge.endpoint import Call, Endpoint
from shared.openrouter import OpenRouter


def answer(request: GenerateRequest, host: OpenRouter, call: Call) -> GenerateResponse:
    """Make the artifact that is asked for."""
    made = generate(
        host,
        request.prompt,
        request.artifact_type,
        session_id=request.session_id,
        deadline=call.deadline,
        ledger=call.ledger,
    )
    return GenerateResponse.of(made, call.ledger)


handler = Endpoint("generate_artifact", GenerateRequest, OpenRouter, answer)
