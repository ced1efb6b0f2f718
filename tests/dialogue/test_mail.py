"""Transcripts that stand in mail: the turns alone are read, and what nobody says is never part of a turn."""

import pytest

from medsum.core.errors import UserError
from medsum.corpus.visits import dialogue_of

TURNS = [
    ("Doctor", "Is the pain there all the time?"),
    ("Patient", "No, it comes after meals, mostly when I have eaten something fried, for > 3 weeks."),
    ("Pharmacist", "Does it go through to the back?"),
    ("Patient", "Sometimes."),
]
PLAIN = "\n".join(f"{tag}: {said}" for tag, said in TURNS).replace("mostly when", "mostly\nwhen")
HEADERS = "From: Desk <desk@example.org>\nTo: Records <r@example.org>\nSubject: Fwd: visit\n"


def quoted(mark: str, text: str = PLAIN) -> str:
    return "\n".join(f"{mark} {line}".rstrip() for line in text.split("\n"))


MAILS = {
    "quoted": quoted(">"),
    "headers and a sentence": f"{HEADERS}\nHere is the transcript you asked for.\n\n{quoted('>')}",
    "a longer letter": f"{HEADERS}\nHi Ann,\n\nI send you the text. Is that enough?\n\nBob\n\n{quoted('>')}",
    "headers of programs": "Message-ID: <1@x>\nX-Mailer: Mail (2.3)\nContent-Type: text/plain; charset=utf-8\n"
    f"{HEADERS}\n{quoted('>')}",
    "not quoted": f"{HEADERS}\nHi Bob. I send you the text. Regards, A\n\n{PLAIN}",
    "a reply": f"On Mon, 9 Mar 2026 at 16:20, Pharmacy Desk <p@example.org> wrote:\n\n{quoted('>')}",
    "a reply to a reply": f"On Mon, 9 Mar 2026, Desk wrote:\n\n{quoted('>>')}",
    "marks with spaces": f"See below.\n\n> On Mon, 9 Mar 2026, Desk wrote:\n>\n{quoted('> >')}",
    "three times": quoted(">>>"),
    "empty quoted lines": quoted(">").replace("\n> Ph", "\n>\n> Ph"),
    "deeper at the end": quoted(">").replace("> Patient: Some", ">> Patient: Some"),
    "forwarded": f"---------- Forwarded message ---------\n{HEADERS}\n{PLAIN}",
    "forwarded and quoted": f"Begin forwarded message:\n\n{quoted('>', HEADERS)}\n{quoted('>')}",
    "original": f"-----Original Message-----\n{HEADERS}\n{PLAIN}",
    "wrapped without mark": quoted(">").replace("> when", "when"),
    "signature": f"{quoted('>')}\n\n-- \nAnn Lee\nRiverside Clinic",
    "an introduction": f"Here is the transcript you asked for. I removed the names.\n\n{PLAIN}",
}


@pytest.mark.parametrize("name", MAILS)
def test_a_transcript_in_mail_is_read_as_its_turns_alone(name: str) -> None:
    assert [(turn.speaker, turn.said) for turn in dialogue_of(MAILS[name]).turns] == TURNS


CAPTIONS = {
    "upper case": ">> DOCTOR: DOES IT CATCH\nHERE,\nOR LOWER?\n>> PATIENT: HERE,\nUNDER THE RIBS.\n"
    ">> DOCTOR: SINCE WHEN?\n>> PATIENT: MAY.",
    "names": ">> Dr. Lee: DOES IT CATCH\nHERE, OR LOWER?\n\n>> Patient: HERE, UNDER\nTHE RIBS.\n\n"
    ">> Dr. Lee: SINCE WHEN?\n\n>>Patient: MAY.",
}


@pytest.mark.parametrize("name", CAPTIONS)
def test_marks_of_live_captions_are_no_quotation(name: str) -> None:
    assert [(turn.speaker, turn.said) for turn in dialogue_of(CAPTIONS[name]).turns] == [
        ("Doctor", "DOES IT CATCH HERE, OR LOWER?"),
        ("Patient", "HERE, UNDER THE RIBS."),
        ("Doctor", "SINCE WHEN?"),
        ("Patient", "MAY."),
    ]


REFUSED = {
    "remark below": (">> Doctor: Any pain?\n>> Patient: No.\n\nI never said that!", "line 4 is not quoted"),
    "thanks below": (f"{quoted('>')}\n\nThanks,\nAnn", "line 7 is not quoted"),
    "remark between": (quoted(">").replace("> Ph", "I never said that!\n> Ph"), "line 4 is not quoted"),
    "answer of another mail": (f"{quoted('>>')}\n> Doctor: And now?", "line 6 is not quoted"),
    "question before the first turn": (f"{HEADERS}\nHow have you been?\n\n{PLAIN}", "line 5: no speaker is named"),
    "speech before the first turn": (quoted(">", f"I am ill. It hurts.\n{PLAIN}"), "line 1: no speaker is named"),
    "mail alone": (f"{HEADERS}\nPlease call us. The results are here.", "no speaker is named"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_a_mail_leaves_open_is_refused_with_its_line(name: str) -> None:
    text, said = REFUSED[name]
    with pytest.raises(UserError, match=said):
        dialogue_of(text)
