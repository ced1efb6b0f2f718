"""Recognise a record in a text by its id, or by seven consecutive words that no other record has.

The comparison of words ignores case, punctuation, HTML tags and the escapes of JSON and HTML. So the same text is found
in JSON, CSV, HTML and Markdown. It is also found if parts of it are masked or flagged.
"""

import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

Window = tuple[str, ...]
WINDOW = 7  # the number of words in a window; shorter runs of words often occur in other records
LEAST = 3  # a text that is shorter than a window is searched only if it has at least 3 words
TEXTS = frozenset(("dialogue", "summary", "text", "note", "section", "sections", "flags", "errors", "error"))
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|[nrtbf])")
_TAG = re.compile(r"<[^<>]{0,300}>")
_WORD = re.compile(r"[^\W_]+")
# This pattern does not match ids such as 7, 2024 and Anna.
_DISTINCT = re.compile(r"(?=.*\d).{6,}|(?=.*\d)(?=.*[^\W\d]).{4,}|(?=.{8,})\w+ .*\w")


def words_of(text: str) -> list[str]:
    """Return the words of a text, in lower case."""
    text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else " ", text)
    return _WORD.findall(_TAG.sub(" ", html.unescape(text)).casefold())


def windows_of(text: str) -> set[Window]:
    """Return every run of WINDOW words. A shorter text is a single run, or no run if it has fewer than LEAST words."""
    words = words_of(text)
    if LEAST <= len(words) < WINDOW:
        return {tuple(words)}
    return set(_windows(words, WINDOW))


def _windows(words: list[str], size: int) -> Iterator[Window]:
    return zip(*(words[start:] for start in range(size)), strict=False)


def is_distinct(record_id: str) -> bool:
    """Return whether an id looks different from ordinary numbers and words, so that it can be searched in any text."""
    return _DISTINCT.fullmatch(record_id) is not None


def json_values(text: str) -> Iterator[Any]:
    """Yield the value of a JSON text. If the text as a whole is not JSON, yield the value of each line that is JSON."""
    try:
        yield json.loads(text)
    except (ValueError, RecursionError):
        for line in text.splitlines():
            try:
                yield json.loads(line)
            except (ValueError, RecursionError):
                continue


def ids_in(value: Any) -> Iterator[str]:
    """Yield the ids of records in a JSON value.

    The value comes from a table, a report, a metrics file, or a list of files in DVC's cache.
    """
    if isinstance(value, list):
        for one in value:
            yield from ids_in(one)
    if not isinstance(value, dict):
        return
    if "id" in value and TEXTS & value.keys():
        yield str(value["id"])
    if isinstance(value.get("relpath"), str):
        yield value["relpath"].rpartition("/")[2].partition(".")[0]
    for key, one in value.items():
        if key == "ids" and isinstance(one, list):
            yield from map(str, one)
        elif key == "identifiers" and isinstance(one, dict) and "ids" not in one:
            yield from one
        elif key == "leaks" and isinstance(one, list):
            yield from (
                str(name) for leak in one if isinstance(leak, dict) for names in leak.values() for name in names
            )
        yield from ids_in(one)


@dataclass
class Traces:
    """The ids and windows by which a record is recognised. No other record has these windows."""

    ids: set[str] = field(default_factory=set)
    windows: set[Window] = field(default_factory=set)

    @cached_property
    def _distinct(self) -> re.Pattern[str] | None:
        found = sorted(re.escape(one) for one in self.ids if is_distinct(one))
        return re.compile(rf"(?<![^\W_])(?:{'|'.join(found)})(?![^\W_])") if found else None

    @cached_property
    def _sizes(self) -> list[int]:
        return sorted({len(window) for window in self.windows})

    def in_text(self, text: str) -> bool:
        """Return whether a text has words of the record."""
        words = words_of(text) if self.windows else []
        return any(not self.windows.isdisjoint(_windows(words, size)) for size in self._sizes)

    def names(self, text: str) -> bool:
        """Return whether a text has an id of the record.

        An id that looks different from ordinary words may be anywhere in the text. Any other id, such as a short
        number, must be the value of an id in JSON.
        """
        if self._distinct and self._distinct.search(text):
            return True
        if not any(one in text for one in self.ids):
            return False
        return any(not self.ids.isdisjoint(ids_in(value)) for value in json_values(text))

    def in_any(self, texts: Iterable[str]) -> bool:
        """Return whether one of the texts has words or an id of the record."""
        return any(self.in_text(text) or self.names(text) for text in texts)
