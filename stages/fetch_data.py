"""Fetch a source of dialogues into data/raw/<name>.

If this folder is in Git, or if it is your own folder, the script leaves it unchanged.

    python -m stages.fetch_data NAME

The script reads data/raw/catalogue.yaml, which says where the source comes from. The entry of a source may have a key
`mirror_variable` with the name of an environment variable. If this variable is set, the script downloads the files from
the URL in the variable. The script writes the whole folder data/raw/<name>/. If the script fails, it writes nothing.
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
    """Fetch the source that the command line names."""
    fetch_named(__doc__, SOURCES, {"files": from_files})


if __name__ == "__main__":
    run_script(main)
