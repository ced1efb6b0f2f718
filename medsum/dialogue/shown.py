"""Show ids and sections of records in messages, metrics and plots, but only if they look like ids and sections.

If the user names a wrong column, the values may be names, dates or whole notes. People share messages, metrics and
plots, so messages, metrics and plots must not contain such values.
"""

import re

from medsum.dialogue.section_headers import SECTION_HEADERS

OTHER = "other"
# A name does not match this pattern, because a name has more than two letters and no digit.
_ID = re.compile(r"(?=[^\d]*\d)[A-Za-z0-9][A-Za-z0-9_.:/-]{0,39}|[A-Za-z]{1,2}")


def shown_id(record_id: str) -> str:
    """Return the id in quotes. If the id may be a name, return only its length.

    The text of the message before the result must end with `id` or `record`.
    """
    if _ID.fullmatch(record_id):
        return f"'{record_id}'"
    return f"of {len(record_id)} characters (not shown, because it may be a name)"


def shown_section(section: str | None) -> str:
    """Return a known section header, `none` if the record has no section, or `other` for any other value."""
    if section is None:
        return "none"
    return section if section in SECTION_HEADERS else OTHER
