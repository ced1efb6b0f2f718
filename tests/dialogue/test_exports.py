"""Transcripts as programs of meetings, chats and speech recognition export them, and the text around their turns."""

import pytest

from medsum.core.errors import UserError
from medsum.corpus.visits import dialogue_of

ASKED, ANSWERED, AGAIN, LAST = "What brings you in?", "Chest pain for 3 days.", "Any fever?", "No."
SAID = (ASKED, ANSWERED, AGAIN, LAST)
TURNS = list(zip(("Doctor", "Patient") * 2, SAID, strict=True))
NAMED = list(zip(("Sarah Lee", "John Carter") * 2, SAID, strict=True))
PLAIN = "\n".join(f"{tag}: {said}" for tag, said in TURNS)


def lined(form: str, turns: list[tuple[str, str]] = TURNS) -> str:
    return "\n".join(form.format(i=i, tag=tag, said=said) for i, (tag, said) in enumerate(turns))


EXPORTS = {
    "Word of Teams": "Visit-20240312_101530-Meeting Recording\nMarch 12, 2024, 10:15AM\n12m 45s\n\n"
    "Sarah Lee started transcription\n\n"
    + lined("{tag}   0:0{i}\n{said}\n", NAMED)
    + "\nSarah Lee stopped transcription",
    "chat of Zoom": lined("10:15:0{i}\t From  {tag}  to  Everyone:\n\t{said}", NAMED),
    "Otter": lined("{tag}  0:4{i}\n{said}\n", NAMED) + "\nTranscribed by https://otter.ai",
    "WhatsApp": "12/03/24, 10:15 - Messages and calls are end-to-end encrypted. No one can read them.\n"
    + lined("12/03/24, 10:1{i} - {tag}: {said}", NAMED),
    "YouTube": lined("0:00:0{i}.000,0:00:0{i}.900\n{tag}: {said}\n"),
    "Audacity": lined("{i}.000000\t{i}.900000\t{tag}: {said}"),
    "ELAN": lined("{tag}\t\t00:00:0{i}.120\t{i}.12\t00:00:0{i}.900\t{i}.9\t{said}"),
    "a time column": lined("{tag}\t00:0{i}\t{said}"),
    "CHAT": "@UTF8\n@Begin\n@Participants:\tDOC Doctor, PAT Patient\n"
    + lined("*{tag}:\t{said}\n%com:\tlooks tired")
    + "\n@End",
    "quoted lines": lined('"{tag}: {said}",'),
    "emoji": lined("\U0001f9d1\u200d\u2695\ufe0f {tag}: {said}"),
    "scribe": "# Visit Transcript\n\n**Date:** 2024-03-12\n**Provider:** Dr. Lee\n**Patient:** John Carter\n\n"
    "## Transcript\n\n" + lined("**{tag}:** {said}\n"),
    "capital titles": "DR. LEE:      What brings you in?\nMRS. CARTER:  Chest pain for 3 days.\n      It is bad.",
    "remarks": "Doctor: Any pain?\n(quietly) Or fever?\nPatient: No.\n(sometimes) I do cough.\n"
    "Doctor: I see.\n(softly) Well.",
    "remarks on a tag": "Doctor (to patient): Any pain?\nPatient: No.\nDoctor (to nurse): An ECG, please.\nNurse: Yes.",
    "wrapped mail": "> Doctor: Any pain?\n> Patient: Only when I\n> climb stairs, for > 3 weeks.",
    "stage directions": (
        "Doctor: Hi [laughs], how is it? (pointing to the left knee)\n"
        "Patient: Fine *coughs loudly* (pause 5 seconds). It hurts (the left one).\n"
        "Doctor: (typing) Okay. [phone rings]\nPatient: *door closes* Yes (nods). I take *two* of them."
    ),
    "Discord": lined("{tag} \u2014 Today at 2:0{i} PM\n{said}\n"),
    "a script": "\n".join(f"        {tag.upper()}\n    (quietly)\n  {said}\n" for tag, said in TURNS),
    "time of a remark": "Doctor: Any pain?\nPatient: I take [inaudible 00:00:42] at night. [crosstalk 00:43]",
    "values": "Doctor: LDL: 160\nHDL: 40\nLDL: 155\nLDL: 150\nPatient: Thanks.",
    "a physical therapist": "PT: How is the knee?\nPatient: Better.\nPT: Good.\nPatient: Thanks.",
    "no punctuation": "doctor: what brings you in patient: chest pain doctor: any fever patient: no doctor: okay",
    "dashes after the colon": lined("{tag}:- {said}"),
    "two words for one": lined("{tag}: {said}").replace("Doctor:", "Doctor/Provider:"),
    "ranges of time": lined("0:00:0{i}.1 --- 0:00:0{i}.9\n{tag}: {said}"),
    "titles": "## History\n" + PLAIN.replace("\nDoctor: Any", "\n\n## Examination\n**Knees**\nDoctor: Any"),
    "numbers above": f"MRN: 12345\nEncounter ID: 998\nVisit 3\n\n{PLAIN}",
    "times between rules": PLAIN.replace("\nDoctor: Any", "\n--- 10:42 ---\nDoctor: Any"),
    "channels": lined("Channel {i} - {tag}: {said}"),
    "list of speakers": f"Speakers: Dr. Lee, Mr. Carter\n\n{PLAIN}",
    "the doctor within a sentence": "dr: any pain pt: yes the dr: gave me pills dr: okay",
    "lists": "Doctor: The exam.\nLungs: Clear.\nKnee: Swollen.\nAnkle: Fine.\nPatient: Thanks.",
    "someone unknown": lined("{tag}: {said}").replace("Patient:", "Unknown:"),
    "initials": lined("{tag}: {said}").replace("Doctor:", "S.L.:").replace("Patient:", "J.C.:"),
    "two patients": "CLINICIAN 0: Any pain?\nPATIENT 0: No.\nPATIENT 1: She did cry.",
}
WANTED = dict.fromkeys(("Word of Teams", "chat of Zoom", "Otter", "WhatsApp"), NAMED) | {
    "capital titles": [("Doctor", ASKED), ("Mrs. Carter", "Chest pain for 3 days. It is bad.")],
    "remarks": [
        ("Doctor", "Any pain? (quietly) Or fever?"),
        ("Patient", "No. (sometimes) I do cough."),
        ("Doctor", "I see. (softly) Well."),
    ],
    "remarks on a tag": [
        ("Doctor", "Any pain?"),
        ("Patient", "No."),
        ("Doctor", "An ECG, please."),
        ("Nurse", "Yes."),
    ],
    "wrapped mail": [("Doctor", "Any pain?"), ("Patient", "Only when I climb stairs, for > 3 weeks.")],
    "stage directions": [
        ("Doctor", "Hi, how is it? (pointing to the left knee)"),
        ("Patient", "Fine. It hurts (the left one)."),
        ("Doctor", "Okay."),
        ("Patient", "Yes (nods). I take *two* of them."),
    ],
    "a script": [(tag, f"(quietly) {said}") for tag, said in TURNS],
    "time of a remark": [("Doctor", "Any pain?"), ("Patient", "I take [inaudible] at night.")],
    "values": [("Doctor", "LDL: 160 HDL: 40 LDL: 155 LDL: 150"), ("Patient", "Thanks.")],
    "a physical therapist": [
        ("PT", "How is the knee?"),
        ("Patient", "Better."),
        ("PT", "Good."),
        ("Patient", "Thanks."),
    ],
    "no punctuation": [
        ("Doctor", "what brings you in"),
        ("Patient", "chest pain"),
        ("Doctor", "any fever"),
        ("Patient", "no"),
        ("Doctor", "okay"),
    ],
    "the doctor within a sentence": [
        ("Doctor", "any pain"),
        ("Patient", "yes the dr: gave me pills"),
        ("Doctor", "okay"),
    ],
    "lists": [("Doctor", "The exam. Lungs: Clear. Knee: Swollen. Ankle: Fine."), ("Patient", "Thanks.")],
    "someone unknown": list(zip(("Doctor", "Unknown") * 2, SAID, strict=True)),
    "initials": list(zip(("S.L", "J.C") * 2, SAID, strict=True)),
    "two patients": [("Doctor", "Any pain?"), ("Patient", "No."), ("Patient_2", "She did cry.")],
}
REFUSED = {
    "note below": (f"{PLAIN}\n\nSubjective: Chest pain.\nObjective: BP 120/80\nAssessment: Angina", "line 6 seems to"),
    "summary below": (f"{PLAIN}\n---\nAI-generated summary\nChest pain.", "line 6 seems to begin a note"),
    "signature below": (f"{PLAIN}\n\nBest regards,\nSarah", "line 6 seems to begin a note or a signature"),
    "two visits": (f"Visit 1\n{PLAIN}\n\nVisit 2\n{PLAIN}", "line 7 seems to begin another visit"),
    "two visits of two people": (
        f"Visit 1 - Mr Ray, 71\n{PLAIN}\n\nVisit 2 - Mrs Low, 34\n{PLAIN}",
        "line 7 seems to begin another visit",
    ),
    "two patients": (f"=== Patient: A ===\n{PLAIN}\n=== Patient: B ===\n{PLAIN}", "line 6 seems to begin another"),
    "SubStation Alpha": (
        lined("Dialogue: 0,0:00:0{i}.00,0:00:05.00,Default,{tag},0,0,0,,{said}"),
        "no speaker is named",
    ),
    "two tags": ("Doctor: Mr. Smith: any pain?\nPatient: Doctor: I have pain.", "line 2 begins with two speakers"),
    "two names": ("Doctor: Any pain?\nKowalski: He fell.\nMaria: He cried.\nPatient: Yes.", "line 2 may be the only"),
    "two numbers": (f"MRN: 12345\n{PLAIN}\nMRN: 67890\n{PLAIN}", "line 6 seems to begin another"),
}


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_is_read_as_its_turns_alone(name: str) -> None:
    dialogue = dialogue_of(EXPORTS[name])
    assert [(turn.speaker, turn.said) for turn in dialogue.turns] == WANTED.get(name, TURNS)


@pytest.mark.parametrize("name", REFUSED)
def test_text_that_no_speaker_says_is_refused_with_its_line(name: str) -> None:
    text, said = REFUSED[name]
    with pytest.raises(UserError, match=said):
        dialogue_of(text)
