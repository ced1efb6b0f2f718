"""A second visit in one text is refused with its line, whatever separates the visits. One visit is read."""

import re

import pytest

from medsum.core.errors import UserError
from medsum.corpus.visits import dialogue_of

FIRST = "Doctor: How is the eczema?\nPatient: Better with the cream.\nDoctor: Carry on for two weeks."
SECOND = "Doctor: How is the back?\nPatient: Worse when I sit.\nDoctor: Let me examine you."
BETWEEN = {
    "date and name": "Date: 5 March 2026\nPatient name: Tom Bellamy",
    "name": "Patient name: Tom Bellamy",
    "short name": "Name: Bellamy, Tom",
    "record number": "MRN: 4711",
    "record number with sign": "MRN# 4711",
    "record number without sign": "MRN 004711",
    "birth": "DOB: 03/04/1980",
    "birth in words": "Date of Birth - 3 April 1980",
    "NHS": "NHS No: 943 476 5919",
    "date": "Date of visit: 5 March 2026",
    "date alone": "\n5 March 2026\n",
    "American date alone": "March 5, 2026",
    "ISO date and time": "2026-03-05 10:40",
    "weekday": "Thursday, 5 March 2026",
    "service": "DOS: 3/5/2026",
    "visit": "Visit 2",
    "visit with name": "Visit #2: Tom Bellamy",
    "encounter": "Encounter #2",
    "encounter id": "Encounter ID: 998-B",
    "interview": "Interview 2",
    "interview in capitals": "INTERVIEW TWO",
    "case": "CASE 2: Back pain",
    "case study": "Case study B",
    "consultation": "Consultation II",
    "session": "Session 2 of 3",
    "second": "Second patient",
    "next": "Next patient: Tom Bellamy",
    "ordinal": "2nd visit",
    "patient": "Patient 2",
    "patient with name": "Patient 2: Tom Bellamy, 34",
    "patient letter": "PATIENT B",
    "transcript": "[Transcript 2]",
    "bold": "**Patient 2**",
    "rules around": "===== Patient: Tom Bellamy =====",
    "stars around": "*** CASE 2 ***",
    "dashes around": "--- visit 2 ---",
    "re": "Re: Tom Bellamy, DOB 3/4/1980",
    "re with title": "RE: Mr. Bellamy",
    "honorific": "Mr Tom Bellamy, 34",
    "file": "visit_02.txt",
    "head of a file": "==> visits/bellamy.txt <==",
    "file name": "File: bellamy.docx",
    "recording": "Recording: 20260305_1040.wav",
    "data in one line": "Patient: Tom Bellamy   DOB: 03/04/1980   MRN: 4711",
    "tag-like line with number": "Patient: Bellamy, Tom (MRN 4711)",
    "rule and name": "--------\nPatient: Tom Bellamy",
    "end": "--- End of transcript ---\n",
    "end of visit": "END OF VISIT 1",
    "participant": "Participant ID: P07",
    "study": "Study ID: 12-007",
    "subject": "Subject 007",
    "account": "Account number: 100233",
    "chart": "Chart #: 4711",
    "bars": "Date: 5 March 2026 | Patient: Tom Bellamy | MRN: 4711",
    "table": "| Patient name | Tom Bellamy |\n| DOB | 03/04/1980 |",
    "bullet": "- Patient name: Tom Bellamy",
    "Markdown": "## Visit 2",
    "Markdown with name": "# Patient: Tom Bellamy",
    "bold key": "**MRN:** 4711",
    "age and sex": "Age: 34\nSex: M",
    "sample": "Sample 2",
    "record": "Record 2/3",
}


@pytest.mark.parametrize("name", BETWEEN)
@pytest.mark.parametrize("head", ["", "Riverside Clinic\n\n"])
def test_a_line_about_another_visit_is_refused_with_its_number(name: str, head: str) -> None:
    with pytest.raises(UserError, match=r"^line \d+ seems to begin another visit") as refused:
        dialogue_of(f"{head}{FIRST}\n{BETWEEN[name]}\n{SECOND}")
    assert "Bellamy" not in str(refused.value)


def of_first(line: str) -> str:
    """The line as the first visit has it: other numbers, another name."""
    line = re.sub(r"\d", lambda digit: str((int(digit[0]) + 9) % 10), line)
    words = {
        "Bellamy": "Marsh",
        "bellamy": "marsh",
        "TWO": "ONE",
        "II": "I",
        "Second": "First",
        "dy B": "dy A",
        "T B": "T A",
    }
    for word, other in words.items():
        line = line.replace(word, other)
    return line


@pytest.mark.parametrize("name", [name for name in BETWEEN if of_first(BETWEEN[name]) != BETWEEN[name]])
def test_a_visit_that_begins_like_the_first_is_refused(name: str) -> None:
    first = of_first(BETWEEN[name])
    with pytest.raises(UserError, match=r"line \d+ "):
        dialogue_of(f"{first}\n{FIRST}\n\n{BETWEEN[name]}\n{SECOND}")


TWO_VISITS = {
    "one line": "Visit 1: Doctor: Any pain? Patient: No. Visit 2: Doctor: Any fever? Patient: Yes.",
    "name in one line": "Doctor: Any pain? Patient: No. Patient name: Tom Bellamy Doctor: Any fever? Patient: Yes.",
    "number in one line": "Doctor: Any pain? Patient: No. MRN: 4711 Doctor: Any fever? Patient: Yes.",
    "greeting below a rule": "Doctor: Hello, Ivy. How is the eczema?\nPatient: Better.\n---\n"
    "Doctor: Good morning, Tom. How is the back?\nPatient: Worse.",
    "farewell above a rule": "Doctor: How is the eczema?\nPatient: Better.\nDoctor: Good. Take care.\n* * *\n"
    "Doctor: How is the back?\nPatient: Worse.",
    "farewell and greeting": "Doctor: Hello. How is the eczema?\nPatient: Better.\nDoctor: Goodbye, then.\n\n\n"
    "Doctor: Hello, come in. How is the back?\nPatient: Worse.",
    "names in tags": "Doctor: How is it?\nPatient (Ivy Marsh): Better.\nDoctor: How is the back?\n"
    "Patient (Tom Bellamy): Worse.",
    "numbers in tags": "Doctor: How is it?\nPatient 1: Better.\nDoctor: Good.\nPatient 1: Thanks.\n"
    "Doctor: And the back?\nPatient 2: Worse.\nDoctor: Since when?\nPatient 2: May.",
    "WebVTT twice": "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Doctor>Any pain?\n\n00:02.000 --> 00:03.000\n<v Patient>No."
    "\n\nWEBVTT\n\n00:01.000 --> 00:02.000\n<v Doctor>Any fever?\n\n00:02.000 --> 00:03.000\n<v Patient>Yes.",
    "greeting below an empty line": f"Doctor: Hello, come in.\nPatient: Hello.\n{FIRST}\n\nDoctor: Good morning, Tom.\n"
    f"Patient: Good morning.\n{SECOND}",
    "farewell above an empty line": f"{FIRST}\nDoctor: Take care.\n\n{SECOND}",
    "the same field": f"CC: eczema\n{FIRST}\nCC: back pain\n{SECOND}",
    "pages that begin again": f"{FIRST}\nPage 1 of 1\n{SECOND}\nPage 1 of 1",
    "headers of pages that begin again": f"Page 1 of 1\n{FIRST}\n\nPage 1 of 1\n{SECOND}",
    "another record number": f"--- Page 1 --- MRN 104420 ---\n{FIRST}\n--- Page 2 --- MRN 209817 ---\n{SECOND}",
    "level of Markdown": f"# Ivy Marsh\n\n{FIRST}\n\n# Tom Bellamy\n\n{SECOND}",
}


@pytest.mark.parametrize("name", TWO_VISITS)
def test_two_visits_without_lines_about_them_are_refused(name: str) -> None:
    with pytest.raises(UserError, match=r"^line \d+ "):
        dialogue_of(TWO_VISITS[name])


SEGMENTS_OF_TWO_VISITS = {
    "blocks": "Visit ID: {0}\nSpeaker: Doctor\nText: Any pain?\n\nVisit ID: {1}\nSpeaker: Patient\nText: No.\n",
    "log": 'visit_id={0} speaker=doctor text="Any pain?"\nvisit_id={1} speaker=patient text="No."\n',
    "JSON": '[{{"encounter_id": "{0}", "speaker": "Doctor", "text": "Any pain?"}},'
    ' {{"encounter_id": "{1}", "speaker": "Patient", "text": "No."}}]',
    "YAML": "- visit_id: {0}\n  speaker: Doctor\n  text: Any pain?\n"
    "- visit_id: {1}\n  speaker: Patient\n  text: 'No.'\n",
    "CSV": "Visit ID,Speaker,Text\n{0},Doctor,Any pain?\n{1},Patient,No.\n",
}


@pytest.mark.parametrize("layout", SEGMENTS_OF_TWO_VISITS)
def test_segments_with_ids_of_two_visits_are_refused(layout: str) -> None:
    text = SEGMENTS_OF_TWO_VISITS[layout]
    assert dialogue_of(text.format("A7", "A7")).text == "Doctor: Any pain?\nPatient: No."
    with pytest.raises(UserError, match=r"^this holds 2 records"):
        dialogue_of(text.format("A7", "A8"))


TITLES = [
    ("First visit, 10 January 2025", "Follow-up visit, 24 January 2025"),
    ("Visit of 3 May", "Visit of 10 May"),
    ("Visit on 3 May 2025 at 10:30", "Visit on 9 May 2025 at 10:30"),
    ("Clinic appointment 1", "Clinic appointment 2"),
    ("Session 1 (3 May 2025)", "Session 2 (10 May 2025)"),
    ("Initial consultation - 3 May", "Follow-up - 10 May 2025"),
    ("Appointment: Monday, 3 May", "Appointment: Monday, 10 May"),
    ("Telephone review on 3 May 2025:", "Home visit on 10 May 2025:"),
    ("# Mr Marsh\n\n## First visit, 10 January 2025", "## Follow-up visit, 24 January 2025"),
    ("# Transcripts\n\n## Initial visit", "## Follow-up visit"),
    ("# Transcripts\n\n## 3 May", "## 10 May"),
    ("# Back pain\n\n## Week 1", "## Week 3"),
    ("# Back pain\n\n## Now", "## Two weeks later"),
    ("**Initial visit**", "**Return visit**"),
    ("=== First visit ===", "=== Follow-up visit ==="),
]
APART_BY = {"lines": "{0}\n{1}\n{2}\n{3}", "empty lines": "{0}\n\n{1}\n\n{2}\n\n{3}"}


@pytest.mark.parametrize("layout", APART_BY)
@pytest.mark.parametrize(("title", "other"), TITLES)
def test_the_title_of_a_second_visit_is_refused(title: str, other: str, layout: str) -> None:
    with pytest.raises(UserError, match=r"^line \d+ seems to begin another visit"):
        dialogue_of(APART_BY[layout].format(title, FIRST, other, SECOND))


@pytest.mark.parametrize("title", [title for pair in TITLES for title in pair])
def test_a_title_above_the_first_turn_is_no_second_visit(title: str) -> None:
    assert dialogue_of(f"{title}\n\n{FIRST}\n{SECOND}").text == f"{FIRST}\n{SECOND}"


@pytest.mark.parametrize("title", ["Reason for visit", "Since the last visit", "Medication review", "Follow-up"])
def test_a_title_of_a_section_is_no_second_visit(title: str) -> None:
    first, second = FIRST.replace("\n", "\n\n"), SECOND.replace("\n", "\n\n")
    assert dialogue_of(f"# Visit\n\n{first}\n\n## {title}\n\n{second}").text == f"{FIRST}\n{SECOND}"


ENDS = (
    "--- Conversation ended 09:06 AM ---", "Call ended", "Call ended 09:06", "09:06 Call ended", "Call has ended",
    "Video call ended at 10:15 AM", "End of chat", "Chat ended by Dr. Weiss", "[Meeting ended at 10:15]",
    "--- End of call ---", "Meeting ended: 12 min 4 s", "*** Session ended ***", "End of visit 1",
)  # fmt: skip


@pytest.mark.parametrize("line", ENDS)
def test_a_message_that_the_visit_ends_is_no_speech(line: str) -> None:
    for blank in ("", "\n"):
        assert dialogue_of(f"{FIRST}\n{SECOND}\n{blank}{line}\n").text == f"{FIRST}\n{SECOND}"
    with pytest.raises(UserError, match=r"^line \d+ seems to begin another visit"):
        dialogue_of(f"{FIRST}\n{line}\n{SECOND}")


ONE_VISIT = {
    "headers of pages": "Patient: Ivy Marsh   MRN: 4711   Page 1 of 2\n{0}\n"
    "Patient: Ivy Marsh   MRN: 4711   Page 2 of 2\n{1}",
    "title on each page": "Visit of 5 March 2026, page 1\n{0}\nVisit of 5 March 2026, page 2\n{1}",
    "identity on each page": "Patient name: Ivy Marsh\nDOB: 3/4/1980\n{0}\nPatient name: Ivy Marsh\nDOB: 3/4/1980\n{1}",
    "same date": "5 March 2026\n{0}\n\n5 March 2026\n{1}",
    "rule": "{0}\n-----\n{1}",
    "numbers above": "Date: 5 March 2026\nPatient name: Ivy Marsh\nMRN: 4711\nVisit 3\n\n{0}\n{1}",
    "pages": "{0}\nPage 1 of 2\n{1}\nPage 2 of 2",
    "pages with header and footer": "Page 1 of 2\n{0}\nPage 1 of 2\nPage 2 of 2\n{1}\nPage 2 of 2",
    "one page with header and footer": "Page 1 of 1\n{0}\n{1}\nPage 1 of 1",
    "field": "CC: eczema\n{0}\n{1}",
    "page number": "{0}\n--- page 2 ---\n{1}",
    "end": "{0}\n{1}\n\n--- End of transcript ---",
    "section titles": "# Visit\n## History\n{0}\n## Examination\n{1}",
}


@pytest.mark.parametrize("name", ONE_VISIT)
def test_one_visit_with_repeated_lines_is_read_without_them(name: str) -> None:
    dialogue = dialogue_of(ONE_VISIT[name].format(FIRST, SECOND))
    assert dialogue.text == f"{FIRST}\n{SECOND}"


@pytest.mark.parametrize(
    "said",
    [
        "Next appointment: in two weeks.",
        "Call 911 if it gets worse.",
        "I saw Mr. Bellamy there.",
        "Two visits to the clinic, on 5 March 2026 and later.",
        "Case closed, then.",
        "visit on 3 May was fine.",
        "follow-up visit on 3 May.",
        "call ended when I fell.",
        "Follow-up with the eye clinic.",
        "Appointment with the surgeon on 3 May.",
        "Session two hurt the most.",
        "Call 911",
        "Call me on 3 May",
        "Date night, you know.",
        "Name a day that suits you.",
    ],
)
def test_speech_about_visits_and_people_continues_its_turn(said: str) -> None:
    turns = dialogue_of(f"Doctor: Good.\n{said}\nPatient: Thank you.").turns
    assert [turn.said for turn in turns] == [f"Good. {said}", "Thank you."]


def test_a_doctor_who_comes_back_begins_no_second_visit() -> None:
    text = f"Doctor: Hello, come in.\n{FIRST}\n\nDoctor: Hello again.\nPatient: Hello.\n{SECOND}"
    assert "Hello again." in dialogue_of(text).text


def test_a_spoken_name_or_birthday_is_an_answer() -> None:
    asked = "Doctor: Your name?\nPatient: Tom Bellamy\nDoctor: Date of birth?\nPatient: 3 April 1980\nDoctor: MRN?\n"
    assert len(dialogue_of(asked + "Patient: MRN: 4711\nDoctor: Thanks.").turns) == 7


APART = (
    "Tom Bellamy", "Tom Bellamy, 34-year-old male", "Bellamy, Tom (M, 34)", "-- Tom Bellamy --", "=== Tom Bellamy ===",
    "Room 4", "Bed 12: Bellamy", "Slot 10:40 Bellamy", "Ms. B", "Track 2", "OSCE station 2", "id=12", "dialogue_id: 12",
    "<doc id=2>", "<|endoftext|>", "Next: Tom Bellamy", "Second visit, 2 weeks later", "Day 2", "New visit", "2.",
    "(2)",
    "Participants: Dr. Kim, Tom Bellamy", "Ref: 2026/12", "PID 4711", "Dear Mr Bellamy,", "### Tom Bellamy",
    "Clinician: Dr. Kim\nPatient: Tom Bellamy", "Patient: Tom Bellamy, 34M",
)  # fmt: skip


@pytest.mark.parametrize("line", APART)
def test_a_line_that_stands_apart_between_turns_is_refused(line: str) -> None:
    with pytest.raises(UserError, match=r"^line \d+ seems to begin another visit"):
        dialogue_of(f"{FIRST}\n\n{line}\n{SECOND}")


def test_a_paragraph_of_speech_may_stand_apart() -> None:
    said = "There is a second thing that I want to tell you."
    assert dialogue_of(f"{FIRST}\n\n{said}\n{SECOND}").turns[2].said == f"Carry on for two weeks. {said}"


@pytest.mark.parametrize(
    "said",
    [
        "Bye Doctor.",
        "Hello Doctor Helm",
        "Yes Ma'am",
        "Yes, they have it in the chart.",
        "No. But it should be in my chart.",
        "Looks like my Chart. I had Doctor Lin send the page.",
        "Aspirin and Lisinopril",
    ],
)
def test_a_short_answer_is_no_title_of_a_visit(said: str) -> None:
    assert len(dialogue_of(f"Doctor: Hi. I can understand.\nPatient: {said}\nDoctor: Yes.").turns) == 3


PART = "Doctor: What is wrong?\nPatient: My back.\nDoctor: Since when?\nPatient: Since May.\nDoctor: Rest it."


def test_turns_that_only_a_rule_divides_are_refused() -> None:
    with pytest.raises(UserError, match="the rule above line 7 divides the turns"):
        dialogue_of(f"{PART}\n---\n{PART.replace('back', 'ear')}")


def test_an_empty_line_alone_divides_nothing() -> None:
    assert len(dialogue_of(f"{PART}\n\n{PART}").turns) == 10


def test_a_rule_below_a_question_and_an_empty_line_near_a_page_number_divide_nothing() -> None:
    assert len(dialogue_of(f"{PART}\nDoctor: And now?\n---\n{PART}").turns) == 11
    assert len(dialogue_of(f"{PART}\n\nPage 2\n\n{PART}").turns) == 10


def test_turns_of_other_people_only_begin_another_visit() -> None:
    names = {"Doctor": "Nurse Low", "Patient": "Joan Marsh"}
    other = PART
    for role, name in names.items():
        other = other.replace(role, name)
    with pytest.raises(UserError, match="line 6 seems to begin another visit"):
        dialogue_of(f"{PART}\n{other}")
