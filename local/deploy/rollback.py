"""`make rollback`: lets the functions' addresses call the version before.

A version has the code, the layers, the model, its fallbacks, budgets, limits and every other setting. Not rolled
back: who may call an address and from which pages (AuthMode, AllowedOrigins), how it streams, ReservedConcurrency,
permissions, log groups, tables and alarms. A version that does not go with these is refused.
"""

import argparse
import re
import sys
from collections.abc import Sequence

from local.deploy import moves, terminal
from local.deploy.aws import Aws
from local.deploy.command_line import command, parser
from local.deploy.errors import DeployError, RefusedError
from local.deploy.moves import Move
from local.deploy.stack import Stack
from local.deploy.versions import Function, functions_at

_EPILOG = """\
  make rollback                          the version before, of all functions
  make rollback ARGS='--to 12'           this version, which may be a newer one as well
  make rollback ARGS='--function chat_completions --to 12'

Ends with 0; with 1 when AWS failed, in which case all functions are as they were, or you said no; with 2 when there is
nothing to go back to, or going back would open or break something.
"""
_AFTERWARDS = """\
Not rolled back: AuthMode, AllowedOrigins and ReservedConcurrency, permissions, log groups, the table and the alarms.
The next `make deploy` publishes a new version and moves on to it. Until then CloudFormation sees a drift of the alias,
which is expected. To take this back: {back}"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Roll back; return the exit status."""
    options = parser("rollback", __doc__ or "", _EPILOG)
    options.add_argument("--to", type=_version, metavar="VERSION", help="the version to go to (the one before)")
    options.add_argument("--function", metavar="NAME", help="only this one, such as chat_completions (all)")
    chosen = options.parse_args(arguments)
    try:
        return _roll_back(chosen)
    except RefusedError as error:
        for problem in error.problems:
            print(f"make rollback: {problem}", file=sys.stderr)
        print("make rollback: nothing was changed", file=sys.stderr)
        return 2
    except DeployError as error:
        print(f"make rollback: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nmake rollback: stopped", file=sys.stderr)
        return 130


def _roll_back(chosen: argparse.Namespace) -> int:
    if not (chosen.yes or terminal.is_there()):
        raise RefusedError(["There is no terminal to ask on: add --yes to roll back without being asked."])
    aws = Aws(chosen.region)
    account = aws.account()
    stack = Stack.find(aws, chosen.stack_name)
    if stack is None:
        raise RefusedError([f"There is no stack {chosen.stack_name} in {aws.region}, account {account}."])
    functions = _chosen(functions_at(aws, stack.functions(aws)), chosen.function)
    # A shift says more than the stack, so it is asked about first.
    planned = moves.plan(functions, chosen.to)
    if stack.busy:
        raise DeployError(stack.busy)
    if not planned:
        print(f"Nothing to do: the functions stand at version {chosen.to} already.")
        return 0
    print(f"Stack {stack.name}, region {aws.region}, account {account}")
    for move in planned:
        _show(move)
    if not chosen.yes and not terminal.confirm("Roll back?"):
        print("Nothing was changed.")
        return 1
    moves.make(planned)
    print(f"Rolled back: {', '.join(f'{each.function.id} is at version {each.version}' for each in planned)}.")
    print(_AFTERWARDS.format(back=_back(planned, stack)))
    return 0


def _show(move: Move) -> None:
    print(f"{move.function.id}: version {move.alias.version} → {move.version} (published {move.target.modified[:19]})")
    for change in move.changes():
        print(f"  {change}")


def _back(planned: Sequence[Move], stack: Stack) -> str:
    """Return the command that undoes this, or one for each function where they do not go back to the same version."""
    to = [("--to", str(move.alias.version)) for move in planned]
    if len(planned) > 1 and len(set(to)) == 1:
        return command("rollback", stack.name, stack.region, *to[0])
    functions = [("--function", _snake_case(move.function.id), *each) for move, each in zip(planned, to, strict=True)]
    return "; ".join(command("rollback", stack.name, stack.region, *each) for each in functions)


def _chosen(functions: Sequence[Function], name: str | None) -> Sequence[Function]:
    if name is None:
        return functions
    found = [each for each in functions if name in {each.id, each.name, _snake_case(each.id)}]
    if not found:
        raise RefusedError(
            [f"There is no function {name}, but {', '.join(_snake_case(each.id) for each in functions)}."]
        )
    return found


def _snake_case(logical_id: str) -> str:
    """Return the name of a function by its resource: `ChatCompletionsFunction` is `chat_completions`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", logical_id.removesuffix("Function")).lower()


def _version(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        msg = f"{text!r} is no version: a number from 1 on"
        raise argparse.ArgumentTypeError(msg)
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
