"""Stretches of a text that may identify a person."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from medsum.privacy.kinds import KINDS, Kind

MASK = re.compile(rf"\[({'|'.join(KINDS)})_([1-9]\d{{0,8}})\]")


class Span(NamedTuple):
    """Characters `start` to `end` of a text, and the kind of identifier that they are."""

    start: int
    end: int
    kind: Kind


def disjoint(spans: Iterable[Span]) -> list[Span]:
    """Return the spans in order; those that overlap become one, of the kind of the longest.

    Of equally long ones the first in order of KINDS gives the kind.
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
