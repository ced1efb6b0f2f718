"""Find the sentences of a text as spans of characters."""

import re
from bisect import bisect_right
from functools import lru_cache

_END = re.compile(r"(?<![.!?])[.!?]+[\"'”’)]*(?=\s|$)|\n+")
# A full stop after a title such as `Dr` does not end a sentence. A full stop after any other abbreviation ends a
# sentence only before a capital letter, a quotation mark or a number, or at the end of the text.
_TITLE = re.compile(r"\b(?:dr|mr|mrs|ms|st|vs)$", re.IGNORECASE)
_ABBREVIATION = re.compile(r"\b(?:[a-z]|approx|jan|feb|mar|apr|aug|sept?|oct|nov|dec)$", re.IGNORECASE)
_NEXT = re.compile(r"\s+[A-Z\"“0-9]|\s*$")
_LONGEST = 8  # the largest number of characters in an abbreviation


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the spans of the sentences, with their end marks."""
    spans, start = [], 0
    for match in _END.finditer(text):
        if match[0] == ".":
            before = text[max(start, match.start() - _LONGEST) : match.start()]
            if _TITLE.search(before) or (_ABBREVIATION.search(before) and not _NEXT.match(text, match.end())):
                continue
        if text[start : match.end()].strip():
            spans.append((start, match.end()))
        start = match.end()
    if text[start:].strip():
        spans.append((start, len(text)))
    return spans


def sentence_at(text: str, place: int) -> tuple[int, int]:
    """Return the span of the last sentence that begins at or before a place.

    If no sentence begins there or earlier, return the span of the whole text.
    """
    starts, spans = _starts_and_spans(text)
    return spans[bisect_right(starts, place)]


@lru_cache(maxsize=4)  # the function is called for many facts of one text
def _starts_and_spans(text: str) -> tuple[list[int], list[tuple[int, int]]]:
    found = sentences(text)
    return [start for start, _ in found], [(0, len(text)), *found]
