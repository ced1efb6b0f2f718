"""Verdicts on what several facts of a note state together: plans of drugs, allergies and courses."""

from medsum.facts.note import Note
from medsum.faithfulness.allergy_verdicts import allergy_verdicts
from medsum.faithfulness.course_verdicts import course_verdicts
from medsum.faithfulness.heard import Heard
from medsum.faithfulness.plan_verdicts import plan_verdicts
from medsum.faithfulness.verdict import Verdict


def statement_verdicts(note: Note, heard: Heard) -> list[Verdict]:
    """Return the contradicted plans, allergies and courses of a note."""
    return plan_verdicts(note, heard) + allergy_verdicts(note, heard) + course_verdicts(note, heard)
