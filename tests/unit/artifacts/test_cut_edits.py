"""Edits that are cut off: wherever that is, nothing is applied by half."""

from contextlib import suppress

import pytest

from shared.artifacts.allowed_imports import AllowedImports
from shared.artifacts.artifact import Artifact
from shared.artifacts.errors import ArtifactFailure, ArtifactTruncated
from shared.artifacts.kinds import Kind
from shared.artifacts.repair_loop import Dependencies
from shared.artifacts.revision import Revision
from shared.costs.usage import Usage
from shared.model_host import Client, Completion
from shared.model_host.hosts import models_of
from shared.settings import Settings
from tests.support.runs import a_run
from tests.unit.artifacts.edits.cases import CASES, Case

SETTINGS = Settings.model_validate({"openrouter_k2t_key": "k", "guard_table": "t"})
MODEL = models_of(SETTINGS)[0]
DEPENDENCIES = Dependencies(Client.of(SETTINGS), AllowedImports([]))


def read(case: Case, answer: str, reason: str) -> str:
    """The code that an answer to a request for a change gives."""
    given = Artifact(Kind.CODE, "A", None, case.code.replace("\r\n", "\n"))
    completion = Completion(answer, reason, MODEL.id, MODEL, 1000, 1.0, Usage())
    return Revision(given, DEPENDENCIES, a_run(60), is_fix=False).read(completion).artifact.code


WITH_THE_WHOLE = "the whole code in between, without marks"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_answer_that_is_cut_off_is_truncated_wherever_that_is(case: Case) -> None:
    """A whole artifact before the cut is one; nothing else is."""
    for place in range(len(case.answer)):
        with suppress(ArtifactTruncated) if case.name == WITH_THE_WHOLE else pytest.raises(ArtifactTruncated):
            assert read(case, case.answer[:place], "length") in case.answer


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_block_that_breaks_off_is_never_applied(case: Case) -> None:
    """The host says that the answer is whole, and its last block is not."""
    begin, end = (case.answer.rfind(word) for word in ("SEARCH", "REPLACE"))

    for place in range(begin + len("SEARCH"), end):
        with pytest.raises(ArtifactFailure):
            read(case, case.answer[:place], "stop")
