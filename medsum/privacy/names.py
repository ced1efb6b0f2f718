"""Find names of people after titles, introductions and relatives, and with lists of names.

If a name is found, each word of the name also counts as a name at other places of the text.

An anchor is a word before a place where a name may begin, such as a title. `number` is the index of a word.
"""

from collections.abc import Iterator

from medsum.privacy.anchors import Anchor
from medsum.privacy.lexicon import drugs, word_names
from medsum.privacy.listed_names import name_by_lists, surname_follows
from medsum.privacy.name_patterns import (
    BEFORE_A_NAME,
    CALENDAR,
    CONTRACTED,
    OLD_PARTICLES,
    PARTICLES,
    SPEAKS,
    SPEAKS_SURELY,
    SPELLED,
)
from medsum.privacy.name_reader import NameReader
from medsum.privacy.span import Span
from medsum.privacy.words import Word


def names(text: str, its_words: list[Word]) -> Iterator[Span]:
    """Yield the names of people."""
    reader = NameReader(text, its_words)
    found: list[tuple[int, int]] = []
    number = 0
    while number < len(reader.words):
        end = _name_at(reader, number)
        if end > number:
            found.append((number, end))
            number = end
        else:
            number += 1
    found = [(first - _is_nicknamed(reader, first) - _particles_before(reader, first), end) for first, end in found]
    yield from (Span(reader.words[first].start, reader.words[end - 1].end, "NAME") for first, end in found)
    yield from _again(reader, found)
    for spelled in SPELLED.finditer(text):
        yield Span(spelled.start(), spelled.end(), "NAME")


def _is_nicknamed(reader: NameReader, number: int) -> bool:
    """Return whether the word at `number` is a word such as Big or Nana that precedes a name."""
    before = reader.words[number - 1] if number else None
    return before is not None and before.text in BEFORE_A_NAME and reader.words[number].gap == " "


def _particles_before(reader: NameReader, number: int) -> int:
    """Return the number of particles before a name, such as 2 for `van der Merwe`."""
    count = 0
    while count < min(number, 2) and reader.words[number - count].gap in (" ", "-"):
        if reader.words[number - count - 1].text not in OLD_PARTICLES:
            break
        count += 1
    return count


def _again(reader: NameReader, found: list[tuple[int, int]]) -> Iterator[Span]:
    """Yield all other places where a word of a found name occurs."""
    inside = {number for first, end in found for number in range(first, end)}
    known = {
        reader.words[number].lower
        for number in inside
        if len(reader.words[number].text) > 2
        and not reader.is_plain(reader.words[number])
        and reader.words[number].lower not in PARTICLES | CALENDAR | word_names()
    }
    for number, word in enumerate(reader.words):
        if number not in inside and word.lower in known and not reader.is_medical(word):
            yield Span(word.start, word.end, "NAME")


def _name_at(reader: NameReader, number: int) -> int:
    """Return the index of the word after the name that begins at `number`, or `number` if no name begins there."""
    word = reader.words[number]
    anchor = reader.anchors.get(word.start)
    if anchor and anchor.strength != "weak" and _is_anchored(reader, number, anchor):
        return reader.end_of_name(number, lower=not word.capital)
    if not word.capital:
        return number + _lower_words(reader, number, anchor)
    return name_by_lists(reader, number, anchor)


def _lower_words(reader: NameReader, number: int, anchor: Anchor | None) -> int:
    """Return the number of words of a name in lower case, or 0 if there is no such name.

    Speech recognition often writes names in lower case.
    """
    word = reader.words[number]
    if reader.has_capitals and anchor is None:
        return 0
    if _is_full_lower(reader, number) and (anchor or not reader.has_capitals):
        return 2
    asked = anchor is not None and anchor.said in ("ask", "asked", "tell", "told", "saw") and not reader.has_capitals
    introduced = anchor is not None and anchor.said in ("i'm", "i am", "this is", "it's", "is that", "that")
    known = (
        reader.is_given(word) and not reader.is_plain(word) and word.lower not in word_names() and len(word.text) > 3
    )
    if introduced and not reader.is_plain(word) and word.lower not in word_names() and len(word.text) > 3:
        known = known or bool(SPEAKS_SURELY.match(reader.text, word.end))
    if asked and known and len(word.text) > 4:
        return 1
    return int(introduced and known and bool(SPEAKS.match(reader.text, word.end)))


def _is_full_lower(reader: NameReader, number: int) -> bool:
    """Return whether two words in lower case are a given name and a surname."""
    if number + 1 >= len(reader.words) or reader.words[number + 1].gap != " ":
        return False
    first, last = reader.words[number], reader.words[number + 1]
    plain = any(reader.is_plain(word) or word.lower in word_names() or len(word.text) < 4 for word in (first, last))
    return not plain and (reader.is_given(first) and reader.is_surname(last))


def _is_anchored(reader: NameReader, number: int, anchor: Anchor) -> bool:
    """Return whether the word after an anchor is a name."""
    word = reader.words[number]
    if CONTRACTED.search(word.lower):
        return False
    listed = reader.is_name(word) and not reader.is_plain(word)
    if not word.capital:
        titled = anchor.strength == "title" and not reader.is_plain(word)
        short = len(word.text) < 3 and not (titled and listed and anchor.said in ("dr", "mr", "mrs", "ms", "miss"))
        if (word.lower in word_names() and not titled) or short:
            return False
        given = reader.is_given(word) and not reader.is_plain(word)
        if anchor.said in ("mister", "missus", "mr", "mrs", "ms"):
            return not reader.is_plain(word) and len(word.text) > 3
        if anchor.said.endswith("called"):
            return given
        return listed if anchor.strength in ("title", "name") else given and anchor.strength == "relative"
    if anchor.strength == "title":
        kin = anchor.said in (
            "sister",
            "father",
            "brother",
            "consultant",
            "sir",
            "sr",
            "madam",
            "officer",
            "nurse",
            "doctor",
        )
        given = reader.is_given(word) and word.lower not in word_names()  # a given name such as Abi may also be a word
        return not (kin and reader.is_plain(word) and not given) and not (word.loud and reader.is_plain(word))
    if word.loud and not listed:
        return False
    if anchor.said.endswith("called"):
        return listed and not reader.is_eponym(word)
    if anchor.strength == "name":
        return not reader.is_plain(word) or (word.lower in word_names() and word.lower not in drugs())
    if reader.is_medical(word) or word.lower in drugs() or reader.is_eponym(word):
        return False
    if anchor.strength == "relative":
        return listed or (word.lower in word_names() and not word.opens) or (reader.is_unknown(word) and not word.opens)
    return (listed and not reader.is_plain(word)) or (word.lower in word_names() and surname_follows(reader, number))
