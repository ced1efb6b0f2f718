"""Damage bytes, JSON values and dialogues in ways that a seed decides."""

import io
import random
import zipfile
from collections.abc import Sequence
from typing import Any

MARKER = "Zebulon"
DIALOGUES = (
    f"Doctor: Who is it?\nPatient: {MARKER}, I have had a cough for 3 days.\nDoctor: Any fever?\nPatient: No, 98.6 F.",
    f"Dr. Lee: Any allergies, {MARKER}?\nMr. {MARKER}: Penicillin gives me hives.\nDr. Lee: And what do you take?\n"
    "Mr. Zebulon: Lisinopril, ten milligrams, twice a day.\nWife: He also takes aspirin.",
    "D: What brings you in?\nP: My left knee hurts, since May 3rd. It was 120/80, half a tablet, 2-3 times a week.",
)
STRANGE: list[Any] = [None, True, 3, -1, 0.5, float("nan"), float("inf"), 10**400, "", MARKER, [], [[]], {}, {"x": 1},
                      "\ud800", "2024-13-45", "½"]  # fmt: skip
PUT_IN = [b"\xe9", b"\0", b"\xff\xfe", b"[" * 50_000, b"9" * 5_000, b"\xef\xbb\xbf", b'"', b"{", b"\n", b"- a: [",
          b"\t", b"\x85", b"!!python/object:os.system {}", b"&a *b", b"\\ud800"]  # fmt: skip
ODD_WORDS = (
    "", "\n", "\n\n", ":", "Doctor:", "Patient: ", "\0", "\u2028", "\u202e", "\ufeff", "\u00ad", "½", "²", "١٢",
    "\ud800", "\U0001f637", "e\u0301" * 40, "<v Ann>", "<script>", "00:00:01.000 --> 00:00:02.000\n", "[00:01]",
    "WEBVTT\n\n", "{", "[", '{"dialogue": "', '"', "'", ",", ";", "\t", "\r", "\r\n", "\v", "\f", "\x1b[31m", "=cmd()",
    "%s", "{0}", "(" * 60, "*" * 60, "_" * 60, "#", "-" * 60, "." * 2_000, " " * 2_000, "9" * 4_400, "no pain, " * 150,
    "I, I, " * 150, "Ａ：", "Ärztin: ", "12/34/5678", "120/80/60", "ten hundred thousand million ", "0.000001 mg",
    "1e999 mg", "-5 C", "no not never ", "the left right ", "his her their ", "may May ", "data:text/csv;base64,",
    "data:;base64,!!!!", "UEsDBA==",
)  # fmt: skip


def changed_value(value: Any, luck: random.Random) -> Any:
    """The same with one thing in it replaced, dropped or added."""
    if isinstance(value, list) and value and luck.random() < 0.8:
        place = luck.randrange(len(value))
        return [*value[:place], changed_value(value[place], luck), *value[place + 1 :]]
    if isinstance(value, dict) and value and luck.random() < 0.85:
        key, deed = luck.choice(list(value)), luck.random()
        if deed < 0.15:
            return {name: one for name, one in value.items() if name != key}
        if deed < 0.25:
            return {**value, luck.choice([f"{MARKER} was born in May", "", "é", "1" * 80]): 1}
        return {**value, key: changed_value(value[key], luck)}
    return luck.choice(STRANGE)


def changed_rows(rows: Sequence[Any], luck: random.Random) -> list[Any]:
    """The same rows, one of them changed."""
    place = luck.randrange(len(rows))
    return [*rows[:place], changed_value(rows[place], luck), *rows[place + 1 :]]


def damaged(content: bytes, luck: random.Random) -> bytes:
    """The same bytes, torn, overwritten, in another encoding or with something put in."""
    place = luck.randrange(len(content) + 1)
    put_in = luck.choice(PUT_IN)
    return luck.choice(
        [
            content[:place],
            content[:place] + put_in + content[place:],
            content[:place] + put_in + content[place + len(put_in) :],
            content.decode("latin-1").encode("utf-16"),
            b"",
        ]
    )


def damaged_archive(content: bytes, luck: random.Random) -> bytes:
    """The same ZIP file with one of its files damaged or left out, so that it is still a ZIP file."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(out, "w") as made:
        names = archive.namelist()
        chosen, is_left_out = luck.choice(names), luck.random() < 0.2
        for name in names:
            part = archive.read(name)
            if name != chosen:
                made.writestr(name, part)
            elif not is_left_out:
                made.writestr(name, damaged(part, luck))
    return out.getvalue()


def damaged_document(content: bytes, luck: random.Random) -> bytes:
    """A Word document or a workbook, damaged inside or as a file."""
    return damaged_archive(content, luck) if luck.random() < 0.6 else damaged(content, luck)


def odd_text(luck: random.Random, texts: Sequence[str] = DIALOGUES) -> str:
    """A text with up to five changes: slices repeated, dropped, moved or replaced by odd words."""
    text = luck.choice(texts)
    for _ in range(luck.randrange(6)):
        start, end = sorted(luck.randrange(len(text) + 1) for _ in range(2))
        deed = luck.randrange(6)
        if deed == 0:
            text = text[:start] + text[end:]
        elif deed == 1:
            text = text[:start] + text[start:end] * luck.choice((2, 3, 30)) + text[end:]
        elif deed == 2:
            text = text[end:] + text[start:end] + text[:start]
        elif deed == 3:
            text = text.replace(luck.choice((":", "\n", " ", "e", ".")), luck.choice(ODD_WORDS), luck.choice((1, -1)))
        else:
            text = text[:start] + luck.choice(ODD_WORDS) + text[start:]
        text = text[:12_000]
    return text


def odd_value(luck: random.Random, texts: Sequence[str] = DIALOGUES) -> Any:
    """A text, or at times a value of another kind."""
    return odd_text(luck, texts) if luck.random() < 0.85 else luck.choice(STRANGE)
