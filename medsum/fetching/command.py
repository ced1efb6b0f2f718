"""The scripts that fetch an entry of a catalogue by its name: what they have in common."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from medsum.core.errors import UserError
from medsum.fetching.placing import bring_own
from medsum.params.catalogue import check_hub_name, entries, names

Fetch = Callable[[str, dict[str, Any]], None]  # of an entry's name and facts


def fetch_named(usage: str | None, catalogue: Path, fetchers: dict[str, Fetch]) -> None:
    """Put the entry that the command line names into its folder of the catalogue.

    `fetchers` holds a function for each kind of entry; a folder in Git or the user's own stays as it is. Raises
    UserError for a name that is none and for a kind without a function.
    """
    name = name_given(usage, catalogue)
    facts = entries(catalogue).get(name, {"kind": "own"})
    kind = facts["kind"]
    if kind in fetchers:
        fetchers[kind](name, facts)
    elif kind in ("git", "own"):
        bring_own(name, catalogue)
    else:
        raise UserError(
            f"{catalogue}/catalogue.yaml: {name} is of kind '{kind}', which nothing here fetches; correct it"
        )


def name_given(usage: str | None, catalogue: Path) -> str:
    """Return the one word of the command line; print `usage` and exit if it asks for help.

    Raises UserError unless the command line is a single plain name.
    """
    words = sys.argv[1:]
    if {"-h", "--help"} & set(words):
        print(usage)
        sys.exit()
    if len(words) != 1:
        raise UserError(f"write one name, of {', '.join(names(catalogue))} or of your own folder in {catalogue}")
    check_hub_name("the name", words[0], catalogue, "on the command line")
    if Path(words[0]).name != words[0]:
        raise UserError(f"'{words[0]}' is no plain name of a folder in {catalogue}; write one of {names(catalogue)}")
    return words[0]
