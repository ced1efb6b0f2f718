"""Read from a request which section or sections the note must have.

A request names one section (`section`) or the sections of the note of a whole visit (`sections`), but not both. This
module does not check whether the headers are known (medsum/serve/section_choice.py).
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from medsum.api.errors import ApiError
from medsum.core.errors import UserError
from medsum.serve.section_choice import AUTO, MOST_SECTIONS, known_section

MAX_HEADER = 80  # the most characters of a header in a system message; a longer text is an instruction
_LINE = re.compile(r"^[ \t]{0,80}(sections?)[ \t]{0,80}:([^\n]*)", re.IGNORECASE | re.MULTILINE)
_HOW = {
    "section": "write a header such as HPI, any or auto",
    "sections": "write headers separated by commas, such as 'HPI, MEDICATIONS', or auto",
}


class Wish(NamedTuple):
    """The section of a note, or the sections of a note that has several. The other field is None."""

    section: str | None = None
    sections: str | None = None


AUTO_WISH = Wish(AUTO)


def named(values: Mapping[str, Any], place: str) -> Wish | None:
    """Return the wish in the keys `section` and `sections`, or None if neither has a value.

    `place` is the name of `values` in messages. Raise ApiError if both keys have a value, or if a value is not text.
    """
    found = {key: values[key] for key in _HOW if values.get(key) is not None}
    for key, value in found.items():
        if not isinstance(value, str):
            raise ApiError(400, f"{place}.{key} is not text; {_HOW[key]}", place)
    if len(found) > 1:
        raise ApiError(400, f"{place} names both section and sections; leave one of them out", place)
    return Wish(**found) if found else None


def require_each_once(parameters: Iterable[tuple[str, str]]) -> None:
    """Raise ApiError if a parameter of a URL is repeated, because only one of its values would have an effect."""
    keys = [key for key, _ in parameters if key in _HOW]
    if len(set(keys)) < len(keys):
        raise ApiError(400, "the query repeats section or sections; write 'sections=HPI,MEDICATIONS'", "sections")


def named_in(texts: Iterable[str]) -> Wish:
    """Return the wish in the system messages. If they name no section, return the wish `auto` for one section.

    A system message names sections if it is only a header or known headers with commas between them, or if it has a
    line such as `Section: HPI` or `Sections: HPI, MEDICATIONS`. Other instructions are ignored. Raise ApiError if the
    messages have several wishes.
    """
    wishes = {wish for text in texts for wish in _wishes(text)}
    if len(wishes) > 1:
        sentence = "the system messages name several sections; write one line such as 'Sections: HPI, MEDICATIONS'"
        raise ApiError(400, sentence, "messages")
    return wishes.pop() if wishes else AUTO_WISH


def _wishes(text: str) -> list[Wish]:
    lines = {(key.lower(), _without_period(value)) for key, value in set(_LINE.findall(text))}
    found = [Wish(**{key: value}) for key, value in lines if _is_wish(key, value)]
    return found or _of_whole(_without_period(text))


def _without_period(text: str) -> str:
    return " ".join(text.upper().split()).removesuffix(".").rstrip()


def _is_wish(key: str, value: str) -> bool:
    """Return whether the value of a line is a header or a list of headers. An empty list is a wish, which is wrong."""
    if key == "section":
        return 0 < len(value) <= MAX_HEADER
    return all(len(header.strip()) <= MAX_HEADER for header in value.split(","))


def _of_whole(text: str) -> list[Wish]:
    """Return the wish of a message that is only a header, or only headers with commas between them.

    A single word counts as a header, even if it is unknown.
    """
    is_word = len(text.split()) == 1
    headers = text.split(",", MOST_SECTIONS)
    if 1 < len(headers) <= MOST_SECTIONS and (is_word or all(map(_is_known, headers))):
        return [Wish(sections=text)]
    return [Wish(text)] if is_word or _is_known(text) else []


def _is_known(text: str) -> bool:
    if text.strip().lower() == AUTO:
        return True
    try:
        known_section(text)
    except UserError:
        return False
    return True
