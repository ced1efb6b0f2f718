"""Which section a dialogue belongs to, guessed from its words: complement naive Bayes (Rennie et al., ICML 2003).

Learnt in a second, kept as JSON, and quick enough to load for one dialogue.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

from medsum.core.atomic import write_text
from medsum.core.errors import UserError
from medsum.dialogue.turns import spoken_text

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
LEAST_RECORDS = 2  # that a word must stand in: rarer ones are often names
DECIMALS = 3


@dataclass
class SectionGuess:
    """Section headers, and for each word one weight a section."""

    sections: list[str]
    weights: dict[str, list[float]]

    def guess(self, dialogue: str) -> str | None:
        """The likeliest section; None where no word is known."""
        rows = [self.weights[word] for word in sorted(_words(dialogue)) if word in self.weights]
        scores = [sum(column) for column in zip(*rows, strict=True)]
        return self.sections[scores.index(max(scores))] if scores else None

    def save(self, path: Path) -> None:
        """Write as JSON."""
        write_text(path, json.dumps(asdict(self), separators=(",", ":")) + "\n")


def load(path: Path) -> SectionGuess:
    """Read what `save` wrote; raises UserError where it is not."""
    try:
        return SectionGuess(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        raise UserError(
            f"{path}, from which sections are guessed, cannot be read; run `dvc repro` to make it"
        ) from None


def learn(dialogues: Sequence[str], sections: Sequence[str | None]) -> SectionGuess:
    """From the records that have a section; where none has, every guess is None."""
    inside: dict[str, Counter[str]] = {}
    for dialogue, section in zip(dialogues, sections, strict=True):
        if section is not None:
            inside.setdefault(section, Counter()).update(_words(dialogue))
    everywhere = sum(inside.values(), Counter())
    words = sorted(word for word, count in everywhere.items() if count >= LEAST_RECORDS)
    columns = [_complement_weights(words, everywhere, inside[section]) for section in sorted(inside)]
    return SectionGuess(sorted(inside), dict(zip(words, map(list, zip(*columns, strict=True)), strict=True)))


def _words(dialogue: str) -> set[str]:
    """Words and pairs of neighbours."""
    words = _WORD.findall(spoken_text(dialogue).lower())
    return {*words, *(f"{first} {second}" for first, second in pairwise(words))}


def _complement_weights(words: list[str], everywhere: Counter[str], inside: Counter[str]) -> list[float]:
    """How seldom each word stands in all other sections, scaled so that large sections weigh no more."""
    outside = [everywhere[word] - inside[word] + 1 for word in words]
    size = sum(outside)
    logs = [math.log(size / count) for count in outside]
    scale = len(words) / (sum(logs) or 1)
    return [round(value * scale, DECIMALS) for value in logs]
