"""Put the source of a name into data/raw/<name>: fetched, or as it is where it is in Git or your own.

    python -m stages.fetch_data NAME

Reads data/raw/catalogue.yaml, which says where the source comes from, then the network, or the folder that the entry's
mirror variable names; writes data/raw/<name>/, whole or not at all.
"""

from medsum.core.errors import UserError, run_script
from medsum.core.paths import SOURCES
from medsum.fetching.command import name_given
from medsum.fetching.files import fetch_source
from medsum.fetching.placing import bring_own
from medsum.params.catalogue import entries


def main() -> None:
    """Fetch the source named on the command line."""
    name = name_given(__doc__, SOURCES)
    facts = entries(SOURCES).get(name, {"kind": "own"})
    match facts["kind"]:
        case "git" | "own":
            bring_own(name, SOURCES)
        case "files":
            fetch_source(name, facts, SOURCES)
        case kind:
            raise UserError(
                f"{SOURCES}/catalogue.yaml: {name} is of kind '{kind}', which nothing here fetches; correct it"
            )


if __name__ == "__main__":
    run_script(main)
