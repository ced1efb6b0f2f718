"""Texts that people type and print: legends, tags with letters or confidences, numbered lines, and pages."""

import pytest

from medsum.core.errors import UserError
from medsum.corpus.visits import dialogue_of

HEADER = (
    "RIVERBEND ORTHOPAEDICS                 Visit transcript\nPatient: Ames, J. K.   DOB: 01/02/1960   MRN: 55120\n"
)
FOOTER = "Page {0} of 2        RIVERBEND ORTHOPAEDICS\nPrinted on 02/03/2025 by KLM\n"
PRINTED = (
    f"{HEADER}Visit date: 02/03/2025   Provider: L. Orme, MD\n\nMedications:\n  naproxen 500 mg - twice daily\n\n"
    f"PROVIDER: How far can you walk?\nPATIENT: To the corner, and then I have to\n\n{FOOTER.format(1)}{HEADER}\n"
    f"sit down.\nPROVIDER: And at night?\nPATIENT: It wakes me.\n\n{FOOTER.format(2)}"
)
READ = {
    "pages": (
        PRINTED,
        "Doctor: How far can you walk?\nPatient: To the corner, and then I have to sit down.\n"
        "Doctor: And at night?\nPatient: It wakes me.",
    ),
    "pages with speakers on their own lines": (
        "LOWTHER CLINIC\nPROVIDER\nHow far can you walk?\nPATIENT\nTo the corner.\nLOWTHER CLINIC    Page 1 of 2\n"
        "PROVIDER\nAnd at night?\nPATIENT\nIt wakes me.\nLOWTHER CLINIC    Page 2 of 2\n",
        "Doctor: How far can you walk?\nPatient: To the corner.\nDoctor: And at night?\nPatient: It wakes me.",
    ),
    "numbers of pages": (
        "Doctor: Any cough?\nPatient: Yes, and it\n\nConfidential\n1/2\n\nkeeps me awake.\nDoctor: How bad?\n"
        "Patient: 1/2 of 10.\n\nConfidential\n2/2\n",
        "Doctor: Any cough?\nPatient: Yes, and it keeps me awake.\nDoctor: How bad?\nPatient: 1/2 of 10.",
    ),
    "court": (
        "   1   Q.  Where do you work, Mr. Amery?\n   2   A.  At the mill. I have been there since\n"
        "   3       2009, on the night shift.\n   4   Q.  And the cough?\n   5   A.  Since spring. I take\n"
        "   6       5 milligrams.\n                           14\n   1   Q.  Does it help?\n   2   A.  A bit.\n",
        "Doctor: Where do you work, Mr. Amery?\nPatient: At the mill. I have been there since 2009, on the night shift."
        "\nDoctor: And the cough?\nPatient: Since spring. I take 5 milligrams.\nDoctor: Does it help?\nPatient: A bit.",
    ),
    "letters with stops": (
        "D. What is the trouble?\nP. My heel. Vitamin D. did not help.\nD. Since when?\nP. Since the race in May.",
        "Doctor: What is the trouble?\nPatient: My heel. Vitamin D. did not help.\nDoctor: Since when?\n"
        "Patient: Since the race in May.",
    ),
    "letters in a list": (
        "Doctor: Options are:\nA. Rest for a week.\nB. A splint.\nPatient: The splint.",
        "Doctor: Options are: A. Rest for a week. B. A splint.\nPatient: The splint.",
    ),
    "confidences": (
        "[00:00:01] Dr. Vance [0.97] what can i do for you\n[00:00:05] Ms. Ilse Brandt [0.91] my ears are blocked\n"
        "[00:00:09] Dr. Vance [0.95] both of them\n[00:00:12] Ms. Ilse Brandt [0.88] the left one is worse",
        "Doctor: what can i do for you\nMs. Ilse Brandt: my ears are blocked\nDoctor: both of them\n"
        "Ms. Ilse Brandt: the left one is worse",
    ),
    "confidences in words": (
        "Clinician (conf: 92%): any allergies\nPatient (conf: 81%): penicillin\nClinician (conf: 95%): anything else",
        "Doctor: any allergies\nPatient: penicillin\nDoctor: anything else",
    ),
    "spoken percentages": (
        "Doctor: Saturation (98%) is fine now.\nPatient: I feel 95% better.\nDoctor: Good (90%) would do.",
        "Doctor: Saturation (98%) is fine now.\nPatient: I feel 95% better.\nDoctor: Good (90%) would do.",
    ),
    "a legend": (
        "Diabetes education, tape 12\nSpeakers: N = nurse, P1 = patient (man, 61), P2 = patient (woman, 58), "
        "H = husband of P2\n// = speaking at once\n\n1 N: Who tests at home?\n2 P1: I do.\n3 P2: When I feel bad.\n"
        "4 H: She never does.\n5 N: Once a day is enough.",
        "Nurse: Who tests at home?\nPatient: I do.\nPatient_2: When I feel bad.\nHusband: She never does.\n"
        "Nurse: Once a day is enough.",
    ),
    "a legend in rows": (
        "I: Interviewer\nR: Patient (female, 44)\n\nI: When did the pain begin?\nR: After the fall.\nI: And now?\n"
        "R: It is better.",
        "Interviewer: When did the pain begin?\nPatient: After the fall.\nInterviewer: And now?\n"
        "Patient: It is better.",
    ),
    "a legend with a name": (
        "GP = general practitioner; B = boy, 7; K = Mr Keane\n\nGP: Where does it hurt?\nB: Here.\nK: He is brave.",
        "Doctor: Where does it hurt?\nBoy: Here.\nMr Keane: He is brave.",
    ),
    "two nurses": (
        "N1 = nurse, N2 = nurse, P = patient\n\nN1: Any pain?\nP: Yes.\nN2: Where is it?\nP: Here.",
        "Nurse 1: Any pain?\nPatient: Yes.\nNurse 2: Where is it?\nPatient: Here.",
    ),
}


@pytest.mark.parametrize("name", READ)
def test_only_what_people_say_is_read(name: str) -> None:
    text, turns = READ[name]
    assert dialogue_of(text).text == turns


@pytest.mark.parametrize(
    "text",
    [
        PRINTED + PRINTED.replace("Ames, J. K.", "Boyd, L.").replace("55120", "55121"),
        "LOW CLINIC\nDoctor: Any cough?\nPatient: No.\nLOW CLINIC   Page 1 of 1\n"
        "Doctor: How is the wrist?\nPatient: Stiff.\nLOW CLINIC   Page 1 of 1\n",
    ],
)
def test_two_printed_visits_are_refused(text: str) -> None:
    with pytest.raises(UserError, match="seems to begin another visit"):
        dialogue_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "DOCTOR. (gently) Any pain?\nPATIENT. No, none at all.\nDOCTOR. Good.\nPATIENT. (quietly) Thanks.",
        "Q1: Any pain?\nA1: No, none at all.\nQ2: Good.\nA2: Thanks.",
        " 1     Q.   Any pain?\n 2     A.   No, none\n\n  KERR REPORTING\n 7\n 1   at all.\n 2     Q.   Good.\n"
        " 3     A.   Thanks.\n\n  KERR REPORTING",
        "Doctor (on phone): Any pain?\nPatient [in English]: No, none at all.\nDoctor: Good.\nPatient: Thanks.",
        'Doctor: "Any pain?"\nPatient: "No, none at all."\nDoctor: "Good."\nPatient: "Thanks."',
    ],
)
def test_tags_of_other_forms_are_read(text: str) -> None:
    assert dialogue_of(text).text == "Doctor: Any pain?\nPatient: No, none at all.\nDoctor: Good.\nPatient: Thanks."
