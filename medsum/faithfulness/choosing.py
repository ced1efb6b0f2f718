"""Choose among notes that a model wrote for one training dialogue.

The checker decides: a note with a major flag is never chosen. The reference decides only between notes that the checker
accepts, so that a short note that says almost nothing does not win.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from medsum.faithfulness.audit import audit
from medsum.faithfulness.reranking import faithfulness
from medsum.metrics import rouge


@dataclass(frozen=True)
class Judged:
    """A note, the number of its major flags, and its rating. A higher rating is better.

    The rating is the faithfulness to the dialogue plus the ROUGE-1 F1 against the reference.
    """

    note: str
    major_flags: int
    rating: float


@dataclass(frozen=True)
class Preference:
    """Two notes for one dialogue. The note `chosen` is better than the note `rejected`."""

    chosen: str
    rejected: str


def judge(dialogue: str, reference: str, notes: Sequence[str]) -> list[Judged]:
    """Return the notes with their ratings, in the order of `notes`. Equal and empty notes are left out."""
    texts = list(dict.fromkeys(note for note in notes if note.strip()))
    if not texts:
        return []
    near = rouge.scores_by_script(texts, [reference] * len(texts))["rouge1"]
    worth = faithfulness(dialogue, texts)
    return [
        Judged(text, major_flags(dialogue, text), support + likeness)
        for text, support, likeness in zip(texts, worth, near, strict=True)
    ]


def major_flags(dialogue: str, note: str) -> int:
    """Return the number of statements in the note that have a major flag."""
    return sum(flag.severity == "major" for flag in audit(dialogue, note).flags)


def best(judged: Sequence[Judged]) -> str | None:
    """Return the best note without a major flag, or None if every note has a major flag."""
    clean = [one for one in judged if one.major_flags == 0]
    return max(clean, key=lambda one: one.rating).note if clean else None


def preference(dialogue: str, reference: str, judged: Sequence[Judged]) -> Preference | None:
    """Return the best note without a major flag, and the worst note with one. Return None if one of them is missing.

    If all notes of the model have a major flag, the reference is the better note, unless it also has a major flag.
    """
    wrong = [one for one in judged if one.major_flags]
    if not wrong:
        return None
    chosen = best(judged)
    if chosen is None and major_flags(dialogue, reference) == 0:
        chosen = reference
    worst = max(wrong, key=lambda one: (one.major_flags, -one.rating))
    return Preference(chosen, worst.note) if chosen else None
