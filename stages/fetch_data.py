"""Fetch a source of dialogues into data/raw/<name>. A folder in Git and your own folder stay as they are.

    python -m stages.fetch_data NAME

The script reads data/raw/catalogue.yaml, which says where the source comes from. It downloads the files from there, or
from the mirror in the environment variable that the entry names as `mirror_variable`. It writes data/raw/<name>/, whole
or not at all.
"""

from typing import Any

from medsum.core.errors import run_script
from medsum.core.paths import SOURCES
from medsum.fetching.command import fetch_named
from medsum.fetching.files import fetch_source


def from_files(name: str, facts: dict[str, Any]) -> None:
    """Fetch pinned files below a URL."""
    fetch_source(name, facts, SOURCES)


def main() -> None:
    """Fetch the source named on the command line."""
    fetch_named(__doc__, SOURCES, {"files": from_files})


if __name__ == "__main__":
    run_script(main)
