"""Cut a text at the ends of its flags and sentences, so that a page can mark the place of each flag."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from medsum.faithfulness.flags import OF_WHOLE_SUMMARY

Row = dict[str, Any]


class Segment(NamedTuple):
    """A part of a text in which every character has the same flags.

    - `severity` is the worst severity of these flags. It is empty if there are no flags.
    - `labels` are the labels of those flags that end where this part ends.
    - `turns` are the turns (from 1) that support a sentence, if the sentence ends where this part ends. Otherwise
      `turns` is None.
    """

    text: str
    severity: str
    labels: tuple[str, ...]
    turns: tuple[int, ...] | None


def labelled(letter: str, errors: Sequence[Row]) -> list[Row]:
    """Return the errors in the same order, with labels (`F1`, `F2`, ...)."""
    return [{**error, "label": f"{letter}{number}"} for number, error in enumerate(errors, start=1)]


def segments(text: str, errors: Sequence[Row], sentences: Sequence[Row] = ()) -> list[Segment]:
    """Return the parts of a text in order. Errors of the whole summary, such as its length, are left out."""
    placed = [error for error in errors if error["start"] < error["end"] and error["category"] not in OF_WHOLE_SUMMARY]
    ends = {len(text[: row["end"]].rstrip()): tuple(turn + 1 for turn in row["turns"]) for row in sentences}
    cuts = sorted({0, len(text), *ends, *(error[edge] for error in placed for edge in ("start", "end"))})
    return [_segment(text, start, end, placed, ends.get(end)) for start, end in pairwise(cuts)]


def _segment(text: str, start: int, end: int, placed: Sequence[Row], turns: tuple[int, ...] | None) -> Segment:
    over = [error for error in placed if error["start"] <= start and end <= error["end"]]
    severity = min((error["severity"] for error in over), default="")  # `major` comes before `minor` in the alphabet
    return Segment(text[start:end], severity, tuple(error["label"] for error in over if error["end"] == end), turns)
