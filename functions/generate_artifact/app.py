"""generate_artifact: turns a prompt into one artifact that is ready to render, and logs every cost."""

from shared import cold_start
from shared.artifacts.contract import GENERATED, ArtifactContract, GenerateRequest
from shared.artifacts.generate import generate
from shared.artifacts.repair_loop import Dependencies, Made
from shared.edge.endpoint import Endpoint
from shared.run import Run


def work(request: GenerateRequest, dependencies: Dependencies, run: Run) -> Made:
    """Return the requested artifact."""
    return generate(dependencies, run, request.prompt, request.artifact_type, request.session_id)


handler = Endpoint("generate_artifact", ArtifactContract(GenerateRequest, GENERATED), Dependencies.of, work)
cold_start.finish()
