"""Leave out the text below the last turn that nobody says, such as a disposition, a footer or advice about a portal.

Text that may be speech stays, so that the reader refuses it with its line.
"""

import re
from collections.abc import Sequence

from medsum.dialogue.known_tags import is_name_of_person
from medsum.dialogue.line_starts import Line
from medsum.dialogue.roles import person
from medsum.dialogue.signed_note import is_signature
from medsum.dialogue.tag_forms import Tagged, colon_tag
from medsum.dialogue.titles import is_about_visit
from medsum.dialogue.unspoken import is_contact, is_unspoken, may_be_speech, opens_other_text

_ENDS_SENTENCE = re.compile(r"[.?!\u2026][\"')\]]*$")
_LONGEST_SLOGAN = 70  # the largest number of characters in a line of a letterhead or a footer
_FEWEST_FIELDS = 2


def without_afterword(lines: list[Line], tagged: list[Tagged | None]) -> tuple[list[Line], list[Tagged | None]]:
    """Return the lines and their tags without the text below the last turn that nobody says.

    The text is left out paragraph by paragraph, from the end of the dialogue upwards. A paragraph begins below an empty
    line, a rule, the end of the visit, or a line that is already left out.
    """
    last = max((index for index, found in enumerate(tagged) if found), default=-1)
    if last < 0:
        return lines, tagged
    starts = [at for at in range(last + 1, len(lines)) if _is_apart(lines, tagged, at)]
    end = next((at for at in starts if opens_other_text(lines[at].start.bare)), len(lines))
    for begin in reversed([at for at in starts if at < end]):
        if not _is_unspoken([line.start.bare for line in lines[begin:end]]):
            break
        end = begin
    return lines[:end], tagged[:end]


def _is_apart(lines: Sequence[Line], tagged: Sequence[Tagged | None], at: int) -> bool:
    """Return whether a paragraph begins in a line. The first line below a tag alone is the speech of this tag."""
    before = tagged[at - 1]
    if before is not None and not before.said:
        return False
    return bool(lines[at].below) or lines[at].removed


def _is_unspoken(paragraph: list[str]) -> bool:
    """Return whether nobody says a paragraph: the whole of it, each of its lines, a form or a footer."""
    if any(map(is_signature, paragraph)):  # a signature may end a note above it
        return False
    if is_unspoken(" ".join(paragraph)):
        return True
    if all(is_unspoken(line) or is_about_visit(line) for line in paragraph):
        return True
    return _is_form(paragraph) or _is_footer(paragraph)


def _is_form(paragraph: list[str]) -> bool:
    """Return whether all lines are fields, perhaps below a title, as in `Browser: Firefox 131`."""
    fields = [colon_tag(line) for line in paragraph]
    title = fields[0] is None and len(paragraph[0]) <= _LONGEST_SLOGAN and not may_be_speech(paragraph[0])
    below = fields[1:] if title else fields
    return len(below) >= _FEWEST_FIELDS and all(map(_is_field, below))


def _is_field(found: Tagged | None) -> bool:
    if found is None or person(found.tag).known or is_name_of_person(found.tag):
        return False
    return not may_be_speech(found.said) and _ENDS_SENTENCE.search(found.said) is None


def _is_footer(paragraph: list[str]) -> bool:
    """Return whether a paragraph is a slogan or an address, and ends with a website, a telephone number or the like."""
    above = all(len(line) <= _LONGEST_SLOGAN and _ENDS_SENTENCE.search(line) is None for line in paragraph)
    return above and is_contact(paragraph[-1]) and not may_be_speech(paragraph[-1])
