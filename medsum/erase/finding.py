"""A finding: a place where a record was found, and how the record is removed from it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from medsum.dialogue.shown import shown_id


@dataclass(frozen=True)
class Finding:
    """A place that has the record. `remove` is None if only the user can remove the record; `effect` then says how."""

    place: str
    effect: str
    remove: Callable[[], None] | None = None


def shown_path(path: Path, ids: Iterable[str]) -> str:
    """Return a path for messages.

    A part of the path is replaced by its length if it contains an id that may be the name of a person.
    """
    hidden = [one.casefold() for one in ids if shown_id(one) != f"'{one}'"]
    parts = [
        f"(a name of {len(part)} characters)" if any(one in part.casefold() for one in hidden) else part
        for part in path.parts
    ]
    return str(Path(*parts)) if parts else "."
