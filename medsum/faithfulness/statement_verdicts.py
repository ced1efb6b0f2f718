"""Find those plans, allergies, courses (better, worse) and denials in a note that the dialogue contradicts."""

from medsum.facts.note_facts import NoteFacts
from medsum.faithfulness.allergy_verdicts import allergy_verdicts
from medsum.faithfulness.asked_words import asked_verdicts
from medsum.faithfulness.course_verdicts import course_verdicts
from medsum.faithfulness.dialogue_facts import DialogueFacts
from medsum.faithfulness.plan_verdicts import plan_verdicts
from medsum.faithfulness.verdict import Verdict


def statement_verdicts(note: NoteFacts, dialogue: DialogueFacts) -> list[Verdict]:
    """Return a verdict for each plan, allergy, course and denied word of the note that the dialogue contradicts."""
    return [
        *plan_verdicts(note, dialogue),
        *allergy_verdicts(note, dialogue),
        *course_verdicts(note, dialogue),
        *asked_verdicts(note, dialogue),
    ]
