"""The command line of the scripts that fetch an entry of a catalogue by its name."""

import sys
from pathlib import Path

from medsum.core.errors import UserError
from medsum.params.catalogue import check_hub_name, names


def name_given(usage: str | None, catalogue: Path) -> str:
    """Return the one word of the command line; print `usage` and exit where help is asked for.

    Raises UserError where it is no single name, or no plain one.
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
