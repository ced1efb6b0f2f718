"""Make any number of synthetic visits: draw facts, speak them in a dialogue and write them in its note.

The dialogue states every fact of the note. Names, numbers and drugs are drawn from so many values that a model must
copy them. The plots are simple on purpose. They teach where facts belong, and not medicine.
"""

from collections.abc import Callable
from random import Random

from pretraining import history, topics
from pretraining.text import Example
from pretraining.visit import Visit

TOPICS: dict[str, list[Callable[[Visit], None]]] = {
    "history of present illness": [topics.complaint, topics.severity, topics.denials, history.doctor_named],
    "family and social history": [history.family, history.social],
    "past medical history": [history.past_conditions],
    "chief complaint": [topics.chief_complaint],
    "past surgical history": [history.past_surgeries],
    "allergies": [history.has_allergies],
    "review of systems": [topics.denials, topics.denials],
    "medications": [history.takes_drugs],
    "assessment": [topics.assessed, topics.study_result],
    "physical exam": [topics.vital_signs, topics.study_result],
    "diagnosis": [topics.assessed],
    "disposition": [topics.discharged],
    "plan": [topics.treatment],
    "emergency department course": [topics.in_emergency_room, topics.study_result],
    "immunizations": [history.vaccinated],
    "imaging": [topics.study_result],
    "gynecologic history": [history.pregnancies],
    "procedures": [history.procedure_done],
    "other history": [history.doctor_named, history.past_conditions],
    "labs": [topics.lab_values],
}

SMALL_TALK = [
    ("Okay.", "Yeah."),
    ("Thank you for telling me.", "Of course."),
    ("Did you find parking all right?", "Yes, it was easy."),
    ("How are you today?", "I'm doing okay, thanks."),
    ("Take your time.", "Thanks, doctor."),
    ("Let me write that down.", "Sure."),
]


def visit_of(section: str, rng: Random) -> tuple[Example, list[tuple[str, str]]]:
    """Return a visit for one note section, with its facts as (spoken, written) pairs."""
    visit = Visit(rng, sex=rng.choice(("male", "female")))
    if rng.random() < 0.3:
        chat(visit)
    about = TOPICS[section]
    for topic in about[: rng.randint(1, len(about))]:
        topic(visit)
        if rng.random() < 0.15:
            chat(visit)
    return Example(section, "\n".join(visit.turns), " ".join(visit.note)), visit.facts


def draw(rng: Random) -> Example:
    """Return a visit of a random section."""
    return visit_of(rng.choice(list(TOPICS)), rng)[0]


def chat(visit: Visit) -> None:
    """Add small talk, which is not in the note."""
    question, answer = visit.rng.choice(SMALL_TALK)
    visit.doctor(question)
    visit.patient(answer)
