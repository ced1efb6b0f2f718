"""Transcripts that people type, print and forward: legends, pauses, dictated letters, notes, mail and scripts."""

import pytest

from medsum.core.errors import UserError
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
    "timed pauses on lines of their own": (
        "01  DOC:  How did the\n02        weekend go?\n03        (0.6)\n04        (.)\n05  PAT:  Not well. The dose\n"
        "06        was (0.5) milligrams.\n07        (1.4)\n08        I was sick.\n09  DOC:  I see.\n",
        "Doctor: How did the weekend go?\nPatient: Not well. The dose was (0.5) milligrams. I was sick.\nDoctor: I see.",
    ),
    "a signed note below the visit": (
        "Provider: Any falls?\nPatient: One, in May.\nProvider: I will check your eyes.\n\nIMPRESSION AND PLAN (draft)\n"
        "1. Fall. Check vision.\n\nElectronically signed by B. Hart, MD 02/03/2025 09:14\nPage 2 of 2\n",
        "Doctor: Any falls?\nPatient: One, in May.\nDoctor: I will check your eyes.",
    ),
    "a signature below the visit": (
        "Provider: Any falls?\nPatient: One, in May.\n\nDigitally authenticated by B. Hart, MD\n",
        "Doctor: Any falls?\nPatient: One, in May.",
    ),
    "a list below a heading within a turn": (
        "Doctor: My plan is this.\nMedications:\nramipril, one a day.\nPatient: Fine.\nDoctor: Then:\nPlan:\nrest.",
        "Doctor: My plan is this. Medications: ramipril, one a day.\nPatient: Fine.\nDoctor: Then: Plan: rest.",
    ),
}


@pytest.mark.parametrize("kind", READ)
def test_a_typed_text_is_read(kind: str) -> None:
    text, turns = READ[kind]
    assert dialogue_of(text).text == turns


REFUSED = {
    "a note below the visit": (
        "Doctor: Any falls?\nPatient: One.\n\nASSESSMENT AND PLAN\nCheck vision.",
        "line 4 seems to begin a note or a signature after the last turn",
    ),
    "a note with a title in small letters": (
        "Doctor: Any falls?\nPatient: One.\n\nAssessment and Plan (draft)\nCheck vision.",
        "line 4 seems to begin a note or a signature after the last turn",
    ),
    "words between the last turn and a signature": (
        "Doctor: Any falls?\nPatient: One.\n\nHe denies pain.\n\nElectronically signed by B. Hart, MD",
        "line 6 seems to begin a note or a signature after the last turn",
    ),
    "a dictation": (
        "Speaker 1: clinic letter new paragraph\nSpeaker 1: she takes ramipril comma 5 milligrams full stop",
        "line 1 begins a dictation by Speaker 1",
    ),
    "a dictation by a doctor": (
        "Dr. Moss: Dear Doctor, thank you for referring Mr. Pell.\nDr. Moss: His knee is better. Yours sincerely.",
        "line 1 begins a dictation by Doctor",
    ),
    "one anonymous speaker": (
        "SPEAKER_00: Any pain?\nSPEAKER_00: Yes, in my foot.\nSPEAKER_00: I will look at it.",
        "only SPEAKER_00 speaks, from line 1 on",
    ),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_typed_text_is_refused_with_its_line(kind: str) -> None:
    text, reason = REFUSED[kind]
    with pytest.raises(UserError) as error:
        dialogue_of(text)
    assert reason in str(error.value)


def test_one_doctor_may_speak_of_commas_and_periods() -> None:
    assert len(dialogue_of("Doctor: Your period, is it regular?\nDoctor: No comma in the name, thank you.").turns) == 2
