"""Find the plans, allergies, courses (better, worse), denials and relatives of a note that a dialogue contradicts."""

from medsum.facts.note_facts import NoteFacts
from medsum.faithfulness.allergy_verdicts import allergy_verdicts
from medsum.faithfulness.asked_words import asked_verdicts
from medsum.faithfulness.course_verdicts import course_verdicts
from medsum.faithfulness.dialogue_facts import DialogueFacts
from medsum.faithfulness.kin_sides import kin_side_verdicts
from medsum.faithfulness.kin_words import kin_word_verdicts
from medsum.faithfulness.levels import level_verdicts
from medsum.faithfulness.offers import offer_verdicts
from medsum.faithfulness.plan_verdicts import plan_verdicts
from medsum.faithfulness.verdict import Verdict


def statement_verdicts(note: NoteFacts, dialogue: DialogueFacts) -> list[Verdict]:
    """Return a verdict for each plan, allergy, course, denied word and relative that the dialogue contradicts."""
    return [
        *plan_verdicts(note, dialogue),
        *allergy_verdicts(note, dialogue),
        *course_verdicts(note, dialogue),
        *asked_verdicts(note, dialogue),
        *offer_verdicts(note.text, dialogue.text),
        *level_verdicts(note.text, dialogue.text),
        *kin_side_verdicts(note.text, dialogue.text),
        *kin_word_verdicts(note.text, dialogue.text),
    ]
