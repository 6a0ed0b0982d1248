"""`make reconcile`: asks the model host what those calls really cost whose cost the log does not know.

The log lines come from a file or from standard input, as the functions write them: a cost is known where the host
reported it in its answer. An answer that was lost on the way (`unknown`) or came without a cost (`estimated`) is asked
for by its generation id. What was lost before an id came is listed with request id and time.

With the name of the guard's table it also says what the day's books hold for calls of unknown cost, and what the host's
figures would make of that; `--apply` puts them in its place, once, however often and by how many it is run. Calls that
the host does not know stay booked at what the dearest of them is worth.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import Any, TextIO

from local.emulator.settings import Settings as LocalSettings
from local.emulator.settings import SettingsError
from local.reconcile.attempts import Attempts, Ended, Started
from local.reconcile.booked_costs import BookedCosts, BooksError, Replaced, Replacement
from local.reconcile.generations import Generations, LookUpError, Progress, dollars
from local.tables import table
from shared.errors import ServiceMisconfigured
from shared.guard.unknown_costs import UnknownCosts
from shared.model_host.api_key import ApiKey
from shared.settings import Settings

_ROOT = Path(__file__).parents[2]
_KEY_SECONDS = 10.0
_LISTED = 10
_EPILOG = """\
The host and the key are those of the functions: OPENROUTER_K2T_KEY, or OPENROUTER_SECRET_ARN with AWS credentials, and
OPENROUTER_BASE_URL, from the environment or a .env file. For example:
  aws logs tail <log group> --since 1d --format short | make reconcile
The table is used with AWS credentials, which have to allow dynamodb:BatchGetItem and, for --apply, dynamodb:UpdateItem.
Ends with 0 when all is known, with 1 when something is left that nobody knows, a line is damaged or a book could not be
changed, with 2 when the host cannot be asked or the table cannot be used.
"""


@dataclass(frozen=True)
class Call:
    """One call whose cost the host did not report in its answer. Amounts in nano-dollars."""

    timestamp: str
    request_id: str
    attempt: int
    model: str
    outcome: str
    generation_id: str | None
    logged_nano_usd: int | None
    """As the log has it: an estimate, or None."""
    cost_nano_usd: int | None
    """As the host has it; None where nobody knows."""


@dataclass(frozen=True)
class Reconciled:
    """What a log's calls cost. Amounts in nano-dollars."""

    attempts: int
    reported_nano_usd: int
    calls: list[Call]
    unreadable: list[int]
    """The numbers of the log's lines that speak of a call and are damaged."""
    books: Replaced | None = None
    """What is booked for them; None where no table is named."""

    @property
    def asked_nano_usd(self) -> int:
        """What those calls cost that had to be asked for; a generation that two of them name counts once."""
        return sum({call.generation_id: call.cost_nano_usd or 0 for call in self.calls}.values())

    @property
    def left(self) -> list[Call]:
        """Those that nobody knows the cost of."""
        return [call for call in self.calls if call.cost_nano_usd is None]

    def text(self) -> str:
        """For a person."""
        parts = [_table(self.calls)] if self.calls else []
        left = len(self.left)
        parts.append(
            table(
                ["calls", "", "cost"],
                [
                    [str(self.attempts - len(self.calls)), "reported in the log", dollars(self.reported_nano_usd)],
                    [str(len(self.calls) - left), "asked of the host", dollars(self.asked_nano_usd)],
                    [str(left), "still unknown, not in the sum", "-"],
                    [str(self.attempts), "all", dollars(self.reported_nano_usd + self.asked_nano_usd)],
                ],
            )
        )
        if self.unreadable:
            parts.append(f"Not in the sum: damaged log lines that speak of a call, {_listed(self.unreadable)}.")
        if self.books:
            parts.append(self.books.text())
        return "\n\n".join(parts)

    def data(self) -> dict[str, Any]:
        """For a program."""
        books = {"books": self.books.data()} if self.books else {}
        return books | {
            "attempts": self.attempts,
            "reported_nano_usd": self.reported_nano_usd,
            "asked_nano_usd": self.asked_nano_usd,
            "total_nano_usd": self.reported_nano_usd + self.asked_nano_usd,
            "calls": [asdict(call) for call in self.calls],
            "unreadable_lines": self.unreadable,
        }


def reconcile(
    log: Iterable[str],
    host: Generations,
    progress: Progress,
    booked: BookedCosts | None = None,
    *,
    apply: bool = False,
) -> Reconciled:
    """What the log's calls cost, with what the host says of those that the log does not know.

    Where the guard's table is given, it is compared with what is booked there, or replaces that.

    Raises:
        LookUpError: the host cannot be asked.
        BooksError: the table cannot be used.
    """
    attempts = Attempts.read(log)
    sure = [line for line in attempts.ended if line.is_sure]
    unsure = [line for line in attempts.ended if not line.is_sure]
    items = booked.read(line.request_id for line in unsure) if booked else []
    ids = [line.generation_id for line in unsure if line.generation_id]
    ids += [attempt.generation_id for item in items for attempt in item.attempts if attempt.generation_id]
    costs = host.costs(list(dict.fromkeys(ids)), progress)
    calls = [*(_ended(line, costs) for line in unsure), *map(_killed, attempts.killed)]
    return Reconciled(
        attempts=len(attempts.ended) + len(attempts.killed),
        reported_nano_usd=sum(line.cost_nano_usd or 0 for line in sure),
        calls=sorted(calls, key=lambda call: call.timestamp),
        unreadable=attempts.unreadable,
        books=_replaced(booked, items, costs, apply=apply) if booked else None,
    )


def _replaced(booked: BookedCosts, items: Sequence[UnknownCosts], costs: Mapping[str, int], *, apply: bool) -> Replaced:
    if apply:
        return Replaced([booked.apply(item, costs) for item in items], applied=True)
    return Replaced([Replacement.of(item, item.with_costs(costs)) for item in items], applied=False)


def _ended(line: Ended, costs: Mapping[str, int]) -> Call:
    return Call(
        timestamp=line.timestamp,
        request_id=line.request_id,
        attempt=line.attempt,
        model=line.model,
        outcome=line.outcome,
        generation_id=line.generation_id,
        logged_nano_usd=line.cost_nano_usd,
        cost_nano_usd=costs.get(line.generation_id or ""),
    )


def _killed(line: Started) -> Call:
    return Call(
        timestamp=line.timestamp,
        request_id=line.request_id,
        attempt=line.attempt,
        model=line.model,
        outcome="killed",
        generation_id=None,
        logged_nano_usd=None,
        cost_nano_usd=None,
    )


def _table(calls: Sequence[Call]) -> str:
    heads = ["time", "request id", "attempt", "model", "outcome", "generation id", "logged", "cost"]
    rows = [
        [call.timestamp, call.request_id, str(call.attempt), call.model, call.outcome, call.generation_id or "-",
         dollars(call.logged_nano_usd), dollars(call.cost_nano_usd)]
        for call in calls
    ]  # fmt: skip
    return table(heads, rows)


def _listed(numbers: Sequence[int]) -> str:
    more = f" and {len(numbers) - _LISTED} more" if len(numbers) > _LISTED else ""
    return f"at line {', '.join(map(str, numbers[:_LISTED]))}{more}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the log, ask the host, print; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m local.reconcile",
        description=__doc__,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("log", nargs="?", default="-", help="a file with the functions' log lines; - is standard input")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables; amounts in nano-dollars")
    parser.add_argument(
        "--table", metavar="NAME", help="the guard's table, to see what is booked there (GUARD_TABLE, if that is set)"
    )
    parser.add_argument(
        "--apply",
        action="store_true",
        help="put the host's figures in the place of what the table has booked; without it nothing is changed",
    )
    chosen = parser.parse_args(arguments)
    try:
        environment = LocalSettings.load(_ROOT, os.environ).environment
        name = chosen.table or environment.get("GUARD_TABLE", "").strip()
        if chosen.apply and not name:
            return _refuse("--apply needs the name of the guard's table: --table, or GUARD_TABLE")
        with _host(environment) as host, _opened(chosen.log) as log:
            if log.isatty():
                print("make reconcile: reading log lines from the terminal, to its end (Ctrl-D)", file=sys.stderr)
            booked = BookedCosts(name) if name else None
            result = reconcile(log, host, _show, booked, apply=chosen.apply)
    except (LookUpError, BooksError, SettingsError, OSError) as error:
        return _refuse(str(error))
    except ServiceMisconfigured as error:
        return _refuse(error.problem)
    print(json.dumps(result.data(), indent=2) if chosen.json else result.text())
    unchanged = result.books and result.books.problems
    return 1 if result.left or result.unreadable or unchanged else 0


def _opened(name: str) -> AbstractContextManager[TextIO]:
    """The log as text; a byte that is none damages its line only."""
    if name != "-":
        return Path(name).open(encoding="utf-8", errors="replace")
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    return nullcontext(sys.stdin)


def _host(environment: Mapping[str, str]) -> Generations:
    # Nobody is let in here, so there is nothing to guard.
    settings = Settings.from_environment({**environment, "ENABLE_GUARD": "false"})
    return Generations(settings.openrouter_base_url, ApiKey.openrouter(settings).value(_KEY_SECONDS))


def _show(found: int, of: int) -> None:
    if sys.stderr.isatty():
        print(f"\rasked the host: {found} of {of} known", end="\n" if found == of else "", file=sys.stderr, flush=True)


def _refuse(why: str) -> int:
    print(f"make reconcile: {why}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
