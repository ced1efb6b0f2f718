"""What of a record's own values a message, a metric or a plot may show: only what looks as it should.

A column that is not what it is taken for holds names, dates or whole notes, and messages and metrics leave the machine.
"""

import re

from medsum.dialogue.section_headers import SECTION_HEADERS

OTHER = "other"
_ID = re.compile(r"(?=[^\d]*\d)[A-Za-z0-9][A-Za-z0-9_.:/-]{0,39}|[A-Za-z]{1,2}")  # a name has no digit and more letters


def shown_id(record_id: str) -> str:
    """Return the id in quotes, to follow `id` or `record`; of what may be a name or a text, its length alone."""
    if _ID.fullmatch(record_id):
        return f"'{record_id}'"
    return f"of {len(record_id)} characters (not shown, for it may be a name)"


def shown_section(section: str | None) -> str:
    """Return a known section header, `none` where there is none, and `other` for every other cell."""
    if section is None:
        return "none"
    return section if section in SECTION_HEADERS else OTHER
