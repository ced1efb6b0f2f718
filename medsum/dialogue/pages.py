"""Find where page numbers begin again, because the text then holds more than one document."""

import re
from collections.abc import Sequence
from itertools import pairwise

_PAGE = re.compile(r"\W*(?:page|p\.) ?(\d{1,4})(?: ?(?:of|/) ?\d{1,4})?\W*", re.IGNORECASE)
_LEAST_LINES = 2  # fewer lines between two page numbers are a title and not the text of a page


def page_number(line: str) -> int | None:
    """Return the number of a line that has nothing but a page number, such as `- Page 2 of 3 -`."""
    found = _PAGE.fullmatch(line)
    return int(found[1]) if found else None


def new_documents(lines: Sequence[str]) -> set[int]:
    """Return the indices of page numbers below which another document begins.

    A page number may be above the text of its page, below it, or at both places. So the numbers with text below them
    must increase, and the numbers with text above them must increase.
    """
    pages = [(index, number) for index, line in enumerate(lines) if (number := page_number(line)) is not None]
    if len(pages) < 2:
        return set()
    filled = [0]
    for line in lines:
        filled.append(filled[-1] + bool(line))
    ends = [-1, *(index for index, _ in pages), len(lines)]
    above = [filled[end] - filled[start + 1] >= _LEAST_LINES for start, end in pairwise(ends)]
    with_text_above = [page for page, has_text in zip(pages, above[:-1], strict=True) if has_text]
    with_text_below = [page for page, has_text in zip(pages, above[1:], strict=True) if has_text]
    ended = {before for (before, number), (_, following) in pairwise(with_text_above) if following <= number}
    begun = {after for (_, number), (after, following) in pairwise(with_text_below) if following <= number}
    return ended | begun
