"""Decode the bytes of a file to text, and recognise PDF, images, sound and other files that are not text."""

import codecs
import re

from medsum.core.errors import UserError

UNREADABLE = {
    b"%PDF": "a PDF; save its text as .txt or .docx",
    b"{\\rtf": "RTF; save it as plain text (.txt) or as .docx",
    b"\xd0\xcf\x11\xe0": "an old Office file; save it as .xlsx, .docx or .csv",
    b"\x89PNG": "an image; give the text itself",
    b"\xff\xd8\xff": "an image; give the text itself",
    b"RIFF": "sound; give its transcript",
    b"ID3": "sound; give its transcript",
    b"OggS": "sound; give its transcript",
    b"\x1f\x8b": "compressed; unpack it first",
    b"\x00\x05\x16\x07": "a side file that macOS wrote for another file; delete it",
}
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
NO_TEXT = "this is not readable text; give plain text in UTF-8, not a document or an image"
WINDOWS = "Windows-1252"
# No language that uses Windows-1252 has three non-ASCII letters in a row. If text in KOI8 or Shift-JIS is decoded as
# Windows-1252, it often has three such letters in a row.
_FOREIGN = re.compile("[^\x00-\x7f\u2018\u2019\u201c\u201d\u201e\u2013\u2014\u2026\u2022\xab\xbb\xb0\xb7\xa0]{3}")
# A sign such as ¤ directly before a letter is rare in Windows-1252. It is common if text in Big5 is decoded as
# Windows-1252.
_OF_BIG5 = re.compile("[\xa4\xa6\xa8\xac\xaf\xb8][A-Za-z]")


def encoding_of_start(start: bytes) -> str:
    """Return Python's name of the encoding that a file's first bytes show, or UTF-8 if they show no encoding."""
    if start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    sample = start[:2000]
    if sample[1::2].count(0) * 2 > len(sample[1::2]) > 0:
        return "utf-16-le"
    return "utf-16-be" if sample[::2].count(0) * 2 > len(sample[::2]) else "utf-8-sig"


def decoded(content: bytes) -> tuple[str, str]:
    """Return the text of a file and its encoding: UTF-8, UTF-16, UTF-32 or Windows-1252.

    Windows-1252 is a guess, so the callers tell the user about the guess. Raise UserError with the place of the first
    wrong byte if the bytes are not text in any of these encodings.
    """
    for start, reason in UNREADABLE.items():
        if content.lstrip(b" \r\n\t").startswith(start):
            raise UserError(f"this is {reason}")
    content = content.rstrip(b"\x1a")  # DOS programs write this byte at the end of a file
    encoding = encoding_of_start(content)
    if encoding != "utf-8-sig":
        return _strict(content, encoding), encoding.upper()[:6]
    nul = content.find(b"\0")
    if nul >= 0:
        line = content.count(b"\n", 0, nul) + 1
        raise UserError(f"line {line}: NUL byte at byte {nul}; the file is damaged, export it again as UTF-8")
    try:
        return content.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError as error:
        text = windows_text(content)
        if text is None:
            line = content.count(b"\n", 0, error.start) + 1
            place = f"line {line}: not UTF-8 at byte {error.start} (0x{content[error.start]:02x})"
            raise UserError(f"{place}; save the file as UTF-8") from None
        return text, WINDOWS


def has_half_character(text: str) -> bool:
    """Return whether a text has half a character (a lone surrogate).

    JSON can contain a lone surrogate as an escape sequence, but UTF-8 cannot encode a lone surrogate.
    """
    return _HALF_CHARACTER.search(text) is not None


def _strict(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise UserError(
            f"not valid {encoding.upper()[:6]} at byte {error.start}; export the file again as UTF-8"
        ) from None


def windows_text(content: bytes) -> str | None:
    """Return the text of bytes in Windows-1252, or None if their encoding is another one, such as KOI8."""
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        return None
    high = sum(letter > "\x7f" for letter in text)
    if CONTROL.search(text) or high * 5 > len(text) or _FOREIGN.search(text) or len(_OF_BIG5.findall(text)) > 1:
        return None
    return text
