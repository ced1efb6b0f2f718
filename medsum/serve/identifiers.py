"""Apply `privacy.action` to dialogues with identifiers before the dialogues are summarised.

An identifier is text that may identify a person. The action says what happens to a dialogue with identifiers: report
the identifiers, mask them, drop the dialogue, or refuse the whole batch.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from medsum.core.errors import UserError
from medsum.params.privacy import Chosen
from medsum.privacy.kinds import KINDS, Kind, listed
from medsum.privacy.masking import Masks
from medsum.privacy.screening import find
from medsum.serve.batch_input import Line, read_lines
from medsum.serve.check_workers import NotCheckedError, in_worker
from medsum.serve.dialogue_input import read_dialogue

AID = "Screening by rules is an aid and not a certificate."
NOT_SCREENED = "The dialogue was not checked for text that may identify a person."
LINES_NAMED = 3  # a message names at most 3 lines
Make = Callable[[Sequence[Line], Callable[[int], None]], list[dict[str, Any]]]


@in_worker
def counted(*texts: str) -> dict[Kind, int]:
    """Return the number of identifiers of each kind in the texts. Leave out kinds that do not occur."""
    counts = Counter(span.kind for text in texts for span in find(text))
    return {kind: counts[kind] for kind in KINDS if counts[kind]}


def notice(*texts: str) -> str:
    """Return the page's notice about the identifiers in a dialogue. Return an empty text if there are none.

    The notice does not quote the identifiers.
    """
    try:
        found = counted(*texts)
    except NotCheckedError:
        return NOT_SCREENED
    return f"The dialogue has text that may identify a person: {listed(found)}. {AID}" if found else ""


def require_none(source: Path) -> None:
    """Raise UserError if a line of a batch contains identifiers."""
    total: Counter[Kind] = Counter()
    numbers = []
    for line in read_lines(source):
        found = counted(line.dialogue, line.note or "")
        if found:
            total.update(found)
            numbers.append(line.number)
    if numbers:
        first = ", ".join(map(str, numbers[:LINES_NAMED]))
        raise UserError(
            f"{source}: {len(numbers)} rows have text that may identify a person: {listed(total)} (first: line {first})"
            "; set privacy.action to mask, drop or report in params.yaml (docs/privacy.md)"
        )


def screening(make: Make, action: Chosen) -> Make:
    """Return a function that applies the action to the lines and then makes the rows with `make`.

    The action `mask` masks the identifiers. The action `drop` replaces each line that has identifiers by a line with an
    error. The output row of a line with identifiers has the key `identifiers`: the number of identifiers of each kind.
    """
    if action == "fail":  # `require_none` has already checked every line
        return make

    def rows_of(lines: Sequence[Line], report: Callable[[int], None]) -> list[dict[str, Any]]:
        found = [counted(line.dialogue, line.note or "") for line in lines]
        rows = make([_after(line, counts, action) for line, counts in zip(lines, found, strict=True)], report)
        for row, counts in zip(rows, found, strict=True):
            if counts:
                row["identifiers"] = {kind.lower(): count for kind, count in counts.items()}
        return rows

    return rows_of


def _after(line: Line, counts: dict[Kind, int], action: Chosen) -> Line:
    """Return the line after the action `mask` or `drop`."""
    if line.error or not counts or action == "report":
        return line
    if action == "drop":
        return replace(line, error=f"left out, because it has text that may identify a person: {listed(counts)}")
    try:
        dialogue = read_dialogue(line.dialogue).text  # before masking, because the tag of a speaker may be a name
    except UserError as error:
        return replace(line, error=str(error))
    masks = Masks(dialogue, line.note or "")
    return replace(line, dialogue=masks.mask(dialogue), note=None if line.note is None else masks.mask(line.note))
