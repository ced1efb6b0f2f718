"""Describe a finding: a place where a record was found, and how to remove the record from this place."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from medsum.dialogue.shown import shown_id


@dataclass(frozen=True)
class Finding:
    """A place that has the record.

    `effect` says what the removal does. If only the user can remove the record, `remove` is None, and `effect` says how
    to do so.
    """

    place: str
    effect: str
    remove: Callable[[], None] | None = None


def shown_path(path: Path, ids: Iterable[str]) -> str:
    """Return a path for messages.

    If a part of the path contains an id that may be the name of a person, show only the length of this part.
    """
    hidden = [one.casefold() for one in ids if shown_id(one) != f"'{one}'"]
    parts = [
        f"(a name of {len(part)} characters)" if any(one in part.casefold() for one in hidden) else part
        for part in path.parts
    ]
    return str(Path(*parts)) if parts else "."
