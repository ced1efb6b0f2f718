"""Fetch a source of dialogues into data/raw/<name>. If the folder is in Git or is your own, leave it unchanged.

    python -m stages.fetch_data NAME

The script reads data/raw/catalogue.yaml, which says where the source comes from. An entry may name an environment
variable as `mirror_variable`. If this variable is set, the script downloads the files from the URL in the variable. It
writes the whole folder data/raw/<name>/, or nothing if it fails.
"""

from typing import Any

from medsum.core.errors import run_script
from medsum.core.paths import SOURCES
from medsum.fetching.command import fetch_named
from medsum.fetching.files import fetch_source


def from_files(name: str, facts: dict[str, Any]) -> None:
    """Download files from a URL. The catalogue has the expected sha256 of each file."""
    fetch_source(name, facts, SOURCES)


def main() -> None:
    """Fetch the source named on the command line."""
    fetch_named(__doc__, SOURCES, {"files": from_files})


if __name__ == "__main__":
    run_script(main)
