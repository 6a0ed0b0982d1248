"""Moving the functions' alias to other versions: which, whether that is safe, and all of them or none."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from local.deploy.errors import DeployError, RefusedError
from local.deploy.versions import ALIAS, Alias, Configuration, Function

_CALLERS = ("AUTH_MODE", "ENABLE_GUARD")
"""Who may call, and at what limits: their addresses are as the last deployment made them."""
_TOKENS = ("JWT_ISSUER", "JWT_AUDIENCE", "JWT_JWKS_URL", "ALLOW_GUESTS")
"""The same where the version to go to asks for tokens. Elsewhere they may be left over, and nothing reads them."""
_PERMITTED = (
    "OPENROUTER_SECRET_ARN", "MOONSHOT_SECRET_ARN", "KIMI_SECRET_ARN", "CUSTOM_HOST_SECRET_ARN", "API_KEYS_SECRET_ARN",
    "CATALOG_PARAMETER", "GUARD_TABLE",
)  # fmt: skip
"""What a function reads and writes: it may do so only with what the last deployment named."""
_WRAPPER = "AWS_LAMBDA_EXEC_WRAPPER"
_INSTEAD = "That is not in a version, so it is not rolled back: deploy the older settings with `make deploy` instead."


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
        for name in sorted(set(before) | set(after)):
            if before.get(name, "") != after.get(name, ""):
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
    problems += _dangers(moves)
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


def _dangers(moves: Sequence[Move]) -> list[str]:
    """Say what of the versions does not go with what is outside of them, once for all functions that it is true of."""
    found: dict[str, list[str]] = {}
    for move in moves:
        for danger in _mismatches(move):
            found.setdefault(danger, []).append(f"{move.function.id} {move.version}")
    return [f"{danger} ({', '.join(versions)}). {_INSTEAD}" for danger, versions in found.items()]


def _mismatches(move: Move) -> Iterator[str]:
    latest, url = move.function.configuration().environment, move.function.url()
    older = move.target.environment
    callers = (*_CALLERS, *_TOKENS) if _value(older, "AUTH_MODE") == "jwt" else _CALLERS
    for name in (*callers, *_PERMITTED):
        was, now = _value(older, name), _value(latest, name)
        # Nothing to read needs no permission.
        if was != now and (was or name in callers):
            yield f"{name} is {was or 'not set'} in the version to go to, and {now or 'not set'} in what is deployed"
    mode = _value(older, "AUTH_MODE") or "iam"
    if mode == _value(latest, "AUTH_MODE") and (url["AuthType"] == "AWS_IAM") is not (mode == "iam"):
        yield f"AUTH_MODE is {mode} in the version to go to, and the address's AuthType {url['AuthType']}"
    streams = url.get("InvokeMode", "BUFFERED")
    if (streams == "RESPONSE_STREAM") is not bool(_value(older, _WRAPPER)):
        does = "streams" if _value(older, _WRAPPER) else "does not stream"
        yield f"the version to go to {does}, and the address is {streams}"


def _value(environment: Mapping[str, str], name: str) -> str:
    return environment.get(name, "")


def _release(move: Move) -> str:
    return f"{move.function.id} {move.version}: {move.target.release[:12] or 'none'}"
