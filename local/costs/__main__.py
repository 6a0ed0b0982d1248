"""`make costs`: runs the saved queries on a log file, or with `--log-group` in CloudWatch."""

import argparse
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from io import TextIOWrapper
from pathlib import Path

from local.costs.errors import CostsError, QueryError
from local.costs.insights import Query, Table
from local.costs.log import Log
from local.costs.queries import GROUPS, QUERIES, SavedQuery, saved_queries
from local.costs.report import as_json, as_text

_PICTURED = "Cost per day and model"
"""The query that the picture is drawn from."""
_REGROUPED = "Cost per feature"
"""The query that `--by` gives other groups."""
_PICTURES = {".png", ".svg", ".pdf"}
_MOST_DAYS = 3653
"""As long as logs can be kept."""
_SHOWN_LINES = 10
_EPILOG = """\
The log is what the functions write, as `make run` prints it and `aws logs tail`:
  make run | tee functions.log
  make costs LOG=functions.log
  aws logs tail <log group> --since 7d --format short | make costs
With --log-group the queries run in CloudWatch, with the AWS credentials of the environment:
  make costs ARGS='--log-group <one> --log-group <other> --days 30'
Ends with 0; with 1 where a line of the log is damaged or a query failed, which is named; with 2 where nothing could be
asked.
"""

_REQUEST_ID = re.compile(r"[\w.:-]{1,200}")

Run = Callable[[Query], Table]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the queries and print what they come to; returns the exit status."""
    options = _options(arguments)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a host may have put anything into a name
    try:
        return _run(options)
    except (CostsError, QueryError) as error:
        print(f"make costs: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever read has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _run(options: argparse.Namespace) -> int:
    saved = {query.name: query for query in saved_queries(options.queries)}
    given = {"request_id": options.request} if options.request else {}
    by = [saved[_REGROUPED].regrouped(list(dict.fromkeys(options.by)))] if options.by else []
    chosen = by or _chosen(saved, options.only, given)
    pictured = [saved[_PICTURED]] if options.plot else []
    queries, problems = _translated({query.name: query.filled(given) for query in [*chosen, *pictured]})
    fields = {field for query in queries.values() for field in query.reads}
    run = _in_cloudwatch(options) if options.log_group else _on_a_log(options.log or Path("-"), fields, problems)
    results = _results(queries, run, problems, are_told=bool(options.log_group))
    shown = {query.name: results[query.name] for query in chosen if query.name in results}
    if shown:
        print(as_json(shown) if options.json else as_text(shown), flush=True)
    if options.plot and _PICTURED in results:
        _draw(results[_PICTURED], options.plot)
    for problem in problems:
        print(f"make costs: {problem}", file=sys.stderr)
    return (1 if shown else 2) if problems else 0


def _chosen(queries: Mapping[str, SavedQuery], only: Sequence[str], given: Mapping[str, str]) -> list[SavedQuery]:
    """The queries to run: those that are named; or those about one request; or all that are about none."""
    if unknown := [name for name in only if name not in queries]:
        msg = f"no query is called {unknown[0]!r}; there are: {', '.join(queries)}"
        raise CostsError(msg)
    if lacking := [name for name in only if queries[name].parameters.keys() - given.keys()]:
        msg = f"{lacking[0]!r} is about one request: say which with --request"
        raise CostsError(msg)
    if only:
        return [queries[name] for name in only]
    return [query for query in queries.values() if bool(query.parameters) is bool(given)]


def _translated(texts: Mapping[str, str]) -> tuple[dict[str, Query], list[str]]:
    """The queries by their names, and what is wrong with those that are not known here."""
    queries, problems = {}, []
    for name, text in texts.items():
        try:
            queries[name] = Query(text)
        except QueryError as error:
            problems.append(f"{name}: {error}")
    return queries, problems


def _results(queries: Mapping[str, Query], run: Run, problems: list[str], *, are_told: bool) -> dict[str, Table]:
    results = {}
    for number, (name, query) in enumerate(queries.items(), start=1):
        if are_told:
            print(f"{number} of {len(queries)}: {name}", file=sys.stderr)
        try:
            results[name] = run(query)
        except CostsError as error:
            problems.append(f"{name}: {error}")
    return results


def _on_a_log(path: Path, fields: AbstractSet[str], problems: list[str]) -> Run:
    try:
        log = Log.read(path, fields)
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror}"
        raise CostsError(msg) from None
    if log.is_empty:
        print("make costs: the log holds no line of the functions' costs", file=sys.stderr)
    if log.damaged:
        shown = ", ".join(map(str, log.damaged[:_SHOWN_LINES])) + (", …" if log.damaged[_SHOWN_LINES:] else "")
        problems.append(f"these lines are damaged, and left out: {shown}")
    return lambda query: query.run(log.events)


def _in_cloudwatch(options: argparse.Namespace) -> Run:
    from local.costs.cloudwatch import CloudWatch  # noqa: PLC0415 - the AWS library takes its time

    return CloudWatch(options.log_group, options.days).run


def _draw(result: Table, path: Path) -> None:
    from local.costs.plot import draw  # noqa: PLC0415 - and so does this

    draw(result, path)


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= _MOST_DAYS):
        msg = f"{text!r} is no number of days from 1 to {_MOST_DAYS}"
        raise argparse.ArgumentTypeError(msg)
    return int(text)


def _request_id(text: str) -> str:
    if not _REQUEST_ID.fullmatch(text):
        msg = f"{text!r} is no request id"
        raise argparse.ArgumentTypeError(msg)
    return text


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make costs",
        usage="make costs [LOG=FILE] [ARGS='…']",
        description="What was spent, on what and by whom: the saved queries on a log.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("log", nargs="?", type=Path, metavar="FILE",
                        help="the log file; standard input without one, or for -")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print JSON: a list of rows under each query's name")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="run this query; may be repeated")
    regrouped = f"show {_REGROUPED!r} by this field instead; may be repeated: {', '.join(GROUPS)}"
    parser.add_argument("--by", action="append", default=[], choices=GROUPS, metavar="FIELD", help=regrouped)
    parser.add_argument("--request", type=_request_id, metavar="ID", help="show all lines of the request with this id")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw cost per day and model: .png, .svg or .pdf")
    parser.add_argument("--log-group", action="append", default=[], metavar="NAME",
                        help="ask CloudWatch over this log group; may be repeated")  # fmt: skip
    parser.add_argument(
        "--days", type=_days, default=7, help="how many days CloudWatch looks at, the last being today in UTC (7)"
    )
    parser.add_argument("--queries", type=Path, default=QUERIES, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.log and options.log_group:
        parser.error("a log file and --log-group exclude each other")
    if options.by and (options.only or options.request):
        parser.error("--by is a query of its own, without --only and --request")
    if options.plot and options.plot.suffix.lower() not in _PICTURES:
        parser.error(f"--plot draws {', '.join(sorted(_PICTURES))}, and not {options.plot.name!r}")
    return options


if __name__ == "__main__":
    sys.exit(main())
