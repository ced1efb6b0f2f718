"""Spans of a text that may identify a person."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from medsum.privacy.kinds import KINDS, Kind

MASK = re.compile(rf"\[({'|'.join(KINDS)})_([1-9]\d{{0,8}})\]")


class Span(NamedTuple):
    """The start and end of an identifier in a text, and its kind."""

    start: int
    end: int
    kind: Kind


def disjoint(spans: Iterable[Span]) -> list[Span]:
    """Return the spans in order, and join spans that overlap.

    A joined span has the kind of its longest part. If several parts have the same length, the earliest of these parts
    decides. If these parts also have the same start, the order of KINDS decides.
    """
    found: list[Span] = []
    longest = 0
    for span in sorted(spans, key=lambda span: (span.start, -span.end, KINDS.index(span.kind))):
        if found and span.start < found[-1].end:
            last = found[-1]
            kind = span.kind if span.end - span.start > longest else last.kind
            longest = max(longest, span.end - span.start)
            found[-1] = Span(last.start, max(last.end, span.end), kind)
        else:
            found.append(span)
            longest = span.end - span.start
    return found
