"""Find the triggers of lexicons/triggers.txt in a sentence.

A trigger is a phrase that gives a context flag to findings and medications near it: `denies` gives `negated`.
"""

import re
from typing import Literal, NamedTuple, cast

from medsum.facts.fact import ContextFlag
from medsum.facts.patterns import read_blocks

Reach = Literal["after", "before"]
Context = ContextFlag | Literal["none"]


class Trigger(NamedTuple):
    """A trigger in a sentence: its context flag, its reach (the text before or after the trigger), and its span."""

    context: Context
    reach: Reach
    start: int
    end: int


_BLOCKS = read_blocks("triggers.txt")
RELATIVE = dict(_BLOCKS)["@RELATIVE"]
_PATTERNS: list[tuple[Context, Reach, re.Pattern[str]]] = []
for _head, _pattern in _BLOCKS:
    if _head.startswith("["):
        _context, _reach = _head.strip("[]").split(" ")
        _bounded = re.compile(rf"(?:(?<![\w'’])|(?=:)){_pattern}(?![\w'’])", re.IGNORECASE)
        _PATTERNS.append((cast(Context, _context), cast(Reach, _reach), _bounded))


def triggers(text: str, start: int, end: int) -> list[Trigger]:
    """Return the triggers in `text[start:end]`.

    If triggers overlap, keep the longest trigger. If two triggers have the same length, keep the trigger with the
    context `none`. A trigger with the context `none` gives no flag; it only hides other triggers.
    """
    found = [
        Trigger(context, reach, match.start(), match.end())
        for context, reach, pattern in _PATTERNS
        for match in pattern.finditer(text, start, end)
    ]
    found.sort(key=lambda trigger: (trigger.start - trigger.end, trigger.context != "none", trigger.start))
    kept: list[Trigger] = []
    for trigger in found:
        span = (trigger.start, trigger.end)
        if all(
            (span == other[2:] and (other.context, other.reach) != ("none", trigger.reach))
            or trigger.end <= other.start
            or trigger.start >= other.end
            for other in kept
        ):
            kept.append(trigger)
    return kept
