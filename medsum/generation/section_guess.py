"""Guess the section header of a dialogue from its words, with weights that section_learning.py fits.

The weights are stored as JSON, because a program can load JSON in milliseconds and without scikit-learn.
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
    """Section headers, and the weights of each word. A word has one weight for each section."""

    sections: list[str]
    weights: dict[str, list[float]]

    def guess(self, dialogue: str) -> str | None:
        """Return the most likely section, or None if no word has weights."""
        rows = [self.weights[word] for word in sorted(words(dialogue)) if word in self.weights]
        scores = [sum(column) for column in zip(*rows, strict=True)]
        return self.sections[scores.index(max(scores))] if scores else None

    def is_valid(self) -> bool:
        """Return whether each section is a text, and each word has one number for each section."""
        return (
            isinstance(self.sections, list)
            and all(isinstance(section, str) for section in self.sections)
            and isinstance(self.weights, dict)
            and all(isinstance(row, list) and len(row) == len(self.sections) for row in self.weights.values())
            and all(isinstance(weight, int | float) for row in self.weights.values() for weight in row)
        )

    def save(self, path: Path) -> None:
        """Write the section headers and the weights to `path` as JSON."""
        write_text(path, json.dumps(asdict(self), separators=(",", ":")) + "\n")


def load(path: Path) -> SectionGuess:
    """Read the file that `save` wrote. Raise UserError if the file is missing or damaged."""
    try:
        found = SectionGuess(**json.loads(path.read_text(encoding="utf-8")))
        if not found.is_valid():
            raise ValueError
    except (OSError, ValueError, TypeError, RecursionError):
        raise UserError(
            f"{path}, which has the weights to guess sections, cannot be read; run `dvc repro` to make it"
        ) from None
    return found


def words(dialogue: str) -> set[str]:
    """Return the words of a dialogue, and its pairs of neighbouring words."""
    found = _WORD.findall(spoken_text(dialogue).lower())
    return {*found, *(f"{first} {second}" for first, second in pairwise(found))}
