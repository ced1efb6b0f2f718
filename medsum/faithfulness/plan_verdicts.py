"""Find those plans in a note that the dialogue contradicts. For example, the note stops a drug by mistake."""

from medsum.facts.fact import Fact
from medsum.facts.note_facts import NoteFacts
from medsum.facts.plans import plans
from medsum.facts.regimens import is_same_drug
from medsum.faithfulness.dialogue_facts import DialogueFacts
from medsum.faithfulness.verdict import Verdict

OPPOSED = {
    "start": {"stop"},
    "continue": {"stop"},
    "stop": {"start", "continue", "increase"},
    "increase": {"decrease", "stop"},
    "decrease": {"increase"},
}


def plan_verdicts(note: NoteFacts, dialogue: DialogueFacts) -> list[Verdict]:
    """Return a verdict for each plan of the note that the dialogue contradicts and never supports."""
    said = plans(dialogue.text, dialogue.facts)
    found = []
    planned = plans(note.text, note.facts) if said else []
    for fact in planned:
        of_drug = [other for other in said if is_same_drug(fact.drug, other.drug)]
        opposed = next((other for other in of_drug if other.value in OPPOSED[fact.value]), None)
        own = [plan.value for plan in planned if is_same_drug(fact.drug, plan.drug)]
        if any(value in {other.value for other in of_drug} for value in own):
            continue  # another sentence of the note has the dialogue's plan, so this plan is of another time
        if opposed is not None and fact.value == "stop" and _is_past(dialogue.text, opposed):
            continue  # a drug that was started in the past may have been stopped later
        if opposed is not None and all(other.value in OPPOSED[fact.value] for other in of_drug):
            found.append(Verdict(fact, "contradicted", opposed, "plan"))
    return found


def _is_past(dialogue: str, plan: Fact) -> bool:
    """Return whether a plan says in the past tense that a drug was started."""
    said = dialogue[plan.start : plan.end].lower()
    return plan.value == "start" and (said.endswith("ed") or said in ("began", "begun") or said.startswith("put "))
