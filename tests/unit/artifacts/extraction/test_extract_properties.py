"""What holds of every text, however odd."""

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from shared.artifacts.artifact import Artifact
from shared.artifacts.detect import corrected_kind
from shared.artifacts.errors import ArtifactMissing, ArtifactTruncated
from shared.artifacts.extraction import extract, extract_code, unwrap
from shared.artifacts.extraction.body import unfenced
from shared.artifacts.kinds import Kind
from tests.support.answers import ANSWERS

kinds = st.sampled_from(Kind)
lines = st.text(st.characters(exclude_characters="\r")).filter(lambda text: "artifact" not in text.lower())


@given(ANSWERS, st.none() | kinds, st.booleans())
def test_nothing_but_an_artifact_or_one_of_two_failures_comes_out(
    text: str, requested: Kind | None, truncated: bool
) -> None:
    with suppress(ArtifactMissing, ArtifactTruncated):
        found = extract(text, requested=requested, truncated=truncated)
        assert found.artifact.code.strip()
        assert "\r" not in found.artifact.code
        assert "\n" not in found.artifact.title
        assert found.artifact.title


@given(ANSWERS, kinds, st.booleans())
def test_a_fix_comes_out_or_fails_in_one_of_two_ways(text: str, kind: Kind, truncated: bool) -> None:
    with suppress(ArtifactMissing, ArtifactTruncated):
        assert extract_code(text, kind, truncated=truncated).artifact.code.strip()


@given(ANSWERS)
def test_everything_can_be_unwrapped(text: str) -> None:
    assert "\r" not in unwrap(text).code


@given(kinds, lines, st.sampled_from(["", "python", "c++"]), lines)
def test_what_is_written_in_canonical_form_is_read_again(kind: Kind, title: str, language: str, text: str) -> None:
    code = unfenced(text, kind)[0]
    named = language if kind is Kind.CODE and language else None
    plain = unfenced(code, kind)[0] == code and corrected_kind(kind, code, named, None) is kind
    artifact = Artifact(kind, " ".join(title[:100].splitlines()).strip() or "Untitled", named, code)

    if plain and code.strip():
        assert extract(artifact.canonical).artifact == artifact
        assert extract(extract(artifact.canonical).artifact.canonical).artifact == artifact
