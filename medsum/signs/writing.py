"""Write a text without the signs that a tokenizer loses.

Rules replace lost signs by words. A lost sign is unknown if no rule replaces it. Messages name the unknown signs.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from tokenizers import Tokenizer

from medsum.signs.round_trip import Lost, RoundTrip
from medsum.signs.rules import RULES

_MOST_NAMED = 5
_PASSES = 5  # the result of a rule may need another rule: `㎍` becomes `µg`, which becomes `mcg`


@dataclass(frozen=True)
class Written:
    """A text in which lost signs are replaced by words.

    `signs` is the number of replaced signs. `unknown` has the lost signs without a rule. `text` still contains these
    unknown signs.
    """

    text: str
    signs: int
    unknown: tuple[Lost, ...]

    @property
    def known(self) -> str:
        """The text without the unknown signs. An unknown sign between letters or digits becomes a space."""
        text = self.text
        for _, start, end in reversed(self.unknown):
            joins = text[max(0, start - 1) : start].isalnum() and text[end : end + 1].isalnum()
            text = text[:start] + (" " if joins else "") + text[end:]
        return text

    @property
    def unknown_names(self) -> list[str]:
        """The code point and the name of each unknown sign. The most frequent sign comes first."""
        return names(sign for sign, _, _ in self.unknown)


class SignWriter:
    """Replaces signs by words. One tokenizer decides which signs need to be replaced: the signs that it loses."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._round_trip = RoundTrip(tokenizer)

    def write(self, text: str) -> Written:
        """Return `text` with words instead of its lost signs. A text without lost signs does not change."""
        lost = first = self._round_trip.lost(text)
        for _ in range(_PASSES):
            changed = _written_out(text, lost) if lost else text
            if changed == text:
                break
            text = changed
            lost = self._round_trip.lost(text)
        return Written(text, max(0, len(first) - len(lost)), tuple(lost))


def _written_out(text: str, lost: list[Lost]) -> str:
    """Return the text with each lost sign replaced by the words of the first rule that matches the sign."""
    is_lost = bytearray(len(text))
    for sign in lost:
        is_lost[sign.start : sign.end] = b"\1" * (sign.end - sign.start)
    claimed = bytearray(len(text))
    found: list[tuple[int, int, str]] = []
    for rule in RULES:
        for match in rule.pattern.finditer(text):
            start, end = match.span()
            if not any(is_lost[start:end]) or any(claimed[start:end]):
                continue
            plain = rule.write(match)
            if plain is not None:
                claimed[start:end] = b"\1" * (end - start)
                found.append((start, end, plain))
    for start, end, plain in sorted(found, reverse=True):
        text = text[:start] + plain + text[end:]
    return text


def names(signs: Iterable[str]) -> list[str]:
    """Return the code point and the name of each sign, such as `U+221A SQUARE ROOT`. The most frequent is first."""
    counts = Counter(signs)
    return [_name(sign) for sign, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]


def listed(all_names: list[str]) -> str:
    """Return the first five names as one text. If there are more than five, add the number of the other names."""
    more = len(all_names) - _MOST_NAMED
    return ", ".join(all_names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _name(sign: str) -> str:
    return " with ".join(f"U+{ord(part):04X} {unicodedata.name(part, 'without a name')}" for part in sign)
