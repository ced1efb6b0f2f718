"""Find the signs that a tokenizer loses: the characters that change if a text is encoded and then decoded.

A glyph is a plain character that stands for one or more equivalent characters. For example, the one character `ﬁ` has
the glyphs `f` and `i`.
"""

import re
import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from tokenizers import Tokenizer

from medsum.signs.letters import SAME_TEXT_FORMS

_WORD = re.compile(r"\S+")
_CLUSTER = re.compile("(?s:.)[\u0300-\u036f]*")  # a character together with the accents that follow it
_NOT_ITS_COMPATIBILITY_FORM = {"№"}  # the compatibility form is "No", but a reader may take "No 5" as a denial
_VARIATION_SELECTORS = {chr(code) for code in range(0xFE00, 0xFE10)}
_SEEN_AS_SPACE = "\u200b\u200c\u200d\u200e\u200f\u2028\ufeff"  # T5's tokenizer turns these characters into spaces
_REMEMBERED_WORDS = 1 << 16


class Lost(NamedTuple):
    """A sign that a tokenizer drops or changes, and the span of its characters in the text."""

    sign: str
    start: int
    end: int


class RoundTrip:
    """Encodes and decodes texts with one tokenizer, and finds the lost signs."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        # A word → the spans of its lost characters. This is a dict, because an lru_cache cannot be pickled.
        self._words: dict[str, tuple[tuple[int, int], ...]] = {}

    def lost(self, text: str) -> list[Lost]:
        """Return the lost signs in the order of the text.

        A sign is not lost if the tokenizer replaces it by equivalent characters, or by white space of another kind. But
        white space between letters or digits must remain, because `1 1/2` must not become `11/2`.
        """
        decoded = self._decode(text)
        if decoded.split() == text.split() or _same_text(decoded) == _same_text(text):
            return []
        by_word = [
            Lost(word[0][start:end], word.start() + start, word.start() + end)
            for word in _WORD.finditer(text)
            for start, end in self._lost_in_word(word[0])
        ]
        return by_word or [_first_difference(text, decoded)]

    def _decode(self, text: str) -> str:
        decoded: str = self._tokenizer.decode(self._tokenizer.encode(text).ids, skip_special_tokens=True)
        return decoded

    def _lost_in_word(self, word: str) -> tuple[tuple[int, int], ...]:
        if word not in self._words:
            if len(self._words) >= _REMEMBERED_WORDS:
                self._words.clear()
            self._words[word] = self._compare_word(word)
        return self._words[word]

    def _compare_word(self, word: str) -> tuple[tuple[int, int], ...]:
        """Return the spans of the lost characters in a word."""
        decoded = self._decode(word)
        if _same_text(decoded) == _same_text(word):
            return ()
        before, after = _glyphs_that_count(word), [plain for plain, _, _ in _glyphs_that_count(decoded)]
        matcher = SequenceMatcher(None, [plain for plain, _, _ in before], after, autojunk=False)
        spans = []
        for tag, start, end, _, _ in matcher.get_opcodes():
            if tag == "insert":  # insertions count as changes of the character before them, or of the first one
                start, end = max(0, start - 1), max(1, start)
            if tag != "equal":
                spans += [span for _, *span in before[start:end]]
        return tuple(dict.fromkeys((first, last) for first, last in spans))


def _first_difference(text: str, decoded: str) -> Lost:
    """Return the first lost sign of a text in which no single word changes. The sign may be the space in `1 1/2`."""
    before, after = _glyphs_that_count(text), _glyphs_that_count(decoded)
    places = (n for n, (one, other) in enumerate(zip(before, after, strict=False)) if one[0] != other[0])
    _, start, end = before[next(places, -1)]
    return Lost(text[start:end], start, end)


def _same_text(text: str) -> str:
    """Return a normalised form of the text. Two texts with the same glyphs have the same normalised form."""
    return "".join(plain for plain, _, _ in _glyphs_that_count(text))


def _glyphs_that_count(text: str) -> list[tuple[str, int, int]]:
    """Return the glyphs of the text. Leave out white space, but keep one space between letters or digits."""
    kept: list[tuple[str, int, int]] = []
    space = None
    for glyph in _glyphs(text):
        if glyph[0] == " ":
            space = space or glyph
            continue
        if space and kept and kept[-1][0].isalnum() and glyph[0].isalnum():
            kept.append(space)
        kept.append(glyph)
        space = None
    return kept


def _glyphs(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each glyph of `text`, with the start and end of its original characters in `text`."""
    for cluster in _CLUSTER.finditer(text):
        for character in unicodedata.normalize("NFC", cluster[0]):
            for plain in _plain(character):
                yield plain, *cluster.span()


@lru_cache(1 << 12)
def _plain(character: str) -> str:
    """Return the glyphs of a character: `fi` for `ﬁ`, `mg` for `㎎`, and the Greek letter for the micro sign."""
    if character.isspace() or character in _SEEN_AS_SPACE:
        return " "
    if unicodedata.category(character) in ("Cf", "Cc") or character in _VARIATION_SELECTORS:  # invisible characters
        return ""
    kind, *codes = unicodedata.decomposition(character).split() or [""]
    # The compatibility form of an accent without a letter begins with a space (0020). Keep such an accent.
    if kind not in SAME_TEXT_FORMS or character in _NOT_ITS_COMPATIBILITY_FORM or codes[0] == "0020":
        return character
    return "".join(_plain(chr(int(code, 16))) for code in codes)
