"""Find the words of a text for ROUGE and the form metrics: English words only, or words of any script."""

import re
import sys
import unicodedata
from collections.abc import Sequence
from functools import cache

_ENGLISH = re.compile(r"[a-z0-9]+")  # the same words as in rouge_score's own tokenizer
# These scripts have no spaces between words: Chinese, Japanese, Thai, Lao, Burmese, Khmer. Each letter counts as a
# word.
_UNSPACED = (
    "\u0e00-\u0e7f\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
_UNSPACED_LETTER = re.compile(f"[{_UNSPACED}]")
_JOINERS = dict.fromkeys(map(ord, "\u200c\u200d\u00ad"))  # invisible characters within a word; they are deleted


def _marks() -> str:
    """Return all vowel signs and accents that follow their letter, as ranges of a character class.

    The method `isalpha` returns False for these characters.
    """
    codes = [code for code in range(0x300, sys.maxunicode) if unicodedata.category(chr(code)) in ("Mn", "Mc")]
    starts = [code for place, code in enumerate(codes) if place == 0 or codes[place - 1] != code - 1]
    ends = [code for place, code in enumerate(codes) if place + 1 == len(codes) or codes[place + 1] != code + 1]
    return "".join(f"{chr(start)}-{chr(end)}" for start, end in zip(starts, ends, strict=True))


@cache
def _word_of_any_script() -> re.Pattern[str]:
    marks = _marks()
    return re.compile(rf"[{_UNSPACED}][{marks}]*|(?:(?![{_UNSPACED}])[^\W_][{marks}]*)+")


def words_of_any_script(text: str) -> list[str]:
    """Return the words in lower case. For a text in ASCII, the result equals `english_words`."""
    return _word_of_any_script().findall(unicodedata.normalize("NFC", text).lower().translate(_JOINERS))


def count_words(text: str, any_language: bool = False) -> int:
    """Return the number of words. With `any_language`, each letter of a script without spaces counts as a word."""
    chunks = text.split()
    if not any_language:
        return len(chunks)
    return sum(max(1, len(words_of_any_script(chunk)) if _UNSPACED_LETTER.search(chunk) else 1) for chunk in chunks)


def english_words(text: str) -> list[str]:
    """Return the sequences of ASCII letters and digits, in lower case. All other letters are lost."""
    return _ENGLISH.findall(text.lower())


def are_ascii_mostly(texts: Sequence[str]) -> bool:
    """Return whether at least half of the letters are ASCII. If so, `english_words` loses at most half of them."""
    letters = [letter for text in texts for letter in text if letter.isalpha()]
    return sum(letter.isascii() for letter in letters) * 2 >= len(letters)
