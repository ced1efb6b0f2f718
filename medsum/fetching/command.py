"""Run a script that fetches an entry of a catalogue. All fetching stages share this code."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from medsum.core.catalogue import check_hub_name, entries, names
from medsum.core.errors import UserError
from medsum.fetching.placing import bring_own

Fetch = Callable[[str, dict[str, Any]], None]  # a function whose arguments are the name and the values of an entry


def fetch_named(usage: str | None, catalogue: Path, fetchers: dict[str, Fetch]) -> None:
    """Fetch the entry that the command line names into the folder of this entry.

    `fetchers` maps each kind of entry to a function. A folder is left unchanged if it is in Git or if it is the user's
    own folder. Raise UserError if the name is not known, or if there is no function for its kind.
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
            f"{catalogue}/catalogue.yaml: {name} has the kind '{kind}', which no function fetches; correct the kind"
        )


def name_given(usage: str | None, catalogue: Path) -> str:
    """Return the name on the command line, or print `usage` and exit if the command line asks for help.

    Raise UserError if the command line is not exactly one name of a folder.
    """
    words = sys.argv[1:]
    if {"-h", "--help"} & set(words):
        print(usage)
        sys.exit()
    if len(words) != 1:
        raise UserError(f"write one name: {', '.join(names(catalogue))}, or your own folder in {catalogue}")
    check_hub_name("the name", words[0], catalogue, "on the command line")
    if Path(words[0]).name != words[0]:
        raise UserError(
            f"'{words[0]}' is not the name of a folder in {catalogue}; write one of {', '.join(names(catalogue))}"
        )
    return words[0]
