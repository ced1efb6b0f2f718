"""Find those plans, allergies and courses (better, worse) in a note that the dialogue contradicts."""

from medsum.facts.note_facts import NoteFacts
from medsum.faithfulness.allergy_verdicts import allergy_verdicts
from medsum.faithfulness.course_verdicts import course_verdicts
from medsum.faithfulness.dialogue_facts import DialogueFacts
from medsum.faithfulness.plan_verdicts import plan_verdicts
from medsum.faithfulness.verdict import Verdict


def statement_verdicts(note: NoteFacts, dialogue: DialogueFacts) -> list[Verdict]:
    """Return a verdict for each plan, allergy and course (better, worse) of the note that the dialogue contradicts."""
    return plan_verdicts(note, dialogue) + allergy_verdicts(note, dialogue) + course_verdicts(note, dialogue)
