"""Count the rows of a batch with errors, flags and other messages, and print the counts at the end."""

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from medsum.metrics.names import NOT_CHECKED
from medsum.params import privacy
from medsum.serve.dialogue_input import is_english_asked
from medsum.serve.identifiers import AID
from medsum.serve.sign_messages import told

LINES_SHOWN = 20  # at most 20 errors and 20 messages about signs are printed


@dataclass
class Outcome:
    """Counts of the rows of a batch, and messages about the first bad rows.

    `bad_lines` has messages about rows with an error. `sign_lines` has messages about rows with signs that the model
    cannot read, such as `µ` (sign_messages.py).
    """

    bad: int = 0
    with_signs: int = 0
    without_id: int = 0
    as_windows: int = 0  # rows that are not UTF-8 and were read as Windows-1252
    identified: int = 0  # rows with text that may identify a person
    with_major: int = 0  # rows with a major flag
    held_back: int = 0  # rows without a summary, because a person must write the note
    bad_lines: list[str] = field(default_factory=list)
    sign_lines: list[str] = field(default_factory=list)

    def add(self, source: Path, row: dict[str, Any]) -> None:
        """Count one row of the output that belongs to the file `source`."""
        if "error" in row:
            self.bad += 1
            _keep(self.bad_lines, f"{source}, line {row['line']}: {row['error']}")
        self.without_id += row.get("id") is None and "error" not in row
        self.as_windows += "encoding" in row
        self.identified += "identifiers" in row
        self.held_back += row.get("held_back", False)
        self.with_major += any(flag["severity"] == "major" for flag in row.get("flags", ()))
        if "signs" in row:
            self.with_signs += 1
            _keep(self.sign_lines, f"{source}, line {row['line']}: {' '.join(told(row))}")

    def tell(self, output: Path, done: str) -> None:
        """Print the messages and the counts to stderr. `done` is the word `summarised` or `checked`."""
        lines = [*self.sign_lines]
        if self.with_signs > LINES_SHOWN:
            lines.append(f"{output}: {self.with_signs} rows have such signs; see the key signs")
        if self.identified:
            lines.append(
                f"{output}: {self.identified} rows have text that may identify a person; see the key identifiers"
                f" (privacy.action: {privacy.load().of_batch()}). {AID}"
            )
        if self.as_windows:
            lines.append(
                f"{output}: {self.as_windows} rows are not UTF-8 and are read as Windows-1252; check their special"
                " characters, or save the input as UTF-8"
            )
        if self.held_back:
            lines.append(
                f"{output}: {self.held_back} rows are held back and have no summary; write these notes by hand"
                " (note.hold_back)"
            )
        if self.without_id:
            lines.append(f"{output}: {self.without_id} rows have no id; call the column of ids id, ID or encounter_id")
        if not is_english_asked():
            lines.append(f"{output}: {NOT_CHECKED}")
        lines += self.bad_lines
        if self.bad:
            lines.append(f"{output}: {self.bad} lines could not be {done}; the output has the other lines")
        print("".join(f"{line}\n" for line in lines), end="", file=sys.stderr)


def _keep(lines: list[str], line: str) -> None:
    if len(lines) < LINES_SHOWN:
        lines.append(line)
