"""The command lines of `make deploy` and `make rollback`: what both take."""

import argparse
import re

DEFAULT_STACK = "kimi-artifacts"
_STACK = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,127}")


def parser(target: str, about: str, epilog: str) -> argparse.ArgumentParser:
    """Return a parser with the options that both targets have."""
    made = argparse.ArgumentParser(
        prog=f"make {target}",
        usage=f"make {target} [ARGS='…']",
        description=about,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--stack-name", type=_stack_name, default=DEFAULT_STACK, metavar="NAME", help="(%(default)s)")
    made.add_argument("--region", type=_region, help="the AWS region (the one of the environment or the profile)")
    made.add_argument("--yes", action="store_true", help="do it without asking")
    return made


def command(target: str, stack: str, region: str, *options: str) -> str:
    """Return what to type for a target, for this stack in this region and no other."""
    named = [] if stack == DEFAULT_STACK else ["--stack-name", stack]
    return f"make {target} ARGS='{' '.join([*options, *named, '--region', region])}'"


def _region(text: str) -> str:
    if not text.strip():
        msg = "it is empty: say one such as eu-central-1, or leave the option out"
        raise argparse.ArgumentTypeError(msg)
    return text


def _stack_name(text: str) -> str:
    if not _STACK.fullmatch(text):
        msg = f"{text!r} is no stack's name: a letter, then letters, digits and dashes"
        raise argparse.ArgumentTypeError(msg)
    return text
