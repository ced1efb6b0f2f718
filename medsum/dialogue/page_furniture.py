"""Find the headers and footers of printed pages. They stand in the middle of a text that was saved from a PDF."""

import re
from collections import Counter

from medsum.dialogue.line_starts import is_rule
from medsum.dialogue.pages import NUMBER, page_number
from medsum.dialogue.roles import person
from medsum.dialogue.tag_forms import colon_tag
from medsum.dialogue.titles import begins_like_turn, same_title

_SIGNS = "[ |\ue000,;-]"
_AT_END = re.compile(rf"[^?!]{{2,100}}{_SIGNS}(?-i:(?=P)){NUMBER}\W*$", re.IGNORECASE)
_AT_START = re.compile(rf"\W*{NUMBER} ?{_SIGNS}(?: ?{_SIGNS})?(?=[A-Z])[^?!.]{{2,100}}$", re.IGNORECASE)
_SURE = re.compile(r"\b(?:Page |P\. ?)\d{1,4} ?(?:of|/) ?\d{1,4}\W*$")
_CONTINUED = re.compile(r"\W*(?:(?=[A-Z\d])[^.?!:]{2,80})?[(\[ -](?:continued|cont'?d?\.?)[)\]]?\W*$", re.IGNORECASE)
_OF_ALL = re.compile(r"\W*(\d{1,3}) ?(?:/|of) ?(\d{1,3})\W*$")  # for example `1/2` or `- 1 of 2 -`
_MARK = re.compile(
    r"\W*(?:(?:strictly|private|in|and|&) ?){0,3}(?:confidential|confidence|draft|copy|unsigned|preliminary)\W*$", re.I
)
_MOST_LINES = 6  # a header and a footer have at most this number of lines
_HIGHEST = 8  # the header of the first page is in this number of lines from the top


def with_page_numbers_only(lines: list[str]) -> list[str]:
    """Return the lines with only the page number, such as `Page 2`, instead of each line of a header or footer.

    Such a line has a page number beside other words. In addition, the same words stand beside another page number, or
    the number has the form `Page 2 of 3`. A line next to it belongs to it if the same line stands at the same
    distance from another page number, or at the top of the text.
    """
    numbers = _numbers(lines)
    if not numbers:
        return lines
    filled = [place for place, line in enumerate(lines) if line]
    pages = {index: numbers[place] for index, place in enumerate(filled) if place in numbers}
    kept = list(lines)
    for index, number in _with_neighbours([lines[place] for place in filled], pages).items():
        kept[filled[index]] = f"Page {number}"
    return kept


def _with_neighbours(lines: list[str], pages: dict[int, int]) -> dict[int, int]:
    """Return the page number for each line of a header or footer. No line is empty."""
    titles = list(map(same_title, lines))
    counts = Counter(titles)
    top = set(titles[: min(_HIGHEST, *pages)])
    steps = [*range(-1, -_MOST_LINES - 1, -1), *range(1, _MOST_LINES + 1)]
    beside = Counter((step, titles[page + step]) for page in pages for step in steps if 0 <= page + step < len(lines))
    found = dict(pages)
    for page, number in pages.items():
        for side in (steps[:_MOST_LINES], steps[_MOST_LINES:]):
            for step in side:
                at = page + step
                if at in pages:
                    continue
                if 0 <= at < len(lines) and (is_rule(lines[at]) or _is_continued(lines[at])):
                    found[at] = number
                    continue
                if not 0 <= at < len(lines) or not 1 < counts[titles[at]] <= len(pages) + 1:
                    break
                if not (titles[at] in top or beside[step, titles[at]] > 1) or not _is_printed(lines[at]):
                    break
                found[at] = number
    return found


def _is_continued(line: str) -> bool:
    """Return whether a line names the text that a new page continues, as in `Job 12 (continued)`, and no speaker."""
    return _CONTINUED.match(line) is not None and not person(line.partition("(")[0]).known


def _numbers(lines: list[str]) -> dict[int, int]:
    """Return the page numbers of headers and footers by the places of their lines."""
    alone = {place: number for place, line in enumerate(lines) if (number := page_number(line)) is not None}
    alone |= _of_all(lines)
    beside = {
        place: int(next(filter(None, found.groups())))
        for place, line in enumerate(lines)
        if place not in alone and (found := _AT_END.match(line) or _AT_START.match(line)) and not _speaks(line)
    }
    often = Counter(same_title(lines[place]) for place in beside)
    sure = {at: number for at, number in beside.items() if often[same_title(lines[at])] > 1 or _SURE.search(lines[at])}
    return dict(sorted((alone | sure).items()))


def _of_all(lines: list[str]) -> dict[int, int]:
    """Return the numbers of pages that say how many pages there are: `1/3`, `2/3` and `3/3`.

    Such a number may also be a spoken answer. Therefore the numbers of all pages must occur, each once and in order.
    """
    found = {place: match for place, line in enumerate(lines) if (match := _OF_ALL.match(line))}
    numbers = [int(match[1]) for match in found.values()]
    totals = {int(match[2]) for match in found.values()}
    if len(numbers) < 2 or totals != {len(numbers)} or numbers != list(range(1, len(numbers) + 1)):
        return {}
    return dict(zip(found, numbers, strict=True))


def _is_printed(line: str) -> bool:
    """Return whether a line may be of a header or footer, and cannot be the name of a speaker."""
    if _MARK.match(line):
        return True
    return not _speaks(line) and (len(line.split()) > 2 or any(character.isdigit() for character in line))


def _speaks(line: str) -> bool:
    """Return whether a line begins with a known speaker. The header `Patient: Joan Low` does not count."""
    found = colon_tag(line)
    return found is not None and person(found.tag).known and not begins_like_turn(line)
