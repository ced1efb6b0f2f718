"""Find towns of the lists that have no word such as `in` before them, and towns in answers to questions."""

import re
from collections.abc import Iterator
from functools import cache

from medsum.privacy.lexicon import common_words, countries, drugs, eponyms, given_names, places, surnames, word_names
from medsum.privacy.name_patterns import MEDICAL
from medsum.privacy.places import STANDARD
from medsum.privacy.span import Span
from medsum.privacy.word_endings import is_ordinary
from medsum.privacy.word_features import known_words
from medsum.privacy.words import Word, has_capitals

_LONGEST = 4  # the name of a town has at most 4 words
_ASKED_WHERE = re.compile(
    r"\b(?:[Ww]here|[Ww]hat|[Ww]hich|[Ww]hereabouts)\b[^\n?]{0,40}(?:\b(?:town|city|village|place|area|county"
    r"|borough|neighbou?rhood)\b"
    r"|\b(?:live|(?<!for a )living|from|born|grow up|grew up|stay|staying|staying|travel|go on holiday|move|moved|based"
    r"|raised|fly"
    r"|visit|home)\b)[^\n?]{0,25}\??\s{0,2}\n(?:[^\n:]{1,30}: ?)?"
    r"(?:(?:er|um|uh|oh|well|yes|yeah|just|only|over|up|down|out|back|I'm|I am|I was born|I live|we live|in|from"
    r"|near|at"
    r"|originally|a place called|a little place called|a town called|it's|it was|around|outside|by|to)[, ]{1,2}){0,5}"
    r"((?:the )?[A-ZÀ-Þ][\w'’-]{2,30}(?: [A-ZÀ-Þ][\w'’-]{2,30}){0,3})"
)
_LOWER_PARK = re.compile(
    r"\b(?:in|at|near|around|by|through|on) ([a-z]{4,15}) (?:park|common|heath|bridge|market|hill|fields|woods"
    r"|beach|lake)\b"
)
_BEFORE_A_TOWN = re.compile(
    r"\b(?:in|from|near|outside|visiting|via|through|around|towards?|leaving|live at|(?:moved?|went|going|gone|go"
    r"|back|flew|fly"
    r"|drove|drive|driving|travel\w*|trips?|over|up|down|out|home|return\w*|train|bus|relocat\w+|transfer\w*) to) $"
)
_LOWER_UNLISTED = re.compile(  # a town of no list in a text without capitals: `near stow on the wold`
    r"\b(?:in|from|near|outside|moved? to|over (?:in|at|to)|up in|down in|back to) "
    r"([a-z]{4,20}(?: (?:on|upon|under|in|le|by|next)(?: the| sea)? [a-z]{3,12})?)(?=[.,;\n]|$| (?:and|since|for"
    r"|with|when|now|where|so|but"
    r"|originally|on|last|all)\b)"
)
_NO_ANSWER = frozenset(
    ("yes", "no", "well", "here", "there", "just", "not", "home", "outside", "downstairs", "doctor", "and")
)


_OF_A_TOWN = re.compile(r"(?:-| )(?:based|born|bred|native|resident|residents)\b")
_SAYS = re.compile(r"(?:^|\n)[A-Z][\w ]{1,20}: $")


@cache
def _lengths() -> dict[str, int]:
    """Return the first word of each place in the lists.

    Each word has the number of words of the longest place that begins with it.
    """
    longest: dict[str, int] = {}
    for place in places():
        parts = place.split(" ")
        longest[parts[0]] = max(longest.get(parts[0], 0), min(len(parts), _LONGEST))
    return longest


def towns(text: str, found: list[Word]) -> Iterator[Span]:
    """Yield towns of the lists and towns in answers.

    A town of the lists must begin with a capital, or its name must have no other meaning.
    """
    cased = has_capitals(text, found)
    number = 0
    while number < len(found):
        length = _listed_words(text, found, number)
        last = found[number + length - 1]
        if length and _is_town(text, found, number, length, cased):
            yield Span(found[number].start, last.end, "PLACE")
        number += max(length, 1)
    for park in () if cased else _LOWER_PARK.finditer(text):
        if park[1] not in known_words() and park[1] not in common_words():
            yield Span(park.start(1), park.end(), "PLACE")
    for unlisted in () if cased else _LOWER_UNLISTED.finditer(text):
        first = unlisted[1].split(" ")[0]
        if not (is_ordinary(first) or first.removesuffix("s") in known_words() or first in countries()):
            yield Span(unlisted.start(1), unlisted.end(1), "PLACE")
    for answer in _ASKED_WHERE.finditer(text):
        first = answer[1].split(" ")[0].lower()
        plain = first in common_words() or first in countries() or (first in known_words() and first not in places())
        if first not in _NO_ANSWER and not plain:
            yield Span(answer.start(1), answer.end(1), "PLACE")


def _listed_words(text: str, found: list[Word], number: int) -> int:
    """Return the number of words of the longest place in the lists that begins at word `number`, or 0."""
    for length in range(_lengths().get(found[number].lower, 0), 0, -1):
        last = number + length - 1
        near = last < len(found) and all(word.gap in (" ", ". ") for word in found[number + 1 : last + 1])
        if near and text[found[number].start : found[last].end].lower() in places():
            return length
    return 0


def _is_town(text: str, found: list[Word], number: int, length: int, cased: bool) -> bool:
    """Return whether a place of the lists is a place in this text. `Wellington boots` and `reading` are not places."""
    first, last = found[number], found[number + length - 1]
    if MEDICAL.match(text, last.end) or STANDARD.match(text, last.end):
        return False
    name = text[first.start : last.end].lower()
    if name.startswith("the ") and last.capital:
        return True
    if not first.capital:
        another = name in common_words() or name in given_names() or name in eponyms() or name in word_names()
        if cased or another or len(name) < 5 or name in countries():
            return False
        if _BEFORE_A_TOWN.search(text, max(0, first.start - 24), first.start):
            return name not in _ENGLISH and name not in known_words()
        ordinary = all(
            word.lower in known_words() or word.lower in common_words() for word in found[number : number + length]
        )
        return length > 1 and not ordinary
    if not last.capital or first.loud or (length == 1 and name in countries()):
        return False
    if length == 1 and (
        name in common_words() or name in eponyms() or name in word_names() or name in drugs() or name in _ENGLISH
    ):
        return False
    if first.opens and length == 1 and name in known_words():
        return False
    return not first.opens or bool(_OF_A_TOWN.match(text, last.end) or _is_answer(text, first, last))


def _is_answer(text: str, first: Word, last: Word) -> bool:
    """Return whether a town is the first or only word that a speaker says, as in `Patient: Stornoway, why?`."""
    name = text[first.start : last.end].lower()
    alone = re.match(r"[,.]|$", text[last.end : last.end + 1]) is not None
    return (
        alone
        and name not in given_names()
        and name not in surnames()
        and bool(_SAYS.search(text, max(0, first.start - 24), first.start))
    )


_ENGLISH_WORDS = """
mobile reading nelson hastings cologne hamburger battle sandwich bury wells rugby orange split essex norman butte
independence phoenix concord providence hollywood barking blackburn westward whitehead clones stockings aurora buffalo
officer sunset canton bangor crystal eureka mercury midland sterling surprise temple troy wheeling jersey limerick
galway cardigan honda
"""
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
