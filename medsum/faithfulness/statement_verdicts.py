"""Verdicts on what several facts of a note state together: plans of drugs, allergies and courses."""

from medsum.facts.note_facts import NoteFacts
from medsum.faithfulness.allergy_verdicts import allergy_verdicts
from medsum.faithfulness.course_verdicts import course_verdicts
from medsum.faithfulness.dialogue_facts import DialogueFacts
from medsum.faithfulness.plan_verdicts import plan_verdicts
from medsum.faithfulness.verdict import Verdict


def statement_verdicts(note: NoteFacts, dialogue: DialogueFacts) -> list[Verdict]:
    """Return the contradicted plans, allergies and courses of a note."""
    return plan_verdicts(note, dialogue) + allergy_verdicts(note, dialogue) + course_verdicts(note, dialogue)
