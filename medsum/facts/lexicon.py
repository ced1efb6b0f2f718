"""Read lexicons (lists of phrases and their names) from text files, and find their phrases in a text."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent / "lexicons"
_WORD = re.compile(r"[A-Za-z]+(?:['’](?!s\b)[A-Za-z]+)?(?:['’]s\b)?|\d+(?:\.\d+)?")
_GAP = re.compile(r"[ \t]+|[ \t]?[-/–][ \t]?|(?<=\d)|")


class Word(NamedTuple):
    """A word in lower case, and its start and end in the text."""

    text: str
    start: int
    end: int


class Term(NamedTuple):
    """A phrase of a lexicon in a text: the phrase's name in the lexicon, and the phrase's start and end in the text."""

    name: str
    start: int
    end: int


class Entry(NamedTuple):
    """A line of a lexicon file: its fields, and the names in its last field. Commas separate these names."""

    fields: tuple[str, ...]
    names: tuple[str, ...]


def read(file_name: str) -> list[Entry]:
    """Return the entries of a file. Each line is `name | … | other, names`, except comments, which start with #."""
    entries = []
    for line in (FOLDER / file_name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            *fields, names = (field.strip() for field in line.split("|"))
            entries.append(Entry(tuple(fields), tuple(name.strip() for name in names.split(",") if name.strip())))
    return entries


def words(text: str) -> list[Word]:
    """Return the words and numbers of a text. Hyphens and slashes separate words, but apostrophes do not."""
    return [Word(match[0].lower().replace("’", "'"), match.start(), match.end()) for match in _WORD.finditer(text)]


def _variants(word: str) -> Iterator[str]:
    """Yield a word, its regular plural and its possessive. Only the last word of a phrase has such variants."""
    yield word
    if word[-1:].isalpha() and not word.endswith("s"):
        yield f"{word}s"
        yield f"{word}'s"


_BRITISH = [
    (re.compile(rf"\b{american}|(?<=[a-z]){american}" if inside else rf"\b{american}"), british)
    for american, british, inside in (
        ("hem(?=[aeio])", "haem", False), ("(?<!a)emia\\b", "aemia", True), ("(?<!o)edema", "oedema", True),
        ("pnea\\b", "pnoea", True), ("diarrhea", "diarrhoea", False), ("esoph", "oesoph", False),
        ("tumor", "tumour", False), ("celiac", "coeliac", False), ("leukemi", "leukaemi", False),
        ("hemorrh", "haemorrh", True), ("estrogen", "oestrogen", False), ("cesar", "caesar", False),
        ("color", "colour", False), ("behavior", "behaviour", False), ("gynec", "gynaec", False),
        ("anesth", "anaesth", False), ("fetal", "foetal", False), ("menorrh(?=ea)", "menorrh", True),
        ("rrhea\\b", "rrhoea", True), ("orthoped", "orthopaed", False), ("pediat", "paediat", False),
    )
]  # fmt: skip


def _british(phrase: str) -> str:
    """Return the phrase in British spelling."""
    for pattern, british in _BRITISH:
        phrase = pattern.sub(british, phrase)
    return phrase


@dataclass
class _Node:
    """A node in a tree of words: the name of the phrase that ends at this word, and the nodes of the next words."""

    name: str = ""
    after: dict[str, "_Node"] = field(default_factory=dict)


class PhraseFinder:
    """Finds the longest phrases of a lexicon in a text. `phrases` maps each phrase to its name in the lexicon."""

    def __init__(self, phrases: Mapping[str, str]) -> None:
        self._tree = _Node()
        for phrase, name in phrases.items():
            for spelling in dict.fromkeys((phrase, _british(phrase))):
                self._add(spelling, name)

    def _add(self, phrase: str, name: str) -> None:
        *first, last = (word.text for word in words(phrase))
        for variant in _variants(last):
            node = self._tree
            for word in (*first, variant):
                node = node.after.setdefault(word, _Node())
            if variant == last or not node.name:
                node.name = name

    def find(self, text: str, text_words: list[Word]) -> Iterator[Term]:
        """Yield phrases from left to right, without overlaps. No phrase crosses a comma or the end of a sentence."""
        position = 0
        while position < len(text_words):
            name, length = "", 1
            if text_words[position].text in self._tree.after:
                name, length = self._longest(text, text_words, position)
            if name:
                yield Term(name, text_words[position].start, text_words[position + length - 1].end)
            position += length or 1

    def _longest(self, text: str, text_words: list[Word], position: int) -> tuple[str, int]:
        node: _Node | None = self._tree
        name, length = "", 0
        for offset, word in enumerate(text_words[position:]):
            if offset and not _GAP.fullmatch(text, text_words[position + offset - 1].end, word.start):
                break
            node = node.after.get(word.text) if node else None
            if node is None:
                break
            if node.name:
                name, length = node.name, offset + 1
        return name, length


def phrase_names(entries: Iterable[Entry]) -> dict[str, str]:
    """Return a mapping from every name of every entry, in lower case, to the first field of the entry."""
    return {name.lower(): entry.fields[0] for entry in entries for name in (entry.fields[0], *entry.names)}
