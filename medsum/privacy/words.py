"""Split a text into words, and find whether each word is written like a name."""

import re
import unicodedata
from typing import NamedTuple

_WORD = re.compile(r"[^\W\d_]+(?:['’](?!s\b|S\b)[^\W\d_]+|-[^\W\d_]+){0,6}")
_SMALL_PARTICLE = re.compile(r"(?:(?:al|el|ash|abd|ibn|bin|bint)-|[dlon]['’]|d[aei]['’])[A-ZÀ-Þ]")  # as in `al-Masri`
_SPEAKER = re.compile(r"(?:^|\n)[^\n:]{0,30}$")
_ENDS = re.compile(r"[.?!:;•\n|][\s\"'“‘)(\[*-]*$")
_ABBREVIATED = re.compile(r"(?:\b(?:Dr|Mr|Mrs|Ms|Prof|St|Rev|Sgt|Lt|Capt|Pt|pt|vs|Jr|Sr|[A-Z])\.)\s$")


class Word(NamedTuple):
    """A word and its span. `gap` is the text between the previous word and this word."""

    text: str
    lower: str
    start: int
    end: int
    gap: str
    opens: bool  # whether the word begins a sentence; in this case, a capital does not show that it is a name

    @property
    def capital(self) -> bool:
        """Return whether the word begins with a capital."""
        return self.text[0].isupper() or bool(_SMALL_PARTICLE.match(self.text))

    @property
    def loud(self) -> bool:
        """Return whether the word has at least two letters, and all letters are capitals."""
        return len(self.text) > 1 and self.text.isupper()


def plain_letters(text: str) -> str:
    """Return a text without accents, so that Siân and Sian are in the same lists."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(character for character in decomposed if not unicodedata.combining(character)) or text


def words(text: str) -> list[Word]:
    """Return the words of a text in order. A possessive `'s` is not a part of a word."""
    found: list[Word] = []
    end = 0
    for match in _WORD.finditer(text):
        gap = text[end : match.start()]
        before = text[max(0, match.start() - 12) : match.start()]
        opens = not found or bool(_ENDS.search(before) and not _ABBREVIATED.search(before))
        found.append(Word(match[0], match[0].lower().replace("’", "'"), match.start(), match.end(), gap, opens))
        end = match.end()
    return found


def has_capitals(text: str, found: list[Word]) -> bool:
    """Return whether a word of a text begins with a capital. `I` and speakers such as `Patient:` do not count."""
    return any(word.capital and word.text != "I" and not _is_speaker(text, word) for word in found)


def _is_speaker(text: str, word: Word) -> bool:
    colon = text.find(":", word.end, word.end + 20)
    before = text[max(0, word.start - 31) : word.start]
    return colon > 0 and "\n" not in text[word.end : colon] and bool(_SPEAKER.search(before) or word.start == 0)
