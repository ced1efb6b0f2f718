"""Count outputs that are empty, run in loops, or have words that occur nowhere else."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from medsum.dialogue.record import Record
from medsum.faithfulness.form_flags import form_flags

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
BROKEN = ("degenerate", "repetition")


def words(text: str) -> set[str]:
    """Return the words of a text in lower case, without numbers and signs."""
    return {match[0].lower().replace("’", "'") for match in WORD.finditer(text)}


def known_words(files: Iterable[Path], records: Iterable[Record]) -> frozenset[str]:
    """Return the words of text files and of records' dialogues and summaries."""
    texts = [file.read_text(encoding="utf-8") for file in files]
    texts += [text for record in records for text in (record.dialogue, record.summary)]
    return frozenset(word for text in texts for word in words(text))


def unknown_words(text: str, dialogue: str, known: frozenset[str]) -> list[str]:
    """Return the words of an output that neither its dialogue nor `known` has; parts of a compound count each."""
    said = words(dialogue)
    there = known | said | {part for word in said for part in word.split("-")}
    return sorted(word for word in words(text) if word not in there and not set(word.split("-")) <= there)


def wording(name: str, texts: Sequence[str], records: Sequence[Record], known: frozenset[str]) -> str:
    """Return one line: outputs of a system that are empty, that run in loops, and words that stand nowhere else."""
    empty = sum(not text.strip() for text in texts)
    loops = sum(any(flag.category in BROKEN for flag in form_flags(text)) for text in texts if text.strip())
    strange = [
        word
        for text, record in zip(texts, records, strict=True)
        for word in unknown_words(text, record.dialogue, known)
    ]
    return (
        f"of {len(texts)} outputs of {name}: {empty} empty, {loops} repeat themselves or are no summary;"
        f" {len(strange)} words that stand in no dialogue or text given{': ' if strange else ''}{', '.join(strange)}"
    )
