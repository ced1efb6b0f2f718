"""Replace identifiers by masks such as [NAME_1]. In a record, each identifier has one mask.

A name that stands as the speaker before the colon of a turn has another mask: `Speaker_1:` for the name with the number
1. The reason is that the speaker of a turn cannot contain brackets.
"""

import re
from collections import Counter

from medsum.privacy.kinds import Kind
from medsum.privacy.screening import find
from medsum.privacy.span import MASK, Span

_AS_TAG = re.compile(r"^\[NAME_(\d+)\]:(?= )", re.MULTILINE)
_TAG = re.compile(r"^Speaker_(\d{1,9}):(?= )", re.MULTILINE)
# A mask changes the words around other identifiers, so the next pass may find more identifiers. Usually, two passes are
# enough.
_PASSES = 8


class Masks:
    """The masks for all texts of one record."""

    def __init__(self, *texts: str) -> None:
        """Number new masks after the masks that are already in the texts."""
        self.counts: Counter[Kind] = Counter()
        self._numbers: dict[tuple[Kind, str], int] = {}
        self._words: dict[int, set[str]] = {}
        self._last: Counter[str] = Counter()
        for text in texts:
            for found in MASK.finditer(text):
                self._last[found[1]] = max(self._last[found[1]], int(found[2]))
            for found in _TAG.finditer(text):
                self._last["NAME"] = max(self._last["NAME"], int(found[1]))

    def mask(self, text: str) -> str:
        """Return the text with a mask for each identifier. A second call on the result changes nothing."""
        for _ in range(_PASSES):
            spans = find(text)
            if not spans:
                break
            text = self._replaced(text, spans)
        return text

    def _replaced(self, text: str, spans: list[Span]) -> str:
        parts, end = [], 0
        for span in spans:
            self.counts[span.kind] += 1
            number = self._number(span.kind, text[span.start : span.end])
            parts += [text[end : span.start], f"[{span.kind}_{number}]"]
            end = span.end
        return _AS_TAG.sub(r"Speaker_\1:", "".join([*parts, text[end:]]))

    def _number(self, kind: Kind, found: str) -> int:
        """Return the number of an identifier. A part of a known name has the number of the name."""
        words = re.findall(r"\w+", found.lower())
        key = (kind, " ".join(words))
        if key not in self._numbers:
            known = self._of_same_person(words) if kind == "NAME" else None
            self._numbers[key] = known or self._next(kind)
            if kind == "NAME":
                self._words.setdefault(self._numbers[key], set()).update(words)
                for word in words:
                    self._numbers.setdefault((kind, word), self._numbers[key])
        return self._numbers[key]

    def _of_same_person(self, words: list[str]) -> int | None:
        """Return the number of a known name that has all `words`, or whose words are all in `words`, or None."""
        for word in words:
            number = self._numbers.get(("NAME", word))
            if number and (set(words) <= self._words[number] or self._words[number] <= set(words)):
                return number
        return None

    def _next(self, kind: Kind) -> int:
        self._last[kind] += 1
        return self._last[kind]
