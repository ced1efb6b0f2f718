"""Texts in layouts of other programs, damaged: pages, e-mails, YAML, notebooks, tables of pandas, words with speakers.

The damage to numbers and names is in proportion to what a reader computes from them: thousands of digits, one thing in
itself, and elements in elements.
"""

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path

from medsum.corpus.visits import dialogue_of
from tests.fuzz.mutation import DIALOGUES, MARKER, changed_value, odd_text

Case = Callable[[random.Random, Path], object]
TURNS = [turn.split(": ", 1) for turn in DIALOGUES[0].split("\n")]
SEGMENTS = [{"speaker": speaker, "text": text} for speaker, text in TURNS]
PARAGRAPHS = "".join(f"<p>{speaker}: {text}</p>\n" for speaker, text in TURNS)
CELLS = "".join(f"<tr><td>{speaker}</td><td>{text}</td></tr>\n" for speaker, text in TURNS)
PAGES = (
    f"<html><head><title>Visit</title></head><body>\n{PARAGRAPHS}</body></html>",
    f"<table><tr><th>Speaker</th><th>Text</th></tr>\n{CELLS}</table>",
    "<visit>" + "".join(f'<u who="{speaker}">{text}</u>' for speaker, text in TURNS) + "</visit>",
)
MAILS = (
    f"From: {MARKER}\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{DIALOGUES[0]}",
    "From: a@b.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=xx\n\n--xx\n"
    f"Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\n{DIALOGUES[0]}\n--xx\n"
    f"Content-Type: text/html\n\n{PARAGRAPHS}--xx--",
)
LISTS = (
    "".join(f"- speaker: {speaker}\n  text: '{text}'\n" for speaker, text in TURNS),
    "".join(f"Speaker: {speaker}\nText: {text}\n\n" for speaker, text in TURNS),
    "".join(f'ts=09:14 speaker={speaker} text="{text}"\n' for speaker, text in TURNS),
    "| Speaker | Text |\n|---|---|\n" + "".join(f"| {speaker} | {text} |\n" for speaker, text in TURNS),
    f"---\ntitle: Visit\n---\n# Visit\n\n{DIALOGUES[0]}",
)
BY_COLUMNS = {
    name: {str(place): turn[at] for place, turn in enumerate(TURNS)} for at, name in enumerate(("speaker", "text"))
}
OBJECTS = (
    BY_COLUMNS,
    {"columns": ["speaker", "text"], "data": TURNS, "index": [0, 1]},
    {"nbformat": 4, "cells": [{"cell_type": "code", "source": [f"visit = {DIALOGUES[0]!r}"]}]},
    {"words": [{"word": word, "speaker": 0, "start": 0.5} for _, text in TURNS for word in text.split()]},
    {"results": {"a": {"b": SEGMENTS}}},
)
DIGITS = "9" * 4_400
ODD_PIECES = (
    "<![foo[", "<![ ", "<!", "<?", "]]>", "<![CDATA[", "<!--", "</", f"&#{DIGITS};", "&#xffffffff;",
    "&" + "amp;" * 3_000, "<div>" * 250, "<td colspan=99999999>", "<script>", "<u who='#a #b'>", "(" * 3_000,
    ";" * 50, "; a*0*=b" * 50, '"', "--xx\n", "Content-Type: message/rfc822\n\n" * 100, "Content-Type: ;\n",
    "charset=undefined", "base64", "=?utf-8?q?", "&a ", "*a ", "<<: *a\n", "!!int 0x" + "f" * 4_000,
    "0x" + "f" * 4_000, DIGITS, "? [1, 2]\n: ", "%TAG ! x\n", "[" * 900, "-" * 2_000, "\t", "|", "\\|", "---\n",
    "a" * 1_900, "a_" * 900, "a " * 900,
)  # fmt: skip


def spoilt(text: str, luck: random.Random) -> str:
    """The text with some changes, each of them a piece that parsers take for structure."""
    for _ in range(luck.randrange(1, 4)):
        place, end = sorted(luck.randrange(len(text) + 1) for _ in range(2))
        end = luck.choice((place, place, min(end, place + 12)))
        text = text[:place] + luck.choice(ODD_PIECES) + text[end:]
    return text if luck.random() < 0.7 else odd_text(luck, (text,))


def with_odd_keys(value: object, luck: random.Random) -> object:
    """The same value, at times with one key of one object replaced."""
    if isinstance(value, dict) and value:
        key = luck.choice(list(value))
        if luck.random() < 0.4:
            return {
                luck.choice((DIGITS, "", "\ud800", "-1")) if name == key else name: one for name, one in value.items()
            }
        return {**value, key: with_odd_keys(value[key], luck)}
    return value


def page(luck: random.Random, _: Path) -> None:
    """A page of HTML, or a document of XML."""
    dialogue_of(spoilt(luck.choice(PAGES), luck))


def mail(luck: random.Random, _: Path) -> None:
    """An e-mail with its headers."""
    dialogue_of(spoilt(luck.choice(MAILS), luck))


def listed(luck: random.Random, _: Path) -> None:
    """Turns as YAML, as blocks of keys and values, as lines of a log, or on a page of Markdown."""
    dialogue_of(spoilt(luck.choice(LISTS), luck))


def nested(luck: random.Random, _: Path) -> None:
    """Turns in JSON of another program: a table of pandas, a notebook, or words with speakers."""
    value: object = luck.choice(OBJECTS)
    for _change in range(luck.randrange(1, 3)):
        value = with_odd_keys(value, luck) if luck.random() < 0.5 else changed_value(value, luck)
    dialogue_of(json.dumps(value))


def targets() -> Iterator[tuple[str, Case]]:
    """Yield the name and the case of each kind of text."""
    for case in (page, mail, listed, nested):
        yield case.__name__, case
