"""What stands around turns: stage directions on lines of their own, times of any form, speakers of a single turn."""

import pytest

from medsum.core.errors import UserError
from medsum.corpus.visits import dialogue_of
from medsum.dialogue.turns import speaker_role

DIRECTIONS = (
    "[Patient stands up]", "*knock at the door*", "(Doctor leaves the room and returns)", "[The nurse enters]",
    "(Mother laughs)", "[Both laugh]", "[phone rings]", "(examines knee)", "[washes hands]", "{laughter}", "((laughs))",
    "[00:12] [Patient stands up]", "<<doctor types>>", "**door opens**", "[Doctor's pager beeps]", "(Pause.)",
    "[BREAK]",
    "[Patient is crying]", "[Dr. Lee leaves]", "[long silence]", "[Patient and mother enter]", "*sighs*",
    "[Doctor listens to heart and lungs]", "[Interpreter joins the call]", "- [Patient stands up]", "[End of side A]",
    "[Note: recording paused for 5 minutes]", "(Transcriber's note: she is upset)",
)  # fmt: skip
KEPT = (
    "[Patient nods]", "(shakes head)", "[inaudible]", "[Patient says it hurts]", "[It hurts.]", "(left knee)",
    "[Doctor examines the knee: swollen]", "[Patient takes two tablets]",
)  # fmt: skip


@pytest.mark.parametrize("line", DIRECTIONS)
def test_a_direction_on_its_own_line_is_not_speech(line: str) -> None:
    turns = dialogue_of(f"Doctor: Can you lift the arm?\n{line}\nPatient: Up to here (points to it).").turns
    assert [turn.said for turn in turns] == ["Can you lift the arm?", "Up to here (points to it)."]


@pytest.mark.parametrize("line", KEPT)
def test_an_answer_finding_or_gap_on_its_own_line_stays(line: str) -> None:
    turns = dialogue_of(f"Doctor: Can you lift the arm?\n{line}\nPatient: Up to here.").turns
    assert turns[0].said.endswith(line)


TURNS = [
    ("Paramedic", "Can you tell me your name?"),
    ("Patient", "Walter. Where am I?"),
    ("Paramedic", "You fell 10 minutes ago."),
    ("Bystander", "He was out."),
]
TIMES = (
    "140{i} hrs {t}:", "14:0{i} hrs {t}:", "140{i}h {t}:", "140{i} hours - {t}:", "[140{i} hrs] {t}:", "({i} min) {t}:",
    "{i} min {t}:", "[0:0{i} - 0:09] {t}:", "00m1{i}s {t}:", "[00h12m0{i}s] {t}:", "T+0{i}:10 {t}:", "+00:0{i} {t}:",
    "at 14:0{i} {t}:", "{i}'30\" {t}:", "14h0{i} {t}:", "14.0{i} {t}:", "140{i}: {t}:", "140{i}Z {t}:",
    "1{i} min 3 sec {t}:", "{t} 140{i} hrs:", "{t} (14:0{i} hrs):", "{t}, 14:0{i}:", "<00:0{i}> {t}:",
    "00:00:0{i}.120 --> 00:00:0{i}.900 {t}:", "Mar {i}, 14:02 {t}:", "3/5/2026 2:0{i} PM - {t}:", "Time 00:0{i} {t}:",
    "00:0{i}:12;05 {t}:", "14:0{i} Uhr {t}:", "[14:0{i}:01 EST] {t}:", "14:0{i} UTC {t}:", "{t} | 00:0{i} |",
    "{t} @ 00:0{i}:", "S{i} 00:0{i} {t}:", "{i}m {t}:", "[00:0{i}:01.123 ID] {t}:", "Room 4 - {t}:", "[seg {i}] {t}:",
)  # fmt: skip


@pytest.mark.parametrize("form", TIMES)
def test_a_time_of_any_form_is_neither_speech_nor_part_of_a_speaker(form: str) -> None:
    text = "\n".join(f"{form.format(i=i, t=tag)} {said}" for i, (tag, said) in enumerate(TURNS, start=1))
    assert [(turn.speaker, turn.said) for turn in dialogue_of(text).turns] == TURNS


def test_an_unknown_speaker_below_a_time_is_refused_and_not_swallowed() -> None:
    text = "[00:01] Doctor: Any pain?\n[00:02] Patient: Yes.\n[00:03] mrs kowalski: He fell.\n[00:04] Doctor: I see."
    with pytest.raises(UserError, match="line 3 has a time, as the turns have"):
        dialogue_of(text)


@pytest.mark.parametrize("line", ["[00:03] Since May.", "[00:03] LDL: 160", "[00:03] Lisinopril: ten milligrams"])
def test_a_line_with_a_time_and_without_speaker_continues_the_turn(line: str) -> None:
    text = f"[00:01] Doctor: Any pain?\n[00:02] Patient: Yes.\n{line}\n[00:04] Doctor: I see."
    assert dialogue_of(text).turns[1].said == f"Yes. {line.partition('] ')[2]}"


@pytest.mark.parametrize(
    "tag",
    ["CHILD", "Boy", "Bystander", "WITNESS", "Police Officer", "Stepmother", "Roommate", "Chaplain", "Teen"],
)
def test_someone_with_a_role_and_one_turn_is_a_speaker(tag: str) -> None:
    dialogue = dialogue_of(f"DOCTOR: Which ear is it?\n{tag}: This one.\nPATIENT: I was up all night.")
    assert [turn.said for turn in dialogue.turns] == ["Which ear is it?", "This one.", "I was up all night."]
    assert dialogue.speakers[1] == (tag.title() if tag.isupper() else tag)


def test_a_child_speaks_as_the_patient() -> None:
    assert speaker_role("Child") == "Patient Child"
    assert speaker_role("Bystander") == "Guest_family Bystander"
