"""Text as a tokenizer can give it back: signs that it would lose are written out, and the rest is named."""

import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from tokenizers import Tokenizer

from medsum.signs.round_trip import Lost, RoundTrip
from medsum.signs.rules import RULES

_PASSES = 5  # what a rule writes may need another: `㎍`, `µg`, `mcg`


@dataclass(frozen=True)
class Written:
    """A text whose signs are written out; `unknown` are the lost ones that no rule covers, by their place in `text`.

    `signs` counts the signs of the original that were written out.
    """

    text: str
    signs: int
    unknown: tuple[Lost, ...]


class SignWriter:
    """Writes signs out for one tokenizer, and only where that tokenizer loses them."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._round_trip = RoundTrip(tokenizer)

    def write(self, text: str) -> Written:
        """Return `text` unchanged, byte for byte, where nothing is lost."""
        lost = first = self._round_trip.lost(text)
        for _ in range(_PASSES):
            changed = _written_out(text, lost) if lost else text
            if changed == text:
                break
            text = changed
            lost = self._round_trip.lost(text)
        return Written(text, max(0, len(first) - len(lost)), tuple(lost))


def _written_out(text: str, lost: list[Lost]) -> str:
    """Each lost sign as the first rule writes it whose match holds it."""
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


def named(signs: Iterable[str]) -> str:
    """Signs as code point and name, the most frequent first: `U+2194 LEFT RIGHT ARROW, U+221A SQUARE ROOT`."""
    counts = Counter(signs)
    return ", ".join(_name(sign) for sign, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _name(sign: str) -> str:
    return " with ".join(f"U+{ord(part):04X} {unicodedata.name(part, 'without a name')}" for part in sign)
