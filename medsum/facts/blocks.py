"""Cut a text into blocks of limited length. The time to read a text then grows linearly with its length.

Some regular expressions search from every position to the end of the text. Such a search ends at the end of a block, so
it is short.
"""

import re
from collections.abc import Iterator

LONGEST_BLOCK = 1000  # in characters; turns and notes are rarely longer
LONGEST_SENTENCE = 600  # in characters; only lists and speech without full stops are longer
_ENDS = (re.compile(r"[.!?]\s|\n"), re.compile(r"[,;]\s"), re.compile(r"\s"))  # the best place to cut comes first
Span = tuple[int, int]


def blocks(text: str) -> list[Span]:
    """Return the spans of the blocks of a text. A long text is cut at the ends of sentences."""
    return list(_cut(text, 0, len(text), LONGEST_BLOCK))


def pieces(text: str, spans: list[Span]) -> list[Span]:
    """Return the spans of sentences. A sentence that is too long is cut after commas or between words."""
    return [piece for start, end in spans for piece in _cut(text, start, end, LONGEST_SENTENCE)]


def _cut(text: str, start: int, end: int, longest: int) -> Iterator[Span]:
    while end - start > longest:
        half = start + longest // 2
        ends = (max((m.end() for m in pattern.finditer(text, half, start + longest)), default=0) for pattern in _ENDS)
        cut = next((place for place in ends if place), start + longest)
        yield start, cut
        start = cut
    if start < end or not text:
        yield start, end
