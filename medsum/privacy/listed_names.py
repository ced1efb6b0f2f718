"""Find names that have no title or introduction before them. Use lists of names and the words around a name.

A plain word is a common word or a drug. If nothing else shows a name, a plain word is not a name. An anchor is a word
that often precedes a name. The module reads the words of a text with a NameReader. `number` is the index of a word.
"""

import re

from medsum.privacy.anchors import Anchor
from medsum.privacy.lexicon import common_words, drugs, places, word_names
from medsum.privacy.name_patterns import (
    CALENDAR,
    DAYS,
    LIST_GAP,
    OF_A_PERSON,
    OF_PEOPLE,
    ONLY_OF_A_PERSON,
    PLACE_BEFORE,
    SURELY_OF_A_PERSON,
)
from medsum.privacy.name_reader import NameReader
from medsum.privacy.word_features import known_words

_BORN = re.compile(
    r" (?:was (?:born|delivered|seen)|weighs|cries|feeds|attended|presented|walked|slept|and (?:her|his))\b"
)
_SPEAKS_ALONE = re.compile(r" (?:said|says|told|thinks|rang|phoned|and I|denies|reports|drove|noticed|lives)\b")


def surname_follows(reader: NameReader, number: int) -> bool:
    """Return whether the next word is a surname. A short plain word does not count as a surname."""
    after = number + 1
    while after < len(reader.words) and len(reader.words[after].text) == 1 and reader.joined(after):
        after += 1
    if after >= len(reader.words) or not reader.joined(after):
        return False
    word = reader.words[after]
    return (
        word.capital
        and reader.is_surname(word)
        and (not reader.is_plain(word) or len(word.text) > 4)
        and not reader.is_medical(word)
    )


def name_by_lists(reader: NameReader, number: int, anchor: Anchor | None) -> int:
    """Return the index of the word after the name that begins at `number`, or `number` if no name begins there.

    The word at `number` must begin with a capital.
    """
    word = reader.words[number]
    end = reader.end_of_name(number)
    last = reader.words[end - 1]
    if len(word.text) == 1:
        return end if _is_after_initials(reader, number, end) else number
    if reader.is_plain(word) and word.lower not in word_names():
        return number
    possessed = end - number > 1 and reader.text[last.end : last.end + 2] in ("'s", "’s")
    if (reader.is_medical(last) and not possessed) or word.lower in drugs():
        return number
    before = reader.words[number - 1].lower if number and word.gap == " " else ""
    place = before in PLACE_BEFORE and reader.text[word.start : last.end].lower() in places()
    if place:
        return number
    if end - number > 1:
        return end if _is_full(reader, number, end) else number
    if _is_reversed(reader, number):
        return reader.end_of_name(number + 1)
    if word.loud or reader.is_eponym(word):
        return number
    if word.lower in word_names():
        return end if _is_word_name(reader, number) else number
    if reader.is_given(word) and not reader.is_plain(word) and len(word.text) > 2:
        return end
    subject = reader.is_unknown(word) and word.lower not in known_words() and not word.lower.endswith("s")
    if subject and SURELY_OF_A_PERSON.match(reader.text, word.end):
        return end
    if number + 2 < len(reader.words) and reader.words[number + 1].text == "and" and reader.is_unknown(word):
        other = reader.words[number + 2]
        if (
            other.capital
            and reader.is_given(other)
            and not reader.is_plain(other)
            and reader.words[number + 1].gap == " "
        ):
            return end
    if anchor and anchor.said in OF_PEOPLE and reader.is_unknown(word) and not word.opens and len(word.text) > 3:
        return end
    sure = (
        reader.is_surname(word)
        and word.lower not in places()
        and len(word.text) > 3
        and not (word.opens and word.lower in known_words())
        and (
            not word.opens
            or (OF_A_PERSON.match(reader.text, word.end) and reader.text[word.end : word.end + 2] in ("'s", "’s"))
        )
    )
    return end if sure and (anchor or OF_A_PERSON.match(reader.text, word.end)) else number


def _is_after_initials(reader: NameReader, number: int, end: int) -> bool:
    """Return whether a name begins with initials, as in `S. Ferreira`, `J. R. Whitcombe` and `A.B. reports`."""
    first, last = reader.words[number], reader.words[end - 1]
    if end - number < 2 or not reader.words[number + 1].gap.startswith("."):
        return False
    if len(last.text) == 1:
        return first.opens and bool(re.match(r"\.?" + ONLY_OF_A_PERSON.pattern, reader.text[last.end : last.end + 20]))
    known = reader.is_surname(last) or end - number > 2 or (first.opens and reader.is_unknown(last))
    return known and not reader.is_medical(last) and not reader.is_plain(last)


def _is_full(reader: NameReader, number: int, end: int) -> bool:
    """Return whether several capitalised words are a given name and a surname."""
    first, last = reader.words[number], reader.words[end - 1]
    if len(last.text) == 1:
        sure = first.lower not in word_names() or (not first.opens and last.text not in "ABCIVX")
        return reader.is_given(first) and sure
    if first.lower in word_names():
        unlisted = reader.is_unknown(last) and last.lower not in known_words() and not last.opens
        if last.lower in DAYS:
            return False
        return (reader.is_surname(last) or unlisted) and not (first.lower in CALENDAR and reader.is_plain(last))
    if reader.is_given(first):
        return reader.is_name(last) or reader.is_unknown(last)
    if reader.is_unknown(first) and reader.is_unknown(last):
        return _is_unknown_name(reader, number, end)
    return (
        not reader.is_plain(last)
        and not (first.lower in known_words() and last.lower in known_words())
        and not reader.is_eponym(first)
        and ((reader.is_surname(first) and reader.is_name(last)) or (reader.is_unknown(first) and reader.is_name(last)))
    )


def _is_unknown_name(reader: NameReader, number: int, end: int) -> bool:
    """Return whether words that no list has are a name, because of their place.

    Such a place is after an anchor, or before a date, an age or a verb whose subject is a person.
    """
    first, last = reader.words[number], reader.words[end - 1]
    after = reader.text[last.end : last.end + 20]
    of_person = bool(
        OF_A_PERSON.match(after)
        or ONLY_OF_A_PERSON.match(after)
        or re.match(
            r",? ?\(?\d|, [A-Z]{2}\b"
            r"|,? who\b",
            after,
        )
    )
    return of_person or (not first.opens and first.start in reader.anchors)


def _is_reversed(reader: NameReader, number: int) -> bool:
    """Return whether the words are a surname, a comma and a given name, as in `Kaur, Harpreet`."""
    if number + 1 >= len(reader.words) or not LIST_GAP.fullmatch(reader.words[number + 1].gap):
        return False
    last, given = reader.words[number], reader.words[number + 1]
    return (
        given.capital
        and last.loud == given.loud
        and reader.is_surname(last)
        and reader.is_given(given)
        and not reader.is_plain(given)
        and given.lower not in word_names()
    )


def _is_word_name(reader: NameReader, number: int) -> bool:
    """Return whether the words around a word such as Grace or May show that this word is a name."""
    word = reader.words[number]
    of_person = bool(OF_A_PERSON.match(reader.text, word.end))
    vocative = reader.text[word.end : word.end + 1] in (",",) or (
        word.gap == ", " and reader.text[word.end : word.end + 1] in ",.?!"
    )
    if word.lower in CALENDAR:
        if word.opens:
            return bool(_SPEAKS_ALONE.match(reader.text, word.end) or _BORN.match(reader.text, word.end))
        return (
            of_person
            and not word.opens
            and word.gap == " "
            and reader.words[number - 1].lower not in ("in", "since", "last")
        )
    if word.opens:
        if SURELY_OF_A_PERSON.match(reader.text, word.end):
            return True
        plain = word.lower in common_words()
        return bool(ONLY_OF_A_PERSON.match(reader.text, word.end)) or (vocative and not plain)
    return True
