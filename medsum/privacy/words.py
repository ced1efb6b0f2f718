"""Split a text into words, and find whether each word is written like a name."""

import re
from typing import NamedTuple

_WORD = re.compile(r"[^\W\d_]+(?:['’](?!s\b|S\b)[^\W\d_]+|-[^\W\d_]+){0,6}")
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
        return self.text[0].isupper()

    @property
    def loud(self) -> bool:
        """Return whether the word has at least two letters, and all letters are capitals."""
        return len(self.text) > 1 and self.text.isupper()


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
