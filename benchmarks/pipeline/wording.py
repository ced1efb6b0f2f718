"""Count outputs of a model that are empty, that contain loops, or that have words which occur in no other text."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from medsum.dialogue.record import Record
from medsum.faithfulness.form_flags import form_flags

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
BROKEN = ("degenerate", "repetition")


def words(text: str) -> set[str]:
    """Return the words of a text in lower case, without numbers and punctuation."""
    return {match[0].lower().replace("’", "'") for match in WORD.finditer(text)}


def known_words(files: Iterable[Path], records: Iterable[Record]) -> frozenset[str]:
    """Return the words that occur in text files, or in the dialogues and summaries of records."""
    texts = [file.read_text(encoding="utf-8") for file in files]
    texts += [text for record in records for text in (record.dialogue, record.summary)]
    return frozenset(word for text in texts for word in words(text))


def unknown_words(text: str, dialogue: str, known: frozenset[str]) -> list[str]:
    """Return the words of an output that are neither in its dialogue nor in `known`.

    A compound such as `follow-up` counts as its parts.
    """
    said = words(dialogue)
    there = known | said | {part for word in said for part in word.split("-")}
    return sorted(word for word in words(text) if word not in there and not set(word.split("-")) <= there)


def wording(name: str, texts: Sequence[str], records: Sequence[Record], known: frozenset[str]) -> str:
    """Return a line about a system: its empty outputs, its outputs with loops, and words that are in no other text."""
    empty = sum(not text.strip() for text in texts)
    loops = sum(any(flag.category in BROKEN for flag in form_flags(text)) for text in texts if text.strip())
    strange = [
        word
        for text, record in zip(texts, records, strict=True)
        for word in unknown_words(text, record.dialogue, known)
    ]
    return (
        f"of {len(texts)} outputs of {name}: {empty} empty, {loops} repeat themselves or are not a summary;"
        f" {len(strange)} words that occur in no given dialogue or text{': ' if strange else ''}{', '.join(strange)}"
    )
