"""Write letters in a simpler form, which more tokenizers can encode.

Greek letters become words, accented letters lose their accents, and raised letters become plain letters.
"""

import re
import unicodedata

_GREEK_NAME = re.compile(r"GREEK (?P<case>SMALL|CAPITAL) LETTER (?:FINAL )?(?P<name>[A-Z]+)(?: WITH .*)?")
_GREEK_SYMBOL = re.compile(r"GREEK (?:LUNATE )?(?P<name>[A-Z]+) SYMBOL")
_OTHERS = {
    "Æ": "AE", "æ": "ae", "Œ": "OE", "œ": "oe", "Ø": "O", "ø": "o", "Ł": "L", "ł": "l", "Đ": "D", "đ": "d",
    "Ð": "D", "ð": "d", "Þ": "Th", "þ": "th", "ß": "ss", "ẞ": "SS", "ı": "i", "Ħ": "H", "ħ": "h", "Ŧ": "T", "ŧ": "t",
}  # fmt: skip
_SLASH = "\u2044"
# Unicode has compatibility forms, which are other shapes of a character. A form of one of the kinds below has the same
# meaning as the character. Forms of the other kinds (<super>, <sub>, <fraction>, <circle>) have another meaning: 10⁹ is
# not 109, and 1½ is not 11/2.
SAME_TEXT_FORMS = frozenset({"<compat>", "<font>", "<narrow>", "<noBreak>", "<square>", "<wide>"})


def unstyled(text: str) -> str:
    """Return a text in which plain characters replace raised, lowered and circled characters: `⁻³` becomes `-3`."""
    return unicodedata.normalize("NFKC", text).replace("\u2212", "-").replace(_SLASH, "/")


def greek(letter: str) -> str | None:
    """Return the name of a Greek letter: `beta` for `β`, `Delta` for `Δ`, `mu` for the micro sign.

    Return None for any other character.
    """
    name = unicodedata.name(unicodedata.normalize("NFKC", letter), "")
    found = _GREEK_NAME.fullmatch(name) or _GREEK_SYMBOL.fullmatch(name)
    if not found:
        return None
    word = found["name"].lower().replace("lamda", "lambda")
    return word.capitalize() if found.groupdict().get("case") == "CAPITAL" else word


def full_size(character: str) -> str | None:
    """Return a raised letter as a plain letter (`1ˢᵗ`: `1st`), or a joined form as its letters (`㎡`: `m²`).

    Return None for any other character. The result may contain another sign that the tokenizer loses, such as `²`.
    """
    kind, *codes = unicodedata.decomposition(character).split() or [""]
    if kind in SAME_TEXT_FORMS and codes[0] != "0020":
        return "".join(chr(int(code, 16)) for code in codes)
    plain = unstyled(character)
    raised = kind in ("<super>", "<sub>") and character not in "ªº"
    return plain if raised and plain.isascii() and plain.isalpha() else None


def plain_letter(match: re.Match[str]) -> str | None:
    """Return a Latin letter without its accent (`Zoë` becomes `Zoe`), or None if the letter has no plain form.

    Also return None for an accented letter that is not part of a word, because such a letter is often a symbol. For
    example, `Ø` means none or a diameter, and `x̄` means an average.
    """
    text, start, end = match.string, *match.span()
    if not (text[start - 1 : start].isalpha() if start else False) and not text[end : end + 1].isalpha():
        return None
    letter = unicodedata.normalize("NFC", match["letter"])
    if letter in _OTHERS:
        return _OTHERS[letter]
    base = "".join(c for c in unicodedata.normalize("NFD", letter) if not unicodedata.combining(c))
    return base if base != letter and base.isascii() and base.isalpha() else None
