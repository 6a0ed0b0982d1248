"""What the artifact functions take: the models of their requests, and what is said of a field that is wrong.

Unknown fields are ignored.
"""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, StringConstraints, ValidationError, WithJsonSchema

from shared.artifacts.artifact import Artifact
from shared.artifacts.brief import Brief
from shared.artifacts.camel_model import CamelModel
from shared.artifacts.extraction import artifact_to_fix, given_artifact, unwrap
from shared.artifacts.kinds import Kind
from shared.artifacts.workflow import WorkflowName
from shared.costs.cost_line import WorkFacts
from shared.errors import InvalidRequest
from shared.metadata import NAME_PATTERN, NAME_RULE, Metadata


def _kind(value: object) -> object:
    """Return the kind with this short name or MIME type."""
    if not isinstance(value, str):
        return value
    kind = Kind.named(value)
    if kind is None:
        names = ", ".join(Kind)
        msg = f"must be one of {names}, or the MIME type of one"
        raise ValueError(msg)
    return kind


def _holds_code(content: str) -> str:
    if not unwrap(content).code.strip():
        msg = "must hold code"
        raise ValueError(msg)
    return content


_NO_NUL = r"^[^\x00]*$"
"""Text may hold any other control character: terminal colours in an error message, form feeds in code."""
_NO_CONTROL = r"^[^\x00-\x1f\x7f-\x9f]*$"
"""An id is sent to the model host and logged, as one line."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000, pattern=_NO_NUL)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=50_000, pattern=_NO_NUL), AfterValidator(_holds_code)]
KindByName = Annotated[
    Kind,
    BeforeValidator(_kind),
    WithJsonSchema({"type": "string", "enum": [*Kind, *(kind.mime_type for kind in Kind)]}, mode="validation"),
]


class ArtifactRequest(CamelModel):
    """What both requests have in common."""

    metadata: Metadata | None = None
    """Goes onto the cost line and changes nothing of the answer."""

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Self:
        """Return the request that a JSON object holds.

        Raises:
            InvalidRequest: it holds none; names the first wrong field (`metadata.feature`), and says what is wrong
                with each.
        """
        try:
            return cls.model_validate(body, by_alias=True, by_name=False)
        except ValidationError as error:
            problems = [(".".join(map(str, item["loc"])), _error_text(item)) for item in error.errors()]
        message = " ".join(f"`{field}` {problem}." for field, problem in problems)
        raise InvalidRequest(message, field=problems[0][0])

    @property
    def identity(self) -> bytes:
        """Canonical bytes for idempotency: equal requests give equal bytes.

        Fields at their default are left out, so adding a field changes nothing. So are the metadata, on which no
        answer depends.
        """
        return self.model_dump_json(exclude_defaults=True, exclude={"metadata"}).encode()

    @property
    def facts(self) -> WorkFacts:
        """The facts of the request for the cost line."""
        metadata = self.metadata or Metadata()
        return self._work._replace(feature=metadata.feature, component=metadata.component)

    @property
    @abstractmethod
    def _work(self) -> WorkFacts:
        """The facts of the request, apart from its metadata."""


class GenerateRequest(ArtifactRequest):
    """What generate_artifact takes."""

    prompt: Text
    """What is to be made, or with `content` what is to be changed in it, in words; counted after trimming."""
    artifact_type: KindByName | None = None
    """By its short name or its MIME type; absent: the model chooses, and a change keeps the kind."""
    session_id: Annotated[str, StringConstraints(max_length=256, pattern=_NO_CONTROL)] | None = None
    """Requests with the same one are sent to the same provider, which keeps its prompt cache warm."""
    content: Code | None = None
    """What is to be changed: an artifact in its tag, or bare code; its kind is `artifactType` where it is not plain."""
    workflow: WorkflowName | None = None
    """Whether it is made at once, or planned, built and reviewed by several models; absent: as the service says."""

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Self:
        """Return the request that a JSON object holds.

        Raises:
            InvalidRequest: it holds none, or content of which nobody can say what it is.
        """
        request = super().read(body)
        if request.content is not None and request.given is None:
            names = ", ".join(Kind)
            message = f"`artifactType` is missing, and `content` is not plainly of one kind: name one of {names}."
            raise InvalidRequest(message, field="artifactType")
        return request

    @property
    def given(self) -> Artifact | None:
        """The artifact that is to be changed; None where one is to be made."""
        return None if self.content is None else given_artifact(self.content, self.artifact_type)

    @property
    def brief(self) -> Brief:
        """What is to be made."""
        return Brief(self.prompt, self.artifact_type, self.session_id, self.given)

    @property
    def _work(self) -> WorkFacts:
        given = self.given
        kind = self.artifact_type or (given.kind if given else None)
        return WorkFacts(kind, self.session_id, len(self.prompt) + len(self.content or ""))


class FixRequest(ArtifactRequest):
    """What generate_artifact_fix takes."""

    content: Code
    """Bare code, or a whole artifact in its tag."""
    type: KindByName
    """By its short name or its MIME type."""
    error_message: Text
    """What the browser said, in its own words; counted after trimming."""

    @property
    def _work(self) -> WorkFacts:
        kind = artifact_to_fix(self.content, self.type).kind
        return WorkFacts(kind, None, len(self.content) + len(self.error_message))


_ERROR_TEXTS = {
    "missing": "is missing",
    "string_type": "must be a string",
    "string_too_short": "must not be empty",
    "string_unicode": "must be valid Unicode: it holds half of a surrogate pair",
    "enum": "must be a string",
    "model_type": "must be an object",
}
_PATTERNS = {
    _NO_NUL: "must not hold a NUL character",
    _NO_CONTROL: "must not hold control characters",
    NAME_PATTERN: NAME_RULE,
}


def _error_text(item: Any) -> str:  # noqa: ANN401 - pydantic's error details
    """Return what is wrong with a field, without its value: a value may be a prompt."""
    if item["type"] == "string_too_long":
        return f"must have at most {item['ctx']['max_length']:,} characters"
    if item["type"] == "string_pattern_mismatch":
        return _PATTERNS[item["ctx"]["pattern"]]
    if item["type"] == "literal_error":
        return f"must be {item['ctx']['expected']}"
    return _ERROR_TEXTS.get(item["type"]) or str(item["msg"]).removeprefix("Value error, ")
