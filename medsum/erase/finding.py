"""A place where a record was found, and how it is removed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from medsum.dialogue.shown import shown_id


@dataclass(frozen=True)
class Finding:
    """A place that holds the record. `remove` is None if only the user can remove it; `effect` then says how."""

    place: str
    effect: str
    remove: Callable[[], None] | None = None


def shown_path(path: Path, ids: Iterable[str]) -> str:
    """Return a path for messages. A name that contains an id which may be a name is replaced by its length."""
    hidden = [one.casefold() for one in ids if shown_id(one) != f"'{one}'"]
    parts = [
        f"(a name of {len(part)} characters)" if any(one in part.casefold() for one in hidden) else part
        for part in path.parts
    ]
    return str(Path(*parts)) if parts else "."
