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
        "Doctor: How did the weekend go?\nPatient: Not well. The dose was (0.5) milligrams. I was sick.\n"
        "Doctor: I see.",
    ),
    "a signed note below the visit": (
        "Provider: Any falls?\nPatient: One, in May.\nProvider: I will check your eyes.\n\n"
        "IMPRESSION AND PLAN (draft)\n1. Fall. Check vision.\n\n"
        "Electronically signed by B. Hart, MD 02/03/2025 09:14\nPage 2 of 2\n",
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
    "a record of a forum with a heading above the dialogue": (
        "id=512\nhttps://ask.example.org/q/512\nDescription\nQ. Why is my heel sore? It hurts at dawn.\n\nDialogue\n"
        "Patient:\nMy heel hurts.\nDoctor:\nSince when?\n",
        "Patient: My heel hurts.\nDoctor: Since when?",
    ),
    "a chat with notices and numbered visitors": (
        "Chat started: 2025-01-03 09:10 AM\nServed by: Nurse Orla\n\n(09:10:01 AM) *** Visitor 70112233 has joined "
        "the chat ***\n(09:10:09 AM) Visitor 70112233: hi\n(09:11:00 AM) *** Nurse Orla has joined the chat ***\n"
        "(09:11:05 AM) Nurse Orla: What happened?\n(09:11:40 AM) Visitor 70112233: a wasp sting\n"
        "(09:12:00 AM) Nurse Orla: Put ice on it.\n(09:13:30 AM) *** Chat was transferred to Dr Poole ***\n"
        "(09:14:00 AM) *** Visitor 70112233 has rated the chat Good ***\n",
        "Visitor 70112233: hi\nNurse Orla: What happened?\nVisitor 70112233: a wasp sting\nNurse Orla: Put ice on it.",
    ),
    "live captions with a disclaimer": (
        "THIS IS A ROUGH DRAFT OF LIVE CAPTIONS.\nIT IS NOT A VERBATIM RECORD.\n\n>> DOCTOR: CAN YOU READ\nTHIS?\n"
        ">> PATIENT: YES.\n(COUGHS) MOSTLY.\n>> DOCTOR: GOOD.\n\n(END OF SESSION)\n",
        "Doctor: CAN YOU READ THIS?\nPatient: YES. MOSTLY.\nDoctor: GOOD.",
    ),
    "a quotation above the writer of a mail": (
        "From: Ward Office <ward@clinic.example>\nTo: Files <files@clinic.example>\nSubject: Fwd: tape 9\n\n"
        "Please file this.\n\n"
        "> DR - Any cough?\n> PT - Yes, and it\n> is worse at night.\n> DR - Since when?\n> PT - Since May.\n\n"
        "Kind regards,\n\nUna Frey\nWard Clerk | Ext. 41\nTel: 0123 456\n\n"
        "This e-mail is confidential and intended only for Files.\n",
        "Doctor: Any cough?\nPatient: Yes, and it is worse at night.\nDoctor: Since when?\nPatient: Since May.",
    ),
    "a screenplay": (
        "TRAINING SCRIPT\n\nFADE IN:\n\nINT. CONSULTING ROOM - DAY\n\n          DOCTOR\n    Please sit down.\n\n"
        "          PATIENT\n      (folding a letter)\n    I got this.\n\n          DOCTOR\n    May I see it?\n\n"
        "          DOCTOR (CONT'D)\n    Who wrote it?\n\n          PATIENT\n      (shaking his head)\n    No idea.\n\n"
        "FADE OUT.\n",
        "Doctor: Please sit down.\nPatient: I got this.\nDoctor: May I see it?\nDoctor: Who wrote it?\n"
        "Patient: (shaking his head) No idea.",
    ),
}


@pytest.mark.parametrize("kind", READ)
def test_a_typed_text_is_read(kind: str) -> None:
    text, turns = READ[kind]
    assert dialogue_of(text).text == turns


REFUSED = {
    "instructions below the visit": (
        "Doctor: Any falls?\nPatient: One.\nDoctor: Rest.\n\nPatient Instructions\nRest and use ice.",
        "line 5 seems to begin a note or a signature after the last turn",
    ),
    "a second scene of a screenplay": (
        "INT. WARD - DAY\n\nDOCTOR\nHow are you?\n\nPATIENT\nSore.\n\nEXT. GARDEN - NIGHT\n\n"
        "DOCTOR\nAnd now?\n\nPATIENT\nFine.",
        "line 9 seems to begin another visit",
    ),
    "a sentence between a quotation and the writer of a mail": (
        "Hi Lou,\n\n> Doctor: Any cough?\n> Patient: Yes.\n> Doctor: Since when?\n> Patient: May.\n\n"
        "He said since May, I think.\n\nRegards,\nUna",
        "line 8 is not quoted as the lines above it are",
    ),
    "speech above the first speaker": (
        "Is my heel sore? It hurts.\n\nPatient:\nMy heel hurts.\nDoctor:\nSince when?\n",
        "line 1: no speaker is named before the first turn",
    ),
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
