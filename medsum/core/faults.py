"""Collect several faults in a user's file and report all of them in one error."""

from medsum.core.errors import UserError

SHOWN = 20  # maximum number of faults in one message


class Faults:
    """A list of faults. `check` raises one UserError for all of them."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def add(self, fault: object) -> None:
        """Add a fault without raising an error."""
        self.found.append(str(fault))

    def check(self) -> None:
        """Raise UserError if there are faults.

        If there is exactly one fault, the message is this fault. Otherwise, the message has the number of faults and
        one line for each of the first SHOWN faults.
        """
        if len(self.found) == 1:
            raise UserError(self.found[0])
        if self.found:
            more = len(self.found) - SHOWN
            shown = "".join(f"\n  {fault}" for fault in self.found[:SHOWN])
            rest = f"\n  and {more} more" if more > 0 else ""
            raise UserError(f"{len(self.found)} faults:{shown}{rest}")
