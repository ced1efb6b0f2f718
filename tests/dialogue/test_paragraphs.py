"""A line that names no speaker and does not look like speech is refused, and never becomes a part of a turn."""

import pytest

from medsum.core.errors import UserError
from medsum.dialogue.reader import read

VISIT = "Doctor: How is the cough?\nPatient: It is better now.\nDoctor: Any fever?\nPatient: No, none at all."


@pytest.mark.parametrize(
    "line",
    [
        "To do this week\n- order sputum pots",
        "Chest pain since Monday",
        "Phone 020 7946 0000 tomorrow.",
        "Remember to book the scan.",
        "End of the week then.",
        "Started on Monday morning",
        "Dry cough after ramipril. Stop ramipril, start losartan.",
        "You were seen today by Dr Pike. Take one tablet at night.",
    ],
)
def test_a_paragraph_below_the_last_turn_is_refused(line: str) -> None:
    with pytest.raises(UserError, match=r"^line 6 stands apart"):
        read(f"{VISIT}\n\n{line}")


@pytest.mark.parametrize(
    "line",
    [
        "Copy by post to the other practice",
        "Disposition: home care\nCallback: no",
        "Table 1. Utterances in order",
        "Jo to book an X-ray",
        "If this is a medical emergency, call 911.",
        "This e-mail is confidential.",
        "Elm Tree - caring for you\nwww.elmtree.example | Registered in England",
        "Discussion: What did the doctor do well?\n\n1. Did you hear the question?",
        "Visitor details\n\nBrowser: Firefox\nHost name: pool-17",
    ],
)
def test_text_below_the_last_turn_that_nobody_says_is_left_out_and_told(line: str) -> None:
    found = read(f"{VISIT}\n\n{line}")
    assert found.text == read(VISIT).text
    assert found.note[0] == 6


@pytest.mark.parametrize(
    "line",
    ["-- caller placed on hold 00:42 --", "09:14:20  *** tape turned over ***", "Typist's note: a bell", "[ Photo ]"],
)
def test_an_event_between_turns_is_no_speech(line: str) -> None:
    assert read(VISIT.replace("\n", f"\n{line}\n", 1)).text == read(VISIT).text


def test_a_translator_and_a_secretary_may_speak() -> None:
    found = read(VISIT.replace("\n", "\nTranslator: He asks about the cough.\nSecretary: One moment, please.\n", 1))
    assert [turn.tag for turn in found.turns][1:3] == ["Translator", "Secretary"]


@pytest.mark.parametrize("line", ["-- and then it stopped --", "-- when the pain started --"])
def test_an_interrupted_sentence_is_speech(line: str) -> None:
    assert line.strip("- ") in read(VISIT.replace("better now.", f"better now\n{line}")).text


@pytest.mark.parametrize("gap", ["", "\n"])
def test_a_line_between_turns_that_does_not_look_like_speech_is_refused(gap: str) -> None:
    first, rest = VISIT.split("\nDoctor: Any", 1)
    with pytest.raises(UserError, match=r"^line \d stands apart"):
        read(f"{first}\n{gap}Billing code 99213 submitted\n{gap}Doctor: Any{rest}")


@pytest.mark.parametrize(
    "said",
    [
        "Doctor: The result is here.\n\nIt is benign.",
        "Doctor: I would take it out and send it\n\nto the laboratory, and then we talk.",
        "Doctor: I am so sorry about the delay in the\nlaboratory. Results take ten days",
        "Doctor: Here is what happens next.\nLisinopril: ten milligrams once a day.",
    ],
)
def test_speech_goes_on_in_the_next_line(said: str) -> None:
    turns = read(f"{said}\nPatient: Thanks. How long do I have to wait for it, and whom do I call?").turns
    assert [turn.tag for turn in turns] == ["Doctor", "Patient"]
    assert turns[0].said == " ".join(said.removeprefix("Doctor: ").split())


def test_a_last_turn_of_two_paragraphs_is_read_if_another_turn_has_two() -> None:
    text = (
        "Doctor: I have the result.\n\nIt was fine.\n\nPatient: Good.\n\nDoctor: You can go home.\n\nI will call you."
    )
    assert read(text).turns[-1].said == "You can go home. I will call you."


def test_a_form_is_refused() -> None:
    with pytest.raises(UserError, match="no turn looks like speech"):
        read("Doctor: Gale\nNurse: Rowe\nPatient: Crane")


def test_recognised_speech_in_small_letters_or_capitals_is_read() -> None:
    for text in ("doctor: any pain\npatient: in the chest", "DOCTOR: ANY PAIN\nPATIENT: IN THE CHEST"):
        assert len(read(text).turns) == 2


def test_a_field_above_the_turns_is_no_turn() -> None:
    text = f"Chat Origin: Virtual Desk\n{VISIT}"
    assert read(text).speakers == ["Doctor", "Patient"]


def test_a_field_between_the_turns_is_refused() -> None:
    with pytest.raises(UserError, match=r"^line 3 may be the only turn"):
        read(VISIT.replace("\nDoctor: Any", "\nSeen With: Team West\nDoctor: Any"))


def test_a_name_with_its_role_names_the_speaker_of_later_turns() -> None:
    text = "Dr Osei: Shall I start?\nGrace (daughter): Please.\nDr Osei: It has grown.\nGrace: What does it mean?"
    assert read(text).speakers == ["Doctor", "Grace"]


def test_the_lines_of_a_signed_note_are_known() -> None:
    note = "ASSESSMENT AND PLAN\nCough, dry.\nElectronically signed by A. Moss, MD"
    assert read(f"{VISIT}\n\n{note}").note == [6, 7, 8]


def test_a_remark_in_brackets_about_the_past_is_not_spoken() -> None:
    assert read(f"{VISIT}\n(he laughed here)").turns[-1].said == "No, none at all."


def test_a_dash_without_a_blank_before_it_ends_a_tag() -> None:
    turns = read("GP- Come in.\nPt - Thanks.\nGP- What is it?\nPt - My ear hurts.").turns
    assert [turn.speaker for turn in turns] == ["Doctor", "Patient", "Doctor", "Patient"]


def test_a_legend_may_have_dashes() -> None:
    text = "Key: C - consultant, R - registrar, P - patient\n\nC: How was the night?\nP: Good.\nR: The drain is out."
    assert read(text).speakers == ["Consultant", "Patient", "Registrar"]


def test_a_forwarded_mail_is_read_without_the_words_of_its_sender() -> None:
    mail = "Could you file it?\n\n---------- Forwarded message ---------\nFrom: Ann\nTo: Col\nSubject: visit\n\n"
    assert [turn.line for turn in read(f"{mail}{VISIT}\n\n--\nTyping desk\nExt. 4417").turns] == [8, 9, 10, 11]


@pytest.mark.parametrize(
    "dialogue",
    [
        "医師: どこが痛みますか\n患者: 膝です\n医師: いつからですか\n患者: 五月からです",
        "Arzt: Wo tut es weh\nPatient: Das Knie und die Hüfte.\nUnd auch nachts beim Liegen\nArzt: Nicht bewegen\n"
        "Patient: Ist gut",
    ],
)
def test_text_in_another_language_is_not_measured_by_english_words(dialogue: str) -> None:
    assert len(read(dialogue).turns) == 4
