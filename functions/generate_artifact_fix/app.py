"""generate_artifact_fix: repairs an artifact that failed in the browser."""

from shared import cold_start
from shared.artifacts.contract import FIXED, ArtifactContract, FixRequest
from shared.artifacts.fix import fix
from shared.artifacts.repair_loop import Dependencies, Made
from shared.edge.endpoint import Endpoint
from shared.run import Run


def work(request: FixRequest, dependencies: Dependencies, run: Run) -> Made:
    """Return the repaired artifact."""
    return fix(dependencies, run, request.content, request.type, request.error_message)


handler = Endpoint("generate_artifact_fix", ArtifactContract(FixRequest, FIXED), Dependencies.of, work)
cold_start.finish()
