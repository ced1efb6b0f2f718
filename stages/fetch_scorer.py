"""Put the encoder of a name into models/scorer/<name>: fetched, or as it is where it is your own.

    python -m stages.fetch_scorer NAME

Reads models/scorer/catalogue.yaml, which says where the encoder comes from; writes models/scorer/<name>/, whole or not
at all.
"""

from medsum.core.errors import UserError, run_script
from medsum.core.paths import SCORERS
from medsum.fetching.command import name_given
from medsum.fetching.installed import copy_installed
from medsum.fetching.placing import bring_own
from medsum.params.catalogue import entries


def main() -> None:
    """Fetch the encoder named on the command line."""
    name = name_given(__doc__, SCORERS)
    facts = entries(SCORERS).get(name, {"kind": "own"})
    match facts["kind"]:
        case "own":
            bring_own(name, SCORERS)
        case "installed":
            copy_installed(facts["package"], facts["sha256"], SCORERS / name)
        case "hub":
            from medsum.fetching.hub import fetch_from_hub

            fetch_from_hub(name, facts, SCORERS)
        case kind:
            raise UserError(
                f"{SCORERS}/catalogue.yaml: {name} is of kind '{kind}', which nothing here fetches; correct it"
            )


if __name__ == "__main__":
    run_script(main)
