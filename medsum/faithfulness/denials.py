"""Find whether a note denies a finding outright: every kind of the finding, at every place and time.

`No pain.` denies pain outright. But after `no latex allergy`, `no pain at rest` or `Neck: no tenderness`, a patient may
have another allergy, pain or tenderness.
"""

import re

from medsum.dialogue.sentences import sentence_at
from medsum.facts.fact import Fact

_OF_A_PLACE = {"pain", "tenderness", "swelling", "mass", "rash", "surgery", "stiffness", "weakness", "numbness"}
_OPENS = re.compile(
    r"(?:^|[,;:(/]|\b(?:no|not|never|denies|denied|denying|deny|negative|negative for|none|and|or|nor|any|known|drug|"
    r"medication|medicine|food|use|uses|consume|consumed|have|has|had|having|of|for|drink|drinks|drank|smoke|smoked|"
    r"does|history|non))[ \t-]*$",
    re.IGNORECASE,
)
_CLOSES = re.compile(
    r"[ \t]*(?:[.,;)/]|$|\n)|[ \t]+(?:and|or|nor|use|symptoms?|at this time|currently|at present)\b", re.IGNORECASE
)
_BINDS = re.compile(
    r"\b(?:in|on|of|over|at|with|from|to|since|for|during|while|when|after|before|except|but|until|unless|other)\b",
    re.IGNORECASE,
)
_WITHOUT = re.compile(r"\b(?:without|no longer|w/o)\b", re.IGNORECASE)  # they deny a circumstance and not the finding
_NEAR = 400  # only this number of characters before and after a fact is examined
_HEADED = re.compile(r"\s*[A-Z][A-Za-z/, ]{2,40}:")


def is_denied_outright(fact: Fact, text: str) -> bool:
    """Return whether a note denies a finding without any limit of place, time or kind."""
    start, end = sentence_at(text, fact.start)
    before = text[max(start, fact.start - _NEAR) : fact.start]
    after = text[fact.end : min(end, fact.end + _NEAR)]
    if _WITHOUT.search(before):
        return False
    if fact.value in _OF_A_PLACE and (_HEADED.match(text, start, end) or _BINDS.search(after)):
        return False
    named_so = text[fact.start : fact.start + 3].lower() == "non"
    return named_so or bool(_OPENS.search(before) and _CLOSES.match(after))
