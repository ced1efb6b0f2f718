"""Clean the characters of a text: look-alikes, control characters, broken encodings and broken contractions.

A look-alike is a character that looks like another character, such as a Cyrillic letter that looks like a Latin letter.
"""

import html
import re
import unicodedata

# The text is normalised to NFC, a standard form of Unicode. The form NFKC is not used, because it turns 10⁹ into 109.
# The table _LOOK_ALIKES replaces only look-alikes of ASCII characters.
_APOSTROPHES = (
    "\u2018\u2019\u201b\u00b4\u0060\u2032\u2035\u02b9\u02bb\u02bc\u02bd\u02c8\u02ca\u02cb\u0374\u055a\u05f3\ua78c\uff07"
)
_QUOTES = "\u201c\u201d\u201f\u2033\u02ba\u05f4\uff02\u00ab\u00bb"
_HYPHENS = "\u2010\u2011\u2012\u2013\u2014\u2015\ufe63\uff0d"
_COLONS = "\uff1a\ufe55\ua789\u2236\ufe13"
_INVISIBLE = (
    "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u180e"
)
_LOOK_ALIKES = str.maketrans(
    dict.fromkeys(_APOSTROPHES, "'")
    | dict.fromkeys(_QUOTES, '"')
    | dict.fromkeys(_HYPHENS, "-")
    | dict.fromkeys(_COLONS, ":")
    | dict.fromkeys(_INVISIBLE, "")
    | {"\u2026": "...", "\uff1f": "?", "\uff0c": ",", "\uff0e": ".", "\uff01": "!"}
    | {"\u037e": "?", "\u2192": "->", "\u2794": "->", "\u27a4": ">"}
    | {chr(code + 0xFEE0): chr(code) for code in range(ord("0"), ord("z") + 1) if chr(code).isalnum()}  # full width
    | {
        chr(code): plain  # bold and italic mathematical letters
        for code in range(0x1D400, 0x1D800)
        if (plain := unicodedata.normalize("NFKC", chr(code))).isascii()
    }
)
# The control characters U+0080 to U+009F come from Windows-1252 text that was read as Latin-1. In `5\x9610 mg`, for
# example, \x96 is a dash. HTML also reads these control characters as Windows-1252.
_WINDOWS_SIGNS = {code: bytes([code]).decode("cp1252", "ignore") or " " for code in range(0x80, 0xA0)}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_LINE_BREAK = re.compile("\r\n|[\r\n\u2028\u2029]")
_ENTITY = re.compile(r"&(?:#\d{1,6}|#[xX][0-9a-fA-F]{1,5}|[A-Za-z]{2,8});")
_ESCAPE = re.compile(r"\\u(20[0-9a-fA-F]{2}|00[a-fA-F][0-9a-fA-F])")
# This matches an apostrophe as JavaScript, URLs, UTF-7 and SQL write it: `don\'t`, `don%27t`, `don+IBk-t`, `don''t`.
_ESCAPED_APOSTROPHE = re.compile(r"(?<=[A-Za-z])(?:\\+'|\\x(?:27|92)|%(?:27|92|E2%80%99)|\+IB[kg]-|''+)(?=[A-Za-z])")
_MOST_ROUNDS = 20  # of decoding; real texts need two or three
_NEXT_LINE = re.compile("\x85(?=\\S)")
# UTF-8 text that was read as Windows-1252 looks like `donâ€™t`. This table has the byte of each Windows-1252 character.
_BYTE_OF = {chr(code): code for code in range(0xA0, 0x100)} | {
    bytes([code]).decode("cp1252"): code for code in range(0x80, 0xA0) if bytes([code]).decode("cp1252", "ignore")
}
_CONTINUATION = "".join(re.escape(sign) for sign, code in _BYTE_OF.items() if code < 0xC0)
_READ_AS_WINDOWS = re.compile(f"[\u00c2-\u00df][{_CONTINUATION}]|[\u00e0-\u00ef][{_CONTINUATION}]{{2}}")
# This pattern matches UTF-8 text that was read as Mac Roman, and quoted-printable text that was not decoded.
_READ_AS_MAC = re.compile("\u201a\u00c4(?:[\u00f4\u00f2\u00fa\u00f9\u00ec\u00ee]|\u2022)|=E2=80=9[89]|=92(?=[a-z])")
_MAC_SIGNS = {"\u00fa": '"', "\u00f9": '"', "\u00ec": "-", "\u00ee": "-"}
# These Cyrillic and Greek letters look like Latin letters. They are replaced in words that also have Latin letters.
_SHARED = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0445\u0443\u0456\u0455\u0458\u0501\u0410\u0415\u041e\u0420\u0421\u0425\u0422\u041d\u041c\u0412\u041a\u0406\u0405\u0408"
    "\u03bf\u03bd\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7",
    "aeopcxyisjdAEOPCXTHMBKISJovABEZHIKMNOPTYX",
)
_MIXED_WORD = re.compile(r"\b(?=\w*[A-Za-z])(?=\w*[\u0370-\u03ff\u0400-\u052f])\w+")
# The patterns below match contractions with a lost apostrophe or with an additional space: `don\ufffdt`, `don?t`,
# `donÕt`, `do n't`, `don ' t`.
_VERBS = r"do|does|did|is|are|was|were|have|has|had|ca|could|should|would|wo|must|need|ai|might"  # verbs before n't
_BROKEN_NOT = re.compile(rf"\b({_VERBS})(n)(?:[\ufffd?\u00d5\u00ed\u00d4]|[ ]?'[ ]|[ ]')(t)\b", re.IGNORECASE)
_SPLIT_NOT = re.compile(rf"\b({_VERBS}) (n ?' ?t)\b", re.IGNORECASE)
_BLANK_NOT = re.compile(rf"\b({_VERBS})n t\b", re.IGNORECASE)
_BROKEN_VERB = re.compile(
    r"\b(I|you|he|she|it|we|they|that|there|what|who|here|let)(?:[\ufffd\u00d5\u00ed]| ' ?| ?' )(m|s|re|ve|ll|d)\b",
    re.IGNORECASE,
)


def clean_text(text: str) -> str:
    """Return the text with normalised characters and white space, LF line breaks and no empty lines."""
    return "\n".join(line for line in clean_lines(text) if line)


def clean_lines(text: str) -> list[str]:
    """Return the cleaned lines. Keep empty lines, so that each line keeps its number in the text."""
    text = _decoded(text)
    # Translate first, because the translation deletes invisible characters. NFC can then join a letter and its accent.
    text = unicodedata.normalize("NFC", text.translate(_LOOK_ALIKES))
    lines = (" ".join(_CONTROL.sub(" ", line).split()) for line in _LINE_BREAK.split(text))
    return [mended_contractions(line) for line in lines]


def _decoded(text: str) -> str:
    """Undo wrong encodings and escapes, and repeat these steps until the text no longer changes.

    The number of repetitions has a limit, because `&amp;amp;amp;` changes once for each `amp;`.
    """
    if "\x85" in text and "\n" not in text and "\r" not in text:  # U+0085 is the line break of mainframes
        text = _NEXT_LINE.sub("\n", text)
    text = text.translate(_WINDOWS_SIGNS)
    for _ in range(_MOST_ROUNDS):
        before = text
        if "&" in text:
            text = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
        if "\\u" in text:
            text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
        if not text.isascii():
            text = _READ_AS_WINDOWS.sub(_from_windows, text)
            text = _MIXED_WORD.sub(lambda found: found[0].translate(_SHARED), text)
        text = _ESCAPED_APOSTROPHE.sub("'", text)
        text = _READ_AS_MAC.sub(lambda found: _MAC_SIGNS.get(found[0][-1], "'"), text)
        text = text.translate(_WINDOWS_SIGNS)
        if text == before:
            break
    return text


def _from_windows(found: re.Match[str]) -> str:
    try:
        return bytes(_BYTE_OF[sign] for sign in found[0]).decode("utf-8")
    except UnicodeDecodeError:
        return found[0]


def mended_contractions(line: str) -> str:
    """Return the line with repaired contractions: `I don?t` or `I do n't` → `I don't`, `I 'm` → `I'm`.

    Without the repair, the program could read a denial as a statement.
    """
    line = _BLANK_NOT.sub(r"\1n't", line)
    line = _SPLIT_NOT.sub(lambda found: found[1] + found[2].replace(" ", ""), line)
    line = _BROKEN_NOT.sub(r"\1\2'\3", line)
    return _BROKEN_VERB.sub(r"\1'\2", line)
