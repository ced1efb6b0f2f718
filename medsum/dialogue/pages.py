"""Find the places where page numbers begin again. A text with such a place has more than one document."""

import re
from collections.abc import Sequence
from itertools import pairwise

NUMBER = r"(?:page|p\.) ?(\d{1,4})(?: ?(?:of|/) ?\d{1,4})?"  # `Page 2 of 3`; the group has the number
_PAGE = re.compile(rf"\W*{NUMBER}\W*", re.IGNORECASE)
_LEAST_LINES = 2  # if there are fewer lines between two page numbers, they are a title and not a page's text


def page_number(line: str) -> int | None:
    """Return the page number of a line such as `- Page 2 of 3 -`. Return None if a line is not only a page number."""
    found = _PAGE.fullmatch(line)
    return int(found[1]) if found else None


def new_documents(lines: Sequence[str]) -> set[int]:
    """Return the indices of the lines with a page number below which another document begins.

    A page number may be above the text of its page, below this text, or at both places. Within a document, the page
    numbers that have text below them must increase. The page numbers that have text above them must increase too.
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
