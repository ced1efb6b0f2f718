"""Several mistakes of a user told at once."""

from medsum.core.errors import UserError

SHOWN = 20


class Faults:
    """Faults as they are found; `check` raises them all."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def add(self, fault: object) -> None:
        """Keep a fault, and go on."""
        self.found.append(str(fault))

    def check(self) -> None:
        """Raise UserError with one fault in one sentence, or with up to SHOWN of them, one a line, and their count."""
        if len(self.found) == 1:
            raise UserError(self.found[0])
        if self.found:
            more = len(self.found) - SHOWN
            shown = "".join(f"\n  {fault}" for fault in self.found[:SHOWN])
            rest = f"\n  and {more} more" if more > 0 else ""
            raise UserError(f"{len(self.found)} faults:{shown}{rest}")
