"""`make reconcile`: asks the model host what those calls really cost whose cost the log does not know.

The log lines come from a file or from standard input, as the functions write them: a cost is known where the host
reported it in its answer. An answer that was lost on the way (`unknown`) or came without a cost (`estimated`) is asked
for by its generation id. What was lost before an id came is listed with request id and time.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from local.generations import Generations, LookUpError, Progress, dollars
from local.log_lines import Attempts, Line
from local.settings import Settings as LocalSettings
from local.settings import SettingsError
from local.tables import table
from shared.errors import ServiceMisconfigured
from shared.openrouter.key import ApiKey
from shared.settings import Settings

_ROOT = Path(__file__).parent.parent
_KEY_SECONDS = 10.0
_ASKED_FOR = {"unknown", "estimated"}
_EPILOG = """\
The host and the key are those of the functions: OPENROUTER_K2T_KEY, or OPENROUTER_SECRET_ARN with AWS credentials, and
OPENROUTER_BASE_URL, from the environment or a .env file. For example:
  aws logs tail <log group> --since 1d --format short | make reconcile
Ends with 0 when all is known, with 1 when something is left that nobody knows, with 2 when the host cannot be asked.
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

    @property
    def asked_nano_usd(self) -> int:
        """What those calls cost that had to be asked for."""
        return sum(call.cost_nano_usd or 0 for call in self.calls)

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
        return "\n\n".join(parts)

    def data(self) -> dict[str, Any]:
        """For a program."""
        return {
            "attempts": self.attempts,
            "reported_nano_usd": self.reported_nano_usd,
            "asked_nano_usd": self.asked_nano_usd,
            "total_nano_usd": self.reported_nano_usd + self.asked_nano_usd,
            "calls": [asdict(call) for call in self.calls],
        }


def reconcile(log: Iterable[str], host: Generations, progress: Progress) -> Reconciled:
    """What the log's calls cost, with what the host says of those that the log does not know.

    Raises:
        LookUpError: the host cannot be asked.
    """
    attempts = Attempts.read(log)
    unsure = [line for line in attempts.ended if line.get("cost_source") in _ASKED_FOR]
    known = [line for line in attempts.ended if line.get("cost_source") not in _ASKED_FOR]
    ids = [str(line["generation_id"]) for line in unsure if line.get("generation_id")]
    costs = host.costs(list(dict.fromkeys(ids)), progress)
    calls = [_call(line, costs) for line in [*unsure, *attempts.killed]]
    return Reconciled(
        attempts=len(attempts.ended) + len(attempts.killed),
        reported_nano_usd=sum(line.get("cost_nano_usd") or 0 for line in known),
        calls=sorted(calls, key=lambda call: call.timestamp),
    )


def _call(line: Line, costs: Mapping[str, int]) -> Call:
    return Call(
        timestamp=str(line.get("timestamp", "")),
        request_id=str(line.get("request_id", "")),
        attempt=int(line.get("attempt", 0)),
        model=str(line.get("model", "")),
        outcome=str(line.get("outcome", "killed")),
        generation_id=line.get("generation_id"),
        logged_nano_usd=line.get("cost_nano_usd"),
        cost_nano_usd=costs.get(str(line.get("generation_id"))),
    )


def _table(calls: Sequence[Call]) -> str:
    heads = ["time", "request id", "attempt", "model", "outcome", "generation id", "logged", "cost"]
    rows = [
        [call.timestamp, call.request_id, str(call.attempt), call.model, call.outcome, call.generation_id or "-",
         dollars(call.logged_nano_usd), dollars(call.cost_nano_usd)]
        for call in calls
    ]  # fmt: skip
    return table(heads, rows)


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
    chosen = parser.parse_args(arguments)
    try:
        with _host() as host, nullcontext(sys.stdin) if chosen.log == "-" else Path(chosen.log).open() as log:
            if log.isatty():
                print("make reconcile: reading log lines from the terminal, to its end (Ctrl-D)", file=sys.stderr)
            result = reconcile(log, host, _show)
    except (LookUpError, SettingsError, OSError, UnicodeDecodeError) as error:
        return _refuse(str(error))
    except ServiceMisconfigured as error:
        return _refuse(error.problem)
    print(json.dumps(result.data(), indent=2) if chosen.json else result.text())
    return 1 if result.left else 0


def _host() -> Generations:
    settings = Settings.from_environment(LocalSettings.load(_ROOT, os.environ).environment)
    return Generations(settings.openrouter_base_url, ApiKey(settings).value(_KEY_SECONDS))


def _show(found: int, of: int) -> None:
    if sys.stderr.isatty():
        print(f"\rasked the host: {found} of {of} known", end="\n" if found == of else "", file=sys.stderr, flush=True)


def _refuse(why: str) -> int:
    print(f"make reconcile: {why}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
