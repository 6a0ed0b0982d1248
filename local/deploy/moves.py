"""Moving the functions' alias to other versions: which, whether that is safe, and all of them or none."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from local.deploy.errors import DeployError, RefusedError
from local.deploy.versions import ALIAS, Alias, Configuration, Function

_CALLERS = (
    "AUTH_MODE", "JWT_ISSUER", "JWT_AUDIENCE", "JWT_JWKS_URL", "ALLOW_GUESTS", "ALLOW_UNAUTHENTICATED", "ENABLE_GUARD",
)  # fmt: skip
_PERMITTED = (
    "OPENROUTER_SECRET_ARN", "MOONSHOT_SECRET_ARN", "KIMI_SECRET_ARN", "CUSTOM_HOST_SECRET_ARN", "API_KEYS_SECRET_ARN",
    "CATALOG_PARAMETER", "GUARD_TABLE",
)  # fmt: skip
_WRAPPER = "AWS_LAMBDA_EXEC_WRAPPER"
_MATCHED = {
    **dict.fromkeys(_CALLERS, "the address, which is not rolled back, lets in whom the present version checks"),
    **dict.fromkeys(_PERMITTED, "what a function may read and write is not rolled back"),
    _WRAPPER: "how the address streams is not rolled back",
}
"""Settings of a version that something outside of it goes with, and why a version with another value is refused."""
_UNIMPORTANT = {"RELEASE_ID"}


@dataclass(frozen=True)
class Move:
    """A function's alias, and the version that it is to stand at."""

    function: Function
    alias: Alias
    present: Configuration
    target: Configuration

    @property
    def version(self) -> int:
        """The version to move to."""
        return int(self.target.qualifier)

    def changes(self) -> Iterator[str]:
        """Say what is different at the other version."""
        if self.present.code != self.target.code:
            yield "the function's code"
        if self.present.layers != self.target.layers:
            yield "the layers"
        before, after = self.present.environment, self.target.environment
        for name in sorted(set(before) | set(after) - _UNIMPORTANT):
            if name not in _UNIMPORTANT and before.get(name, "") != after.get(name, ""):
                yield f"{name}: {before.get(name) or 'not set'} → {after.get(name) or 'not set'}"


def plan(functions: Sequence[Function], to: int | None) -> list[Move]:
    """Return the moves to the version before, or to a given one; RefusedError says why one of them cannot be made."""
    moves: list[Move] = []
    problems: list[str] = []
    for function in functions:
        try:
            moves.append(_move(function, to))
        except RefusedError as error:
            problems += error.problems
    for move in moves:
        problems += _dangers(move)
    releases = {move.target.release for move in moves}
    if not problems and len(releases) > 1:
        problems.append(
            "The versions before belong to different releases, which were never tried together: name one function with"
            f" --function, and a version with --to. {', '.join(_release(move) for move in moves)}."
        )
    if problems:
        raise RefusedError(problems)
    return [move for move in moves if move.version != move.alias.version]


def make(moves: Sequence[Move]) -> None:
    """Make all moves; if one fails, undo those before it, and raise DeployError."""
    for done, move in enumerate(moves):
        try:
            move.function.move(move.alias, move.version)
        except DeployError as error:
            left = _undo(moves[:done])
            msg = f"{move.function.id} could not be moved: {error} {left or 'All functions are as they were.'}"
            raise DeployError(msg) from error


def _undo(moves: Sequence[Move]) -> str:
    """Move back what was moved; return what could not be, and where it stands."""
    left = []
    for move in reversed(moves):
        try:
            now = move.function.alias()
            move.function.move(Alias(move.version, {}, now.revision if now else ""), move.alias.version)
        except DeployError:
            left.append(f"{move.function.id} stands at version {move.version} and not at {move.alias.version}")
    return f"Put this right by hand: {'; '.join(left)}." if left else ""


def _move(function: Function, to: int | None) -> Move:
    alias = function.alias()
    if alias is None:
        raise RefusedError(
            [f"{function.id} has no alias {ALIAS}: it was deployed before there were releases. Deploy first."]
        )
    if alias.shifting:
        shares = ", ".join(f"{share:.0%} to version {version}" for version, share in alias.shifting.items())
        problem = (
            f"{function.id} is being shifted ({shares}): stop that first with `aws cloudformation"
            " cancel-update-stack`, which also goes back."
        )
        raise RefusedError([problem])
    existing = function.versions()
    below = [version for version in existing if version < alias.version]
    if to is not None and to not in existing:
        raise RefusedError([f"{function.id} has no version {to}, but {', '.join(map(str, existing))}."])
    if to is None and not below:
        raise RefusedError([f"{function.id} has no version before {alias.version}."])
    target = below[-1] if to is None else to
    return Move(function, alias, function.configuration(str(alias.version)), function.configuration(str(target)))


def _dangers(move: Move) -> Iterator[str]:
    """Say why a version does not go with what is outside of it, which stays as it was deployed last."""
    latest, url = move.function.configuration(), move.function.url()
    where = f"{move.function.id} version {move.version}"
    for name, why in _MATCHED.items():
        if _value(latest.environment, name) != _value(move.target.environment, name):
            was, now = _value(move.target.environment, name), _value(latest.environment, name)
            yield f"{where} has {name}={was or '(not set)'}, and {now or '(not set)'} is deployed: {why}. {_DEPLOY}"
    mode = _value(move.target.environment, "AUTH_MODE") or "iam"
    if (url["AuthType"] == "AWS_IAM") is not (mode == "iam"):
        yield f"{where} has AUTH_MODE={mode}, and its address AuthType {url['AuthType']}: they do not match. {_DEPLOY}"
    streams = url.get("InvokeMode", "BUFFERED") == "RESPONSE_STREAM"
    if streams is not bool(_value(move.target.environment, _WRAPPER)):
        yield f"{where} does not go with its address, whose InvokeMode is {url.get('InvokeMode')}. {_DEPLOY}"


_DEPLOY = "Deploy the older settings instead: `make deploy`."


def _value(environment: Mapping[str, str], name: str) -> str:
    return environment.get(name, "")


def _release(move: Move) -> str:
    return f"{move.function.id} {move.version}: {move.target.release[:12] or 'none'}"
