"""The words of a note that have a flag of one category."""

from medsum.facts.note_facts import read_note_facts
from medsum.faithfulness.dialogue_facts import read_dialogue_facts
from medsum.faithfulness.error_flags import find_errors
from medsum.faithfulness.flags import Category


def flagged(dialogue: str, note: str, category: Category) -> list[str]:
    """Return the words that have a flag of a category if the note is compared with the dialogue alone."""
    flags = find_errors(read_dialogue_facts(dialogue), read_note_facts(note))
    return [note[flag.start : flag.end] for flag in flags if flag.category == category]
