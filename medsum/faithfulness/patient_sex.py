"""Compare the patient's sex in two notes. Notes give the sex together with the age: `a 17-year-old female`."""

import re
from collections.abc import Iterator

from medsum.faithfulness.flags import Flag

_PATIENT = re.compile(
    r"\b(?:year|month|week|day)s?[- ]old\b(?:[- ,]+(?!who\b|with\b|and\b)[\w-]+){0,3}?[- ,]+"
    r"(?P<word>(?P<male>male|man|boy|gentleman)|female|woman|girl|lady)\b",
    re.IGNORECASE,
)


def other_sex(note: str, reference: str) -> Iterator[Flag]:
    """Yield a flag if the sex in the note differs from the sex in the reference."""
    own, wanted = _PATIENT.search(note), _PATIENT.search(reference)
    if own and wanted and bool(own["male"]) != bool(wanted["male"]):
        reason = f"“{own['word']}”: the reference says {wanted['word']}"
        yield Flag("person", "major", own.start("word"), own.end("word"), reason)
