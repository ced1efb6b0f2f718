"""Record who used which model, when and with what result. The record contains no word of a dialogue or a note.

Each use is one JSON line (docs/corrections.md). Without an AuditLog, nothing is recorded.
"""

import json
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from medsum.core.errors import UserError
from medsum.core.utc import utc_now
from medsum.privacy.records import is_shown
from medsum.serve.appending import append_line, require_private
from medsum.serve.turns_at_the_model import StoppedError

Entry = Literal["page", "check", "signature", "summarize", "summarize_visit", "/v1/chat/completions", "/v1/fhir"]
MAX_BYTES = 10_000_000  # the largest size of one file: about 30,000 uses


class AuditError(UserError):
    """The audit log cannot be written. In this case, the request gets no answer, because each use must be recorded."""


class AuditLog:
    """The log file of one server. `who` is the user of the server's login, or None if the server has no login."""

    def __init__(self, path: Path, who: str | None) -> None:
        require_private(path)
        self.path, self.who = path, who

    def add(self, values: dict[str, Any]) -> None:
        """Append one line. Raise AuditError if the line cannot be written."""
        now = utc_now("milliseconds")
        try:
            append_line(self.path, json.dumps({"time": now, "who": self.who, **values}), MAX_BYTES)
        except OSError as error:
            raise AuditError(
                f"the audit log cannot be written ({error.strerror}), so there is no answer; tell the person who runs"
                " the server"
            ) from None


class Use:
    """One use of the model or the checker. `note` is the result. It is empty until the work is done."""

    def __init__(self) -> None:
        self.note: dict[str, Any] = {}


class Uses:
    """The uses of the served model, whose hash is `model`."""

    def __init__(self, model: str, log: AuditLog | None = None) -> None:
        self.model, self.log = model, log

    @contextmanager
    def record(self, entry: Entry, model: str | None, *, only_refusals: bool = False) -> Iterator[Use]:
        """Record the block as one use. `model` is the hash of the model that writes, or None if no model writes.

        With `only_refusals`, record the block only if it raises UserError. If the block succeeds, a later block records
        the use.
        """
        use, start, outcome = Use(), time.monotonic(), "failed"
        try:
            yield use
            outcome = "done" if only_refusals else outcome_of(use.note)
        except UserError:
            outcome = "refused"
            raise
        except StoppedError:
            outcome = "stopped"
            raise
        finally:
            if not only_refusals or outcome == "refused":
                self.add(entry, model, time.monotonic() - start, outcome, use.note)

    def add(self, entry: Entry, model: str | None, seconds: float, outcome: str, note: dict[str, Any]) -> None:
        """Record one use. The record has the note's id and the number of its flags, but not its text."""
        if self.log is None:
            return
        own = note.get("id")
        flags: dict[str, Counter[str]] = {"major": Counter(), "minor": Counter()}
        for flag in note.get("flags", ()):
            flags[flag["severity"]][flag["category"]] += 1
        self.log.add({
            "entry": entry,
            "model": model,
            "seconds": round(seconds, 3),
            "id": own if isinstance(own, str) and is_shown(own) else None,
            "outcome": outcome,
            "flags": {severity: dict(sorted(counts.items())) for severity, counts in flags.items()},
        })  # fmt: skip

    def add_rows(self, entry: Entry, rows: list[dict[str, Any]], seconds: float) -> None:
        """Record each row of a table as one use. `seconds` is the time for all rows together."""
        for row in rows:
            self.add(entry, self.model, seconds / len(rows), "refused" if "error" in row else outcome_of(row), row)


def outcome_of(note: dict[str, Any]) -> str:
    """Return `held back` or `accepted`, or `not checked` if the note was not checked (holding.py)."""
    if note.get("held_back"):
        return "held back"
    is_checked = "held_back" in note or ("flags" in note and "unchecked" not in note)
    return "accepted" if is_checked else "not checked"
