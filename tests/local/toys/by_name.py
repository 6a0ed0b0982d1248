"""A function that asks Kimi for Coding by its name, which `MODELS` may not hold."""

from shared.artifacts.allowed_imports import AllowedImports
from shared.artifacts.contract import GENERATED, ArtifactContract, GenerateRequest
from shared.artifacts.generate import generate
from shared.artifacts.repair_loop import Dependencies, Made
from shared.edge.endpoint import Endpoint
from shared.model_host import Client
from shared.model_host.hosts import models_by_name
from shared.run import Run
from shared.settings import Settings


def start(settings: Settings) -> Dependencies:
    """Return dependencies whose client asks the one model."""
    models = models_by_name(["kimi/kimi-for-coding"], settings)
    return Dependencies(Client.of(settings, models), AllowedImports.default())


def work(request: GenerateRequest, dependencies: Dependencies, run: Run) -> Made:
    """Return the requested artifact."""
    return generate(dependencies, run, request.brief)


handler = Endpoint("generate_artifact", ArtifactContract(GenerateRequest, GENERATED), start, work)
