"""Transcripts that people type, print and forward: legends, pauses, dictated letters, notes, mail and scripts."""

import pytest

from medsum.corpus.visits import dialogue_of

READ = {
    "a legend in brackets": (
        "(C = clinician, P = patient, N = nurse)\nC: How did you sleep?\nP: (sighs) Badly.\nN: He was up at four.\n"
        "C: I will look at your chart.",
        "Doctor: How did you sleep?\nPatient: Badly.\nNurse: He was up at four.\nDoctor: I will look at your chart.",
    ),
    "a legend of three letters with stops": (
        "Key: Q = Dr Marsh; A = the patient; M = her mother\n\nQ.  Where does it itch?\n\nA.  Behind the knees.\n\n"
        "M.  And on her neck,\n    since June.\n\nQ.  Any new soap?\n",
        "Doctor: Where does it itch?\nPatient: Behind the knees.\nMother: And on her neck, since June.\n"
        "Doctor: Any new soap?",
    ),
    "letters of a list under a legend": (
        "D = doctor, P = patient\nD: There are two ways:\nA. a splint.\nB. a cast.\nP: The splint.",
        "Doctor: There are two ways: A. a splint. B. a cast.\nPatient: The splint.",
    ),
}


@pytest.mark.parametrize("kind", READ)
def test_a_typed_text_is_read(kind: str) -> None:
    text, turns = READ[kind]
    assert dialogue_of(text).text == turns
