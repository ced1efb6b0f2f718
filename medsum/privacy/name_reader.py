"""The words of a text as names are read from them."""

import re

from medsum.privacy.anchors import anchors
from medsum.privacy.lexicon import common_words, drugs, eponyms, given_names, places, surnames, word_names
from medsum.privacy.name_patterns import CONTRACTED, JOINED, LONGEST, MEDICAL, PARTICLES
from medsum.privacy.words import Word, words


class NameReader:
    """The words of a text, and what the lists and the words around say of each."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = words(text)
        self.anchors = anchors(text)
        self.has_capitals = any(word.capital and word.text != "I" for word in self.words)

    def is_given(self, word: Word) -> bool:
        """Return whether a word is a given name in the lists."""
        return _in(word.lower, given_names())

    def is_surname(self, word: Word) -> bool:
        """Return whether a word is a surname in the lists, or has the form of one, as McAllister has."""
        return _in(word.lower, surnames()) or bool(re.match(r"(?:mc|mac|o'|d'|fitz)[a-z]{3,}", word.lower))

    def is_name(self, word: Word) -> bool:
        """Return whether a word is in the lists of names."""
        return self.is_given(word) or self.is_surname(word)

    def is_plain(self, word: Word) -> bool:
        """Whether a word is no name unless something else says so."""
        if CONTRACTED.search(word.lower):
            return True
        first, _, last = word.lower.partition("-")
        split = bool(last) and (first in common_words() or last.split("-")[-1] in common_words())
        return split or word.lower in common_words() or word.lower in drugs()

    def is_unknown(self, word: Word) -> bool:
        """Whether a capitalised word is in none of the lists."""
        return (
            not (self.is_plain(word) or self.is_eponym(word) or word.lower in places() or word.loud)
            and len(word.text) > 2
        )

    def is_eponym(self, word: Word) -> bool:
        """Whether a surname, or a part of one with a hyphen, is that of a disease or a device."""
        return _in(word.lower, eponyms())

    def is_medical(self, word: Word) -> bool:
        """Return whether what follows says disease, sign, device, street: the word is no person then."""
        return bool(MEDICAL.match(self.text, word.end))

    def joined(self, number: int) -> bool:
        """Whether the word at `number` goes on with the name that the one before belongs to."""
        word, before = self.words[number], self.words[number - 1]
        if word.gap.startswith("."):
            return len(before.text) == 1 and word.gap in (". ", ".")
        return bool(JOINED.fullmatch(word.gap))

    def end_of_name(self, first: int, *, lower: bool = False) -> int:
        """The number after the last word of the name that begins at `first`."""
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
        """`Tomasz W.`: a letter with a full stop, after a given name."""
        word, before = self.words[number], self.words[number - 1]
        return self.text[word.end : word.end + 1] == "." and self.is_given(before) and word.text != "I"

    def _plain_surname(self, number: int) -> bool:
        """Whether a common word may end a name: `John Price`, but not `Anna Will` or `Maria Hospital`."""
        word = self.words[number]
        return self.is_surname(word) and word.lower not in drugs() and not self.is_medical(word) and len(word.text) > 3

    def _goes_on(self, number: int) -> bool:
        if number >= len(self.words) or not self.joined(number):
            return False
        word = self.words[number]
        return word.lower in PARTICLES or (word.capital and not self.is_plain(word))


def _in(word: str, names: frozenset[str]) -> bool:
    return word in names or ("-" in word and any(part in names for part in word.split("-")))
