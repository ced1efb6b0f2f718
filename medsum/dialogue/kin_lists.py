"""Decide whether lines are a list of relatives and their illnesses, or turns of relatives who speak.

An example of a list is:

Mother: Diabetes.
Father: Heart attack at 60.
"""

import re
from collections import Counter
from collections.abc import Sequence

from medsum.dialogue.line_starts import Line
from medsum.dialogue.roles import FAMILY, ROLES
from medsum.dialogue.tag_forms import Tagged, colon_tag

_SIDES = ("maternal ", "paternal ")
_MORE_KIN = ("grandparent", "child", "children", "ma", "pa")
_HEALTH = re.compile(
    r"\b(?:healthy|well|alive|living|died|dead|deceased|none|unknown|nil|diabet\w*|dm|htn|cad|mi|copd|cancer|stroke|"
    r"hypertension|pressure|heart|asthma|dementia|alzheimer\w*|depress\w*|\w+(?:itis|emia|oma|osis|pathy|lepsy))\b",
    re.IGNORECASE,
)
_SPEECH = re.compile(
    r"\b(?:I|I['’]\w+|my|me|we|you|your|he|she|it|it['’]s|they|that['’]s|is|are|was|were|has|have|had|does|did|do|yes|yeah|"
    r"no|nope|okay|ok|right|sure|thanks|thank)\b|[?!:]",
    re.IGNORECASE,
)
_MOST_WORDS = 8


def kin_list(lines: Sequence[Line]) -> set[int]:
    """Return the indices of lines that list relatives. These lines belong to the turn before the list.

    A list has at least two consecutive lines. Each line of the list has a relative before the colon and a few words
    after the colon. No other line has the same relative before a colon. The words after the colon do not look like a
    spoken sentence. At least one line of the list names an illness or another state of health. The line before the list
    is not a question.
    """
    tagged = [colon_tag(line.start.bare) for line in lines]
    often = Counter(found.tag.lower() for found in tagged if found)
    fits = [found is not None and often[found.tag.lower()] == 1 and _is_item(found) for found in tagged]
    listed: set[int] = set()
    start = 0
    while start < len(fits):
        end = start
        while end < len(fits) and fits[end]:
            end += 1
        asked = start > 0 and lines[start - 1].start.text.rstrip().endswith("?")
        if end - start > 1 and start > 0 and not asked and any(_names_health(tagged[at]) for at in range(start, end)):
            listed |= set(range(start, end))
        start = max(end, start + 1)
    return listed


def _is_item(found: Tagged) -> bool:
    words = found.said.split()
    return _is_relative(found.tag) and 0 < len(words) <= _MOST_WORDS and not _SPEECH.search(found.said)


def _is_relative(tag: str) -> bool:
    """Return whether a tag names a relative or several, such as `Maternal aunts`."""
    word = " ".join(tag.lower().split())
    for side in _SIDES:
        word = word.removeprefix(side)
    return word in _MORE_KIN or FAMILY in (ROLES.get(word), ROLES.get(word.removesuffix("s")))


def _names_health(found: Tagged | None) -> bool:
    return found is not None and bool(_HEALTH.search(found.said))
