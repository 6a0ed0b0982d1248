"""One deployment, from what was asked for to the addresses that can be called."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local.build.errors import BuildError
from local.build.processor import built_processor
from local.deploy import concurrency, next_steps, questions, sam, secret, terminal
from local.deploy.aws import Aws
from local.deploy.errors import DeployError, RefusedError
from local.deploy.idle_costs import idle_costs
from local.deploy.inventory import counted, resources
from local.deploy.parameters import Parameters
from local.deploy.questions import Answers
from local.deploy.release_id import NAME, next_release, release_id
from local.deploy.stack import Stack
from local.deploy.versions import KEPT, functions_at

_OPEN_SAID_AGAIN = (
    "AuthMode is none since an earlier deployment, so anybody may spend your money: say AuthMode=none again if that is"
    " meant, or another mode."
)
_ARN_TO_BE = "arn:aws:secretsmanager:us-east-1:123456789012:secret:to-be"
"""In the place of a secret that is made only once everything is agreed to."""
_MAY_BE_BACK = (
    "The functions had been rolled back, of which CloudFormation knows nothing: it may have gone back to the release"
    " before the rollback. Look, and run `make rollback` again."
)
_KEY_STAYS = "The key stays in the secret {}, which the next `make deploy` finds."
_BUCKET = (
    "sam uploads the code into its own bucket of this account and region, which it makes where there is none (stack"
    " aws-sam-cli-managed-default)."
)
_EMPTY = '""'


@dataclass(frozen=True)
class Request:
    """What was asked for.

    Attributes:
        given: parameters by their names.
        template: a built template to deploy; None builds first.
        release: the id to deploy it under; empty works it out.
        agreed: whether nobody is to be asked.
    """

    stack: str
    given: Mapping[str, str]
    template: Path | None = None
    agreed: bool = False
    release: str = ""


class Deployment:
    """Deploys what is asked for, with the value of the deployment before for each parameter that is not given."""

    def __init__(self, aws: Aws, request: Request, sam_command: Path) -> None:
        self._aws = aws
        self._request = request
        self._sam = sam_command
        self._asks = terminal.is_there() and not request.agreed
        self._template = request.template or sam.ROOT / "template.yaml"
        self._lacks = sam.missing(sam_command, builds=request.template is None)

    def run(self) -> int:
        """Deploy; return the exit status."""
        if not self._template.is_file():
            raise RefusedError([f"--template {self._template} is no file."])
        parameters = Parameters(self._template)
        wrong = [*self._lacks, *parameters.each_problem(self._request.given)]
        if wrong and self._asks:
            raise RefusedError(wrong)
        try:
            stack, account = self._find()
        except DeployError as error:
            if wrong:
                raise RefusedError([*wrong, str(error)]) from error
            raise
        answers = Answers({})
        if stack is None and self._asks:
            functions = concurrency.functions_of(self._template)
            answers = questions.ask_all(self._aws, self._request.stack, parameters, self._request.given, functions)
        values = self._values(parameters, stack, answers)
        self._check(parameters, stack, values)
        self._show(parameters, stack, values, answers, account)
        if self._asks and not terminal.confirm("Deploy this?"):
            print("Nothing was deployed.")
            return 1
        return self._deploy(stack, values, answers)

    def _find(self) -> tuple[Stack | None, str]:
        """Return the stack and the account; ask for the region where the first deployment is."""
        if self._aws.region is None and self._asks:
            self._aws = Aws(self._ask_region())
        account = self._aws.account()
        stack = Stack.find(self._aws, self._request.stack)
        if stack is None and self._asks:
            print(f"There is no stack {self._request.stack} in {self._aws.region} yet: a few questions first.")
            region = self._ask_region()
            if region != self._aws.region:
                self._aws = Aws(region)
                stack = Stack.find(self._aws, self._request.stack)
        if stack and stack.problem:
            raise DeployError(stack.problem)
        return stack, account

    def _ask_region(self) -> str:
        regions = self._aws.regions()

        def problem(answer: str) -> str | None:
            return None if answer in regions else f"AWS Lambda is in none of that name: {', '.join(sorted(regions))}."

        return terminal.ask("AWS region", self._aws.region or "", problem)

    def _values(self, parameters: Parameters, stack: Stack | None, answers: Answers) -> dict[str, str]:
        """Return the value of each parameter: given, else answered, else as deployed before, else its default."""
        before = stack.parameters if stack else {}
        kept = {name: value for name, value in before.items() if name in parameters.defaults}
        values = parameters.defaults | kept | dict(answers.values) | dict(self._request.given)
        if answers.key:
            values["OpenrouterSecretArn"] = answers.secret_arn or _ARN_TO_BE
        return values

    def _check(self, parameters: Parameters, stack: Stack | None, values: Mapping[str, str]) -> None:
        problems = [*self._lacks, *parameters.problems(values)]
        if not problems:
            problems += self._account_problems(stack, values)
        if not self._asks:
            if not self._request.agreed:
                problems.append("There is no terminal to ask on: add --yes to deploy without being asked.")
            if stack and values["AuthMode"] == "none" and "AuthMode" not in self._request.given:
                problems.append(_OPEN_SAID_AGAIN)
        if problems:
            raise RefusedError(problems)

    def _account_problems(self, stack: Stack | None, values: Mapping[str, str]) -> list[str]:
        """Return what does not go with what is in the account."""
        secrets = {
            name: arn for name, arn in values.items() if name.endswith("SecretArn") and arn not in {"", _ARN_TO_BE}
        }
        found = [secret.arn_problem(self._aws, name, arn) for name, arn in secrets.items()]
        return [problem for problem in (self._concurrency_problem(stack, values), *found) if problem]

    def _concurrency_problem(self, stack: Stack | None, values: Mapping[str, str]) -> str | None:
        asked = values["ReservedConcurrency"]
        if stack and stack.parameters.get("ReservedConcurrency") == asked:
            return None
        functions = functions_at(self._aws, stack.functions(self._aws)) if stack else []
        own = sum(each.reserved_concurrency() for each in functions)
        return concurrency.problem(self._aws, asked, concurrency.functions_of(self._template), own)

    def _show(
        self, parameters: Parameters, stack: Stack | None, values: Mapping[str, str], answers: Answers, account: str
    ) -> None:
        where = f"Stack {self._request.stack}, region {self._aws.region}, account {account}"
        print(f"{where}: {'new' if stack is None else 'there already'}")
        print("\nParameters that differ from their defaults:")
        shown = [
            f"  {name} = {self._shown(name, value, answers)}{_change(name, value, stack, parameters)}"
            for name, value in values.items()
            if value != parameters.defaults[name] or _change(name, value, stack, parameters)
        ]
        print("\n".join(shown) or "  none")
        if values["AuthMode"] == "none":
            print("\nAuthMode none: anybody who finds the addresses may call, and spends your money.")
        created = resources(self._template, values)
        print(f"\n{'It creates' if stack is None else 'It consists of'}: {counted(created)}.")
        print(idle_costs(created, values))
        if stack is None:
            print(_BUCKET)
        print()

    def _shown(self, name: str, value: str, answers: Answers) -> str:
        if name == "OpenrouterSecretArn" and answers.key:
            told = (
                "which gets the key that you typed" if answers.secret_arn else "made now, with the key that you typed"
            )
            return f"the secret {secret.name_for(self._request.stack)}, {told}"
        return value or _EMPTY

    def _deploy(self, stack: Stack | None, values: dict[str, str], answers: Answers) -> int:
        if self._request.template is None:
            sam.build(values["Architecture"])
        built = self._request.template or sam.BUILT
        _refuse_other_processor(built.parent, values["Architecture"])
        if answers.key:
            values["OpenrouterSecretArn"] = self._keep(answers)
        moved = self._moved(stack) if stack else []
        before = stack.parameters.get(NAME, "") if stack else ""
        values[NAME] = self._request.release or next_release(
            release_id(built.parent, values), before, moved=bool(moved)
        )
        if moved:
            print(f"Rolled back before: {', '.join(moved)}. What is built now is published as a new version.")
        try:
            sam.deploy(self._sam, built, self._request.stack, str(self._aws.region), values)
        except DeployError as error:
            left = [_MAY_BE_BACK] if moved else []
            left += [_KEY_STAYS.format(secret.name_for(self._request.stack))] if answers.key else []
            raise DeployError(" ".join([str(error), *left])) from error
        deployed = Stack.find(self._aws, self._request.stack)
        if deployed is None:
            msg = f"sam ended well, but there is no stack {self._request.stack}."
            raise DeployError(msg)
        if deployed.parameters.get(NAME) != values[NAME]:
            msg = f"CloudFormation found nothing to change: release {deployed.parameters.get(NAME)} is still deployed."
            raise DeployError(msg)
        print(self._pruned(deployed))
        print(next_steps.after_deployment(deployed, values, first=stack is None))
        return 0

    def _keep(self, answers: Answers) -> str:
        """Return the ARN of the secret that now holds the key which was typed."""
        key = str(answers.key)
        if answers.secret_arn:
            secret.replace(self._aws, answers.secret_arn, key)
            return answers.secret_arn
        arn = secret.create(self._aws, self._request.stack, key)
        print(f"The key is in the secret {arn}.")
        return arn

    def _moved(self, stack: Stack) -> list[str]:
        """Return the functions whose alias was moved off the release that was deployed last."""
        deployed = stack.parameters.get(NAME)
        if not deployed:
            return []
        stands = {each.id: (each, each.alias()) for each in functions_at(self._aws, stack.functions(self._aws))}
        return [
            logical_id
            for logical_id, (function, alias) in stands.items()
            if alias and function.configuration(str(alias.version)).release != deployed
        ]

    def _pruned(self, stack: Stack) -> str:
        try:
            deleted = sum(each.prune() for each in functions_at(self._aws, stack.functions(self._aws)))
        except DeployError as error:
            return f"Old versions could not be deleted: {error} They cost nothing; the next deployment tries again."
        return f"Old versions: {deleted} deleted; the newest {KEPT} of each function are kept for `make rollback`."


def _change(name: str, value: str, stack: Stack | None, parameters: Parameters) -> str:
    """Return how a value differs from the one that was deployed before, or nothing."""
    if stack is None:
        return ""
    if name not in stack.parameters:
        return "" if value == parameters.defaults[name] else "   (new)"
    before = stack.parameters[name]
    return "" if before == value else f"   (was {before or _EMPTY})"


def _refuse_other_processor(build: Path, architecture: str) -> None:
    try:
        built = built_processor(build)
    except BuildError as error:
        raise DeployError(str(error)) from error
    if built != architecture:
        msg = f"What is built is for {built}, and Architecture is {architecture}: run `make build ARCH={architecture}`."
        raise RefusedError([msg])
