"""Prepare the words of a text for the search for names.

An anchor is a word that often precedes a name. A plain word is a word that is not a name if nothing else shows a name.
A loud word is a word that is written only in capitals. `number` is the index of a word.
"""

import re

from medsum.privacy.anchors import anchors
from medsum.privacy.lexicon import (
    common_words,
    drugs,
    eponyms,
    frequent_surnames,
    given_names,
    places,
    surnames,
    word_names,
)
from medsum.privacy.name_patterns import CONTRACTED, JOINED, LONGEST, MEDICAL, PARTICLES
from medsum.privacy.word_endings import is_clinical
from medsum.privacy.word_features import known_words
from medsum.privacy.words import Word, has_capitals, plain_letters


class NameReader:
    """The words of a text, with tests that use the lists of names and the words around a word."""

    def __init__(self, text: str, its_words: list[Word]) -> None:
        self.text = text
        self.words = its_words
        self.anchors = anchors(text)
        self.has_capitals = has_capitals(text, self.words)

    def is_given(self, word: Word) -> bool:
        """Return whether a word is in the lists of given names."""
        return _in(word.lower, given_names())

    def is_surname(self, word: Word) -> bool:
        """Return whether a word is in the list of surnames or has the form of a surname, such as McAllister."""
        return _in(word.lower, surnames()) or bool(re.match(r"(?:mc|mac|o'|d'|fitz)[a-z]{3,}", word.lower))

    def is_name(self, word: Word) -> bool:
        """Return whether a word is in the lists of names."""
        return self.is_given(word) or self.is_surname(word)

    def is_plain(self, word: Word) -> bool:
        """Return whether a word is plain: a contraction, a common word or a drug."""
        if CONTRACTED.search(word.lower):
            return True
        first, _, last = word.lower.partition("-")
        split = bool(last) and (first in common_words() or last.split("-")[-1] in common_words())
        if is_clinical(word.lower):
            return True
        return split or word.lower in common_words() or word.lower in drugs() or self._is_rarely_name(word)

    @staticmethod
    def _is_rarely_name(word: Word) -> bool:
        """Return whether a common word is also a rare surname, but not a given name. An example is Illness."""
        return word.lower in known_words() and not (word.lower in given_names() or word.lower in frequent_surnames())

    def is_unknown(self, word: Word) -> bool:
        """Return whether a word is in no list of words, eponyms or places.

        Loud words and very short words are never unknown.
        """
        return (
            not (self.is_plain(word) or self.is_eponym(word) or word.lower in places() or word.loud)
            and len(word.text) > 2
        )

    def is_eponym(self, word: Word) -> bool:
        """Return whether a word, or a part of a hyphenated word, is an eponym.

        An eponym is a surname in the name of a disease or a device.
        """
        return _in(word.lower, eponyms())

    def is_medical(self, word: Word) -> bool:
        """Return whether the next word, such as disease, sign or street, shows that this word is not a person."""
        return bool(MEDICAL.match(self.text, word.end))

    def joined(self, number: int) -> bool:
        """Return whether the text between the word at `number` and the word before it can be inside a name."""
        word, before = self.words[number], self.words[number - 1]
        if word.gap.startswith("."):
            return len(before.text) == 1 and word.gap in (". ", ".")
        return bool(JOINED.fullmatch(word.gap))

    def end_of_name(self, first: int, *, lower: bool = False) -> int:
        """Return the index of the word after the name that begins at `first`."""
        after = first + 1
        while after < len(self.words) and after - first < LONGEST and self.joined(after):
            word = self.words[after]
            if word.lower in PARTICLES and self._goes_on(after + 1):
                after += 1
                continue
            if (
                lower
                and self.is_name(word)
                and not self.is_plain(word)
                and word.lower not in word_names()
                and not word.capital
            ):
                after += 1
                continue
            if (
                not word.capital
                or (self.is_plain(word) and not self._plain_surname(after))
                or self.words[first].loud != word.loud
            ) and not (
                len(word.text) == 1 and word.capital and (self._goes_on(after + 1) or self._is_last_initial(after))
            ):
                break
            after += 1
        return after

    def _is_last_initial(self, number: int) -> bool:
        """Return whether a word is an initial after a given name, as in `Tomasz W.` and `Tomasz W for home`."""
        word, before = self.words[number], self.words[number - 1]
        if not self.is_given(before) or word.text in ("I", "A") or self.is_plain(before):
            return self.text[word.end : word.end + 1] == "." and self.is_given(before) and word.text != "I"
        return word.gap == " " and bool(re.match(r"[.,;:)\n]|$| [?a-z(]", self.text[word.end : word.end + 2]))

    def _plain_surname(self, number: int) -> bool:
        """Return whether a plain word may end a name. This is so in `John Price`, but not in `Anna Will`."""
        word = self.words[number]
        return self.is_surname(word) and word.lower not in drugs() and not self.is_medical(word) and len(word.text) > 3

    def _goes_on(self, number: int) -> bool:
        if number >= len(self.words) or not self.joined(number):
            return False
        word = self.words[number]
        return word.lower in PARTICLES or (word.capital and not self.is_plain(word))


def _in(word: str, names: frozenset[str]) -> bool:
    return (
        word in names
        or plain_letters(word) in names
        or ("-" in word and any(part in names for part in word.split("-")))
    )
