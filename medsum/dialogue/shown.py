"""Show ids and sections of records in messages, metrics and plots only if they look like ids and sections.

A wrong column may hold names, dates or whole notes, and people share messages and metrics.
"""

import re

from medsum.dialogue.section_headers import SECTION_HEADERS

OTHER = "other"
_ID = re.compile(r"(?=[^\d]*\d)[A-Za-z0-9][A-Za-z0-9_.:/-]{0,39}|[A-Za-z]{1,2}")  # unlike a name, short or with a digit


def shown_id(record_id: str) -> str:
    """Return the id in quotes, or only its length if it may be a name or a text. It follows `id` or `record`."""
    if _ID.fullmatch(record_id):
        return f"'{record_id}'"
    return f"of {len(record_id)} characters (not shown, because it may be a name)"


def shown_section(section: str | None) -> str:
    """Return a known section header, `none` if there is none, or `other` for any other value."""
    if section is None:
        return "none"
    return section if section in SECTION_HEADERS else OTHER
