"""generate_artifact: turns a prompt into one artifact that is ready to render, or changes one, and logs every cost."""

from shared import cold_start
from shared.artifacts.contract import GENERATED, ArtifactContract, GenerateRequest
from shared.artifacts.generate import generate
from shared.artifacts.repair_loop import Dependencies, Made
from shared.edge.endpoint import Endpoint
from shared.run import Run


def work(request: GenerateRequest, dependencies: Dependencies, run: Run) -> Made:
    """Return the requested artifact: a new one, or the given one changed."""
    given = request.given
    if given is None:
        return generate(dependencies, run, request.prompt, request.artifact_type, request.session_id)
    from shared.artifacts.change import change  # noqa: PLC0415 - loaded with the first change

    return change(dependencies, run, given, request.prompt, request.artifact_type, session_id=request.session_id)


handler = Endpoint("generate_artifact", ArtifactContract(GenerateRequest, GENERATED), Dependencies.of, work)
cold_start.finish()
