"""Find those courses (such as `cough is better`) in a note that the dialogue contradicts."""

from dataclasses import replace

from medsum.facts.courses import courses
from medsum.facts.note_facts import NoteFacts
from medsum.faithfulness.dialogue_facts import DialogueFacts
from medsum.faithfulness.verdict import Verdict

_OPPOSED = {"better": "worse", "worse": "better"}


def course_verdicts(note: NoteFacts, dialogue: DialogueFacts) -> list[Verdict]:
    """Return a verdict for each course (better, worse) of the note if the dialogue has only the opposite course."""
    own = [fact for fact in courses(note.text, note.facts) if fact.value in _OPPOSED]
    said = courses(dialogue.text, dialogue.facts) if own else []
    found = []
    for fact in own:
        of_same = [other for other in said if _is_same(fact.unit, other.unit)]
        if of_same and all(other.value == _OPPOSED[fact.value] for other in of_same):
            turn = dialogue.text.count("\n", 0, of_same[0].start)
            found.append(Verdict(fact, "contradicted", replace(of_same[0], turn=turn), "course"))
    return found


def _is_same(one: str, other: str) -> bool:
    """Return whether two findings are the same. `pain` and `knee pain` count as the same finding."""
    return one == other or one.endswith(f" {other}") or other.endswith(f" {one}")
