"""The questions of a first deployment: one for each choice that has no good default. Each answer is checked at once."""

from collections.abc import Mapping
from dataclasses import dataclass

from local.deploy import concurrency, secret, terminal
from local.deploy.aws import Aws
from local.deploy.parameters import Parameters

_KEY = "OpenrouterSecretArn"
_ARN = "arn:"
_MODES = """\
Who may call?
  iam   programs with AWS credentials of yours, which sign their requests
  jwt   users who sign in at an identity provider of yours
  key   programs with an API key that you make (`make key`)
  none  everybody who finds the address, at your cost"""
_NEEDED = {
    "jwt": {
        "JwtIssuer": "Issuer of the tokens, exactly as in their `iss`",
        "JwtAudience": "Audience of the tokens, as in their `aud`",
    },
    "key": {"ApiKeysSecretArn": "ARN of the secret with the hashes of the API keys (`make key` says how to make it)"},
}
_WISHES = {
    "AllowedOrigins": "Origins of the pages that may call, such as https://site.example (empty: no browser)",
    "ReservedConcurrency": "Most requests of each function at a time, such as 10 (empty: no limit)",
    "AlarmEmail": "E-mail address for alarms (empty: none)",
}
_OPEN = (
    "With AuthMode none, anybody who finds the address spends your money, up to DailyBudgetUsd a day. Really open it?"
)


@dataclass(frozen=True)
class Answers:
    """What was answered.

    Attributes:
        values: parameters by their names.
        key: a bare API key, for which a secret is to be made; never shown.
        secret_arn: the secret that is there already and gets this key.
    """

    values: Mapping[str, str]
    key: str | None = None
    secret_arn: str | None = None


def ask_all(aws: Aws, stack: str, parameters: Parameters, given: Mapping[str, str], functions: int) -> Answers:
    """Ask for what the command line did not give, for a stack of so many functions."""
    values: dict[str, str] = {}
    key = arn = None
    if not any(name.endswith("SecretArn") and name != "ApiKeysSecretArn" for name in given):
        values, key, arn = _ask_key(aws, stack, parameters)
    values |= _ask_mode(parameters, given)
    mode = given.get("AuthMode") or values["AuthMode"]
    for name, question in {**_NEEDED.get(mode, {}), **_WISHES}.items():
        if name in given:
            continue
        values[name] = _ask(parameters, name, question, needed=name not in _WISHES)
        while name == "ReservedConcurrency" and (wrong := concurrency.problem(aws, values[name], functions, 0)):
            print(f"  {wrong}")
            values[name] = _ask(parameters, name, question)
    return Answers(values, key, arn)


def _ask(parameters: Parameters, name: str, question: str, *, needed: bool = False) -> str:
    def problem(answer: str) -> str | None:
        return f"{name} is needed." if needed and not answer else parameters.problem(name, answer)

    return terminal.ask(question, parameters.defaults[name], problem)


def _ask_mode(parameters: Parameters, given: Mapping[str, str]) -> dict[str, str]:
    """Return AuthMode, and for none that it is meant."""
    if "AuthMode" not in given:
        print(_MODES)
    while True:
        mode = given.get("AuthMode") or _ask(parameters, "AuthMode", "AuthMode")
        if mode != "none" or given.get("AllowUnauthenticated") == "true":
            return {"AuthMode": mode}
        if terminal.confirm(_OPEN):
            return {"AuthMode": mode, "AllowUnauthenticated": "true"}
        if "AuthMode" in given:
            return {"AuthMode": mode}  # which the template's rules refuse


def _ask_key(aws: Aws, stack: str, parameters: Parameters) -> tuple[dict[str, str], str | None, str | None]:
    """Return the parameter of the secret, or a bare key, and the secret of that name where there is one."""
    known = secret.find(aws, secret.name_for(stack))
    if known and terminal.confirm(f"There is a secret {secret.name_for(stack)} already. Use the key in it?"):
        return {_KEY: known}, None, None

    def problem(answer: str) -> str | None:
        return parameters.problem(_KEY, answer) if answer.startswith(_ARN) else secret.key_problem(answer)

    answer = terminal.ask(
        "API key of OpenRouter, or the ARN of a secret that holds it (not shown)", "", problem, unseen=True
    )
    if answer.startswith(_ARN):
        return {_KEY: answer}, None, None
    return {}, answer, known
