"""`make reconcile`: asks OpenRouter what the attempts of unknown cost really cost.

The log lines come from a file or from standard input, as the functions write them: a cost is known where the host
reported it in its answer. An answer that was lost on the way (`unknown`) or came without a cost (`estimated`) is asked
for by its generation ID. What was lost before an ID came is listed with request ID and time. Other hosts keep no record
by ID: their attempts are listed apart, to be compared with the host's console.

With the name of the guard's table it also says what the day's counters hold for attempts of unknown cost, and what they
would hold by OpenRouter's figures; `--apply` replaces it, once, however often and by how many it is run. Attempts that
nobody has a figure for stay counted at the largest of their amounts.
"""

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from local.aws_credentials import lend_credentials
from local.emulator.settings import Settings as LocalSettings
from local.emulator.settings import SettingsError
from local.reconcile.booked_costs import BookedCosts, BooksError
from local.reconcile.generations import Generations, LookUpError
from local.reconcile.reconciliation import LookUp, reconcile
from shared.errors import ServiceMisconfigured
from shared.model_host.host import OPENROUTER
from shared.model_host.hosts import host_named
from shared.settings import Settings

_ROOT = Path(__file__).parents[2]
_KEY_SECONDS = 10.0
_EPILOG = """\
The key is that of the functions: OPENROUTER_K2T_KEY, or OPENROUTER_SECRET_ARN with AWS credentials, and
OPENROUTER_BASE_URL, from the environment or a .env file. Without an attempt to ask for it is not needed. For example:
  aws logs tail <log group> --since 1d --format short | make reconcile
The table is used with AWS credentials, which have to allow dynamodb:BatchGetItem and, for --apply, dynamodb:UpdateItem.
Ends with 0 when all is known, or estimated where the host cannot be asked; with 1 when something is left that nobody
knows, a line is damaged or a book could not be changed; with 2 when OpenRouter cannot be asked or the table cannot be
used.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the log, ask OpenRouter, print; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="make reconcile",
        usage="make reconcile [LOG=FILE] [ARGS='…']",
        description=__doc__,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("log", nargs="?", default="-", help="a file with the functions' log lines; - is standard input")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables; amounts in nano-dollars")
    parser.add_argument(
        "--table", metavar="NAME", help="the guard's table, to see what it counts (GUARD_TABLE, if that is set)"
    )
    parser.add_argument(
        "--apply",
        action="store_true",
        help="put OpenRouter's figures in the place of what the table counts; without it nothing is changed",
    )
    chosen = parser.parse_args(arguments)
    try:
        environment = LocalSettings.load(_ROOT, os.environ).environment
        name = chosen.table or environment.get("GUARD_TABLE", "").strip()
        if chosen.apply and not name:
            return _refuse("--apply needs the name of the guard's table: --table, or GUARD_TABLE")
        with _opened(chosen.log) as log:
            if log.isatty():
                print("make reconcile: reading log lines from the terminal, to its end (Ctrl-D)", file=sys.stderr)
            booked = BookedCosts(name) if name else None
            result = reconcile(log, _look_up(environment), booked, apply=chosen.apply)
    except (LookUpError, BooksError, SettingsError, OSError) as error:
        return _refuse(str(error))
    except ServiceMisconfigured as error:
        return _refuse(error.problem)
    print(json.dumps(result.data(), indent=2) if chosen.json else result.text())
    unchanged = result.books and result.books.problems
    return 1 if result.left or result.unreadable or unchanged else 0


def _opened(name: str) -> AbstractContextManager[TextIO]:
    """Open the log as text; a byte that is none damages its line only."""
    if name != "-":
        return Path(name).open(encoding="utf-8", errors="replace")
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    return nullcontext(sys.stdin)


def _look_up(environment: Mapping[str, str]) -> LookUp:
    def look_up(ids: list[str]) -> Mapping[str, int]:
        with _generations(environment) as host:
            return host.costs(ids, _show)

    return look_up


def _generations(environment: Mapping[str, str]) -> Generations:
    # No request is served here, so there is nothing to guard.
    settings = Settings.from_environment({**environment, "ENABLE_GUARD": "false"})
    lend_credentials(settings, os.environ)
    host = host_named(OPENROUTER, settings)
    return Generations(host.base_url, host.key.value(_KEY_SECONDS))


def _show(found: int, of: int) -> None:
    if sys.stderr.isatty():
        print(f"\rasked the host: {found} of {of} known", end="\n" if found == of else "", file=sys.stderr, flush=True)


def _refuse(why: str) -> int:
    print(f"make reconcile: {why}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
