"""Find the statements of a note that its dialogue does not support. `summarize.py --check` shows the same flags."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from medsum.dialogue.sentences import sentences
from medsum.facts.note_facts import read_note_facts
from medsum.faithfulness.dialogue_facts import read_dialogue_facts
from medsum.faithfulness.error_flags import find_errors
from medsum.faithfulness.flags import OF_STATEMENTS, Flag
from medsum.faithfulness.spoken_numbers import supported


@dataclass(frozen=True)
class Audit:
    """The flags of a note's statements in text order, and the count of numbers in the note.

    `numbers` is the count of all numbers, and `numbers_said` is the count of numbers that the dialogue also says.
    """

    flags: tuple[Flag, ...]
    numbers_said: int
    numbers: int

    @property
    def is_supported(self) -> bool:
        """Return whether the note has no statement with a major flag."""
        return not any(flag.severity == "major" for flag in self.flags)


def audit(dialogue: str, note: str) -> Audit:
    """Check a note against its dialogue (one line `Speaker: text` for each turn). No encoder is needed."""
    flags = find_errors(read_dialogue_facts(dialogue), read_note_facts(note))
    said, numbers = supported(note, dialogue)
    return Audit(tuple(flag for flag in flags if flag.category in OF_STATEMENTS), said, numbers)


def without_unsupported(note: str, flags: Sequence[Flag]) -> tuple[str, int]:
    """Return the note without the sentences that have a major flag, and the number of such sentences.

    The other sentences keep their spaces and line ends. The note is empty if every sentence has a major flag.
    """
    wrong = [flag for flag in flags if flag.severity == "major"]
    kept, dropped = "", 0
    for start, end in _with_their_marks(note):
        if any(flag.start < end and start < flag.end for flag in wrong):
            dropped += 1
        else:
            kept += note[start:end]
    return (kept.strip() if dropped else note), dropped


def _with_their_marks(note: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of the sentences. The spans together cover the whole note.

    A mark such as `2.` belongs to the next sentence.
    """
    begin = 0
    for _, end in sentences(note):
        if any(sign.isalpha() for sign in note[begin:end]):
            yield begin, end
            begin = end
    if begin < len(note):
        yield begin, len(note)
