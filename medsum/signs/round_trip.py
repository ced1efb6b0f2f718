"""What a tokenizer cannot give back: text that changes when it is encoded and decoded."""

import re
import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from tokenizers import Tokenizer

_WORD = re.compile(r"\S+")
_CLUSTER = re.compile("(?s:.)[\u0300-\u036f]*")  # a character with the accents that follow it
# Compatibility forms that are another glyph for the same text. The others (<super>, <sub>, <fraction>, <circle>)
# carry meaning: 10⁹ is not 109, and 1½ is not 11/2.
_SAME_TEXT = {"<compat>", "<font>", "<narrow>", "<noBreak>", "<square>", "<wide>"}
_NOT_ITS_COMPATIBILITY_FORM = {"№"}  # "No 5" may be read as a denial
_VARIATION_SELECTORS = {chr(code) for code in range(0xFE00, 0xFE10)}
_SEEN_AS_SPACE = "\u200b\u200c\u200d\u200e\u200f\u2028\ufeff"  # by the normaliser of T5; without width
_REMEMBERED_WORDS = 1 << 16


class Lost(NamedTuple):
    """A sign that a tokenizer drops or changes, and its characters in the text."""

    sign: str
    start: int
    end: int


class RoundTrip:
    """Encodes and decodes with one tokenizer, and says what did not come back."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._words: dict[str, tuple[tuple[int, int], ...]] = {}  # a plain one can be sent to other processes

    def lost(self, text: str) -> list[Lost]:
        """Return the lost signs in the order of the text; white space and other glyphs of the same text are forgiven.

        White space must still part letters and digits that it parted: `1 1/2` may not come back as `11/2`.
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
        """Spans of the characters of `word` that its round trip loses."""
        decoded = self._decode(word)
        if _same_text(decoded) == _same_text(word):
            return ()
        before, after = _glyphs_that_count(word), [plain for plain, _, _ in _glyphs_that_count(decoded)]
        matcher = SequenceMatcher(None, [plain for plain, _, _ in before], after, autojunk=False)
        spans = []
        for tag, start, end, _, _ in matcher.get_opcodes():
            if tag == "insert":  # told of the character before, or of the first one
                start, end = max(0, start - 1), max(1, start)
            if tag != "equal":
                spans += [span for _, *span in before[start:end]]
        return tuple(dict.fromkeys((first, last) for first, last in spans))


def _first_difference(text: str, decoded: str) -> Lost:
    """The first sign that differs where every word comes back by itself, such as a space between two numbers."""
    before, after = _glyphs_that_count(text), _glyphs_that_count(decoded)
    places = (n for n, (one, other) in enumerate(zip(before, after, strict=False)) if one[0] != other[0])
    _, start, end = before[next(places, -1)]
    return Lost(text[start:end], start, end)


def _same_text(text: str) -> str:
    """A form that is equal for texts that say the same."""
    return "".join(plain for plain, _, _ in _glyphs_that_count(text))


def _glyphs_that_count(text: str) -> list[tuple[str, int, int]]:
    """The glyphs without white space, but for one space between letters or digits."""
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
    """Each plain character that `text` stands for, and the span of `text` that it comes from."""
    for cluster in _CLUSTER.finditer(text):
        for character in unicodedata.normalize("NFC", cluster[0]):
            for plain in _plain(character):
                yield plain, *cluster.span()


@lru_cache(1 << 12)
def _plain(character: str) -> str:
    """The text of which `character` is a glyph: `ﬁ` is `fi`, `㎎` is `mg`, the micro sign is the Greek letter."""
    if character.isspace() or character in _SEEN_AS_SPACE:
        return " "
    if unicodedata.category(character) in ("Cf", "Cc") or character in _VARIATION_SELECTORS:  # nothing to be seen
        return ""
    kind, *codes = unicodedata.decomposition(character).split() or [""]
    if kind not in _SAME_TEXT or character in _NOT_ITS_COMPATIBILITY_FORM or codes[0] == "0020":  # a lone accent
        return character
    return "".join(_plain(chr(int(code, 16))) for code in codes)
