"""generate_artifact: turns a prompt into one artifact that is ready to render, or changes one, and logs every cost."""

from shared import cold_start
from shared.artifacts.contract import GENERATED, ArtifactContract, GenerateRequest
from shared.artifacts.direct import make_direct
from shared.artifacts.repair_loop import Dependencies, Made
from shared.edge.endpoint import Endpoint
from shared.run import Run


def work(request: GenerateRequest, dependencies: Dependencies, run: Run) -> Made:
    """Return the requested artifact, made at once or reviewed."""
    run.workflow = request.workflow or dependencies.workflow.default
    if run.workflow == "direct":
        return make_direct(dependencies, run, request.brief)
    from shared.artifacts.reviewed import make_reviewed  # noqa: PLC0415 - loaded with the first reviewed request

    return make_reviewed(dependencies, run, request.brief)


handler = Endpoint("generate_artifact", ArtifactContract(GenerateRequest, GENERATED), Dependencies.of, work)
cold_start.finish()
