"""`make prices`: prints the catalog in force, and asks the hosts where their own lists say otherwise.

In force is what is built in, with the changes of CATALOG_PARAMETER or, before they are put there, of a file
(--overlay). A host is asked if its key is set. OpenRouter lists prices, each one provider's, and limits; the others
list ids only, so that of them is said which of the catalog's models they do not have.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from local.aws_credentials import lend_credentials
from local.emulator.settings import Settings as LocalSettings
from local.emulator.settings import SettingsError
from local.prices.differences import Difference, differences
from local.prices.host_lists import ListError, ask
from local.prices.in_force import catalog_in_force, read_overlay, rows
from local.prices.report import Report
from shared.catalog import Catalog, built_in
from shared.catalog.errors import CatalogError
from shared.errors import ServiceMisconfigured
from shared.model_host.errors import KeyMissing
from shared.model_host.hosts import host_named, split_name
from shared.settings import Settings

_ROOT = Path(__file__).parents[2]
_KEY_SECONDS = 10.0
_EPILOG = """\
Keys, addresses and CATALOG_PARAMETER are those of the functions, from the environment or a .env file. The parameter is
read with AWS credentials, which have to allow ssm:GetParameter. For example:
  make prices ARGS='--overlay catalog.toml'
Ends with 0, with 1 where a host's list differs, with 2 when the overlay cannot be used or a host cannot be asked.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the catalog, ask the hosts, print; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="make prices",
        usage="make prices [ARGS='…']",
        description=__doc__,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    parser.add_argument("--overlay", metavar="FILE", help="a file with an overlay, instead of the parameter's")
    chosen = parser.parse_args(arguments)
    try:
        environment = LocalSettings.load(_ROOT, os.environ).environment
        # No request is served here, so there is nothing to guard.
        settings = Settings.from_environment({**environment, "ENABLE_GUARD": "false"})
        lend_credentials(settings, os.environ)
        overlay = read_overlay(settings.catalog_parameter, chosen.overlay)
        return _print(catalog_in_force(overlay), settings, as_json=chosen.json)
    except CatalogError as error:
        if not chosen.overlay:  # then the functions, too, have what is built in
            _print(built_in(), settings, as_json=chosen.json)
        return _refuse(*error.problems)
    except ServiceMisconfigured as error:
        return _refuse(error.problem)
    except (SettingsError, OSError, UnicodeError) as error:
        return _refuse(str(error))


def _print(catalog: Catalog, settings: Settings, *, as_json: bool) -> int:
    asked, found, problems = _compare(catalog, settings)
    report = Report(catalog, list(rows(catalog)), asked, found)
    print(json.dumps(report.data(), indent=2) if as_json else report.text())
    return _refuse(*problems) if problems else int(bool(found))


def _compare(catalog: Catalog, settings: Settings) -> tuple[list[str], list[Difference], list[str]]:
    """Ask each host that has a key and models; return the names of those asked, what differs, and what went wrong."""
    asked: list[str] = []
    found: list[Difference] = []
    problems: list[str] = []
    for name in sorted({split_name(model)[0] for model in catalog.models}):
        try:
            host = host_named(name, settings)
            found += differences(name, ask(host, host.key.value(_KEY_SECONDS)), catalog)
            asked.append(name)
        except KeyMissing:
            continue
        except ListError as error:
            problems.append(str(error))
        except ServiceMisconfigured as error:
            problems.append(f"{name}: {error.problem}")
    return asked, found, problems


def _refuse(*why: str) -> int:
    for each in why:
        print(f"make prices: {each}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
