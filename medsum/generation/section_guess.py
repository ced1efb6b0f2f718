"""Guess the section header of a dialogue from its words, by weights that section_learning.py has fitted.

The weights are kept as JSON, which loads in milliseconds and without scikit-learn.
"""

import json
import re
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

from medsum.core.atomic import write_text
from medsum.core.errors import UserError
from medsum.dialogue.turns import spoken_text

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")


@dataclass
class SectionGuess:
    """Section headers, and for each word one weight a section."""

    sections: list[str]
    weights: dict[str, list[float]]

    def guess(self, dialogue: str) -> str | None:
        """The likeliest section; None where no word is known."""
        rows = [self.weights[word] for word in sorted(words(dialogue)) if word in self.weights]
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


def words(dialogue: str) -> set[str]:
    """Return the words of a dialogue and its pairs of neighbouring words."""
    found = _WORD.findall(spoken_text(dialogue).lower())
    return {*found, *(f"{first} {second}" for first, second in pairwise(found))}
