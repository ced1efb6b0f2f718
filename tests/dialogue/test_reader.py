"""Claims on the reader: what stands around a turn changes neither the turns nor one flag, and work grows linearly."""

import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsum.core.errors import UserError
from medsum.corpus.visits import dialogue_of
from medsum.dialogue.reader import read
from medsum.faithfulness.evidence import evidence

DOCTOR_SAYS = (
    "Do you have any chest pain?", "Any fever or chills?", "How much lisinopril do you take?", "Is it the left knee?",
    "Okay, let's get an X-ray of the hip.", "When did it start?", "Do you smoke?",
)  # fmt: skip
PATIENT_SAYS = (
    "No, I don't have chest pain.", "Ha - no: never.", "I can't bend the left knee.", "Ten milligrams, once a day.",
    "Since 10:30, doctor.", "No.", "Yes, for two weeks now.", "I haven't had a fever.",
    "My list says: lisinopril 10 mg.", "It isn't 42 days, it's 5.",
)  # fmt: skip
NOTES = (
    "Denies chest pain. Takes lisinopril 10 mg daily.", "Reports chest pain and fever for 42 days.",
    "Right knee pain since 3 weeks. Smoker.", "No fever. Lisinopril 20 mg twice a day.",
)  # fmt: skip
exchanges = st.lists(st.tuples(st.sampled_from(DOCTOR_SAYS), st.sampled_from(PATIENT_SAYS)), min_size=2, max_size=6)
APOSTROPHES = "\u2018\u2019\u00b4\u2032\u02bc\uff07`\u201b"
Wrap = Callable[[list[tuple[str, str]]], str]


def turns(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [turn for asked, answered in pairs for turn in (("Doctor", asked), ("Patient", answered))]


def lined(form: str, doctor: str = "Doctor", patient: str = "Patient", between: str = "\n") -> Wrap:
    """Each turn in a form with {n}, {clock}, {tag} and {said}, with other tags and between other separators."""

    def wrap(pairs: list[tuple[str, str]]) -> str:
        tags = {"Doctor": doctor, "Patient": patient}
        return between.join(
            form.format(n=n, clock=f"00:{n // 6:02}:{n * 10 % 60:02}", tag=tags[speaker], said=said)
            for n, (speaker, said) in enumerate(turns(pairs), start=1)
        )

    return wrap


FORMS = {
    "plain": lined("{tag}: {said}"),
    "stamps in brackets": lined("[{clock}] {tag}: {said}"),
    "bare stamps": lined("{clock} {tag}: {said}"),
    "stamps after the tag": lined("{tag} ({clock}): {said}"),
    "numbers": lined("{n}. {tag}: {said}"),
    "bullets": lined("- {tag}: {said}"),
    "mail": lined("> {tag}: {said}"),
    "subtitles": lined("{n}\n{clock},000 --> {clock},900\n{tag}: {said}\n"),
    "voices": lambda pairs: "WEBVTT\n\n" + lined("{clock}.000 --> {clock}.900\n<v {tag}>{said}</v>\n")(pairs),
    "tags alone": lined("{tag}\n{said}\n"),
    "markdown": lined("**{tag}:** {said}"),
    "brackets": lined("[{tag}] {said}"),
    "brackets in one line": lined("[{tag}] {said}", between=" "),
    "one line": lined("{tag}: {said}", between=" "),
    "bars": lined("{tag}: {said}", between=" | "),
    "slashes": lined("{tag}: {said}", between=" // "),
    "literal breaks": lined("{tag}: {said}", between="\\n"),
    "html": lined("{tag}: {said}", between="<br>"),
    "capitals": lined("{tag}: {said}", "DOCTOR", "PATIENT"),
    "lower case": lined("{tag}: {said}", "doctor", "patient"),
    "short": lined("{tag}: {said}", "Dr.", "Pt", between=" "),
    "letters": lined("{tag}: {said}", "D", "P", between=" "),
    "names": lined("{tag}: {said}", "Doctor (Lee)", "Patient (Ana Lopez)"),
    "numbers of people": lined("{tag}: {said}", "Provider #1", "Patient #1"),
    "misspelt": lined("{tag}: {said}", "Docotr", "Pateint"),
    "marks": lined("\u200f{tag}\u200e: {said}"),
    "full width": lined("{tag}\uff1a{said}"),
    "dashes": lined("{tag} - {said}"),
    "tabs": lined("{tag}\t{said}"),
    "line ends": lined("{tag}: {said}", between="\r\n\r\n"),
}


def flags(dialogue: str, note: str) -> list[tuple[Any, ...]]:
    return [(flag.category, flag.severity, flag.start, flag.end, flag.turns) for flag in evidence(dialogue, note).flags]


@pytest.mark.parametrize("form", FORMS)
@given(exchanges, st.sampled_from(NOTES))
def test_what_stands_around_turns_changes_neither_them_nor_a_flag(
    form: str, pairs: list[tuple[str, str]], note: str
) -> None:
    found = dialogue_of(FORMS[form](pairs))
    assert [(turn.speaker, turn.said) for turn in found.turns] == turns(pairs)
    plain = "\n".join(f"{speaker}: {said}" for speaker, said in turns(pairs))
    assert flags(found.text, note) == flags(plain, note)


@given(exchanges, st.sampled_from(APOSTROPHES), st.sampled_from(NOTES))
def test_look_alikes_of_the_apostrophe_change_no_flag(pairs: list[tuple[str, str]], sign: str, note: str) -> None:
    plain = FORMS["plain"](pairs)
    found = dialogue_of(plain.replace("'", sign))
    assert found.text == plain
    assert flags(found.text, note) == flags(plain, note)


@pytest.mark.parametrize(
    "broken", ["don\ufffdt", "don?t", "don\u00e2\u20ac\u2122t", "do n't", "don ' t", "don&#39;t", "don\\u2019t"]
)
def test_a_lost_apostrophe_never_turns_a_denial_round(broken: str) -> None:
    found = dialogue_of(f"Doctor: Any pain?\nPatient: I {broken} have chest pain.")
    assert found.turns[1].said == "I don't have chest pain."


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Doctor: Any pain?\nKowalski: He fell down.\nPatient: Yes.", 2),
        ("Tell me what happened. I will listen.\n\nDoctor: Any pain?\nPatient: Yes.", 1),
    ],
)
def test_a_line_that_cannot_be_placed_is_named(text: str, line: int) -> None:
    with pytest.raises(UserError, match=f"line {line}") as refused:
        read(text)
    assert "Kowalski" not in str(refused.value)
    assert "happened" not in str(refused.value)


@pytest.mark.parametrize(
    "listed",
    [
        "Mother: Diabetes.\nFather: Healthy.",
        "Mother: type 2 diabetes\nFather: died of a heart attack at 60\nBrother: asthma",
        "Maternal grandmother: Alzheimer's\nAunt: breast cancer at 50",
    ],
)
def test_a_list_of_relatives_and_their_illnesses_is_part_of_the_turn_before(listed: str) -> None:
    turns = read(f"Doctor: This is the family history that I have.\n{listed}\nPatient: That's right.").turns
    assert [turn.speaker for turn in turns] == ["Doctor", "Patient"]
    assert turns[0].said.endswith(listed.replace("\n", " "))


@pytest.mark.parametrize(
    "answers",
    [
        "Mother: Asthma.\nFather: And eczema.",
        "Mother: Three days.\nFather: Four.",
        "Mother: He is healthy.\nFather: Yes.",
    ],
)
def test_relatives_who_answer_a_question_speak(answers: str) -> None:
    turns = read(f"Doctor: What does he have?\n{answers}\nDoctor: Thank you.").turns
    assert [turn.speaker for turn in turns] == ["Doctor", "Mother", "Father", "Doctor"]


def test_two_doctors_stay_apart() -> None:
    found = read("Dr. Lee: Any pain?\nPatient: No.\nDr. Kim: Let me look.\nDr. Lee: Thanks.")
    assert [turn.speaker for turn in found.turns] == ["Doctor", "Patient", "Doctor_2", "Doctor"]


def test_another_language_is_refused_with_the_share_seen_unless_any_is_allowed() -> None:
    text = "Doctor: ¿Qué le duele?\nPatient: Me duele mucho la rodilla desde hace tres días y no puedo caminar."
    with pytest.raises(UserError, match=r"does not look like English \(0% of its 16 words"):
        dialogue_of(text)
    assert len(dialogue_of(text, english=False).turns) == 2


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("Was fehlt Ihnen?", "Kopfschmerzen seit drei Tagen."),
        ("\u015eikayetiniz nedir?", "\u00dc\u00e7 g\u00fcnd\u00fcr ba\u015f\u0131m a\u011fr\u0131yor."),
        ("O que sente?", "Dor no peito."),
        ("\u00bfLe duele?", "S\u00ed, mucho."),
        ("\u00bfTiene fiebre?", "No."),
        ("\u00bfFiebre?", "No."),
        ("Febre?", "Sim."),
        ("D\u00f3i?", "D\u00f3i."),
    ],
)
def test_a_short_dialogue_in_another_language_is_refused_too(asked: str, answered: str) -> None:
    with pytest.raises(UserError, match="does not look like English"):
        dialogue_of(f"Doctor: {asked}\nPatient: {answered}")


@pytest.mark.parametrize("text", ["Doctor: \u00bfTos? Paciente: No.", "Doctor: Fiebre?\nPaciente: No."])
def test_the_spanish_tag_of_a_patient_is_read_and_refused_by_language(text: str) -> None:
    with pytest.raises(UserError, match="does not look like English"):
        dialogue_of(text)
    assert dialogue_of(text, english=False).speakers == ["Doctor", "Patient"]


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("Nausea, vomiting, dysuria?", "Vomiting, chills. M\u00e9ni\u00e8re's disease."),
        ("Hay fever?", "No."),
        ("Prior MI?", "No."),
        ("Blood group?", "O."),
        ("Diagnosis?", "M\u00e9ni\u00e8re's."),
    ],
)
def test_a_terse_dialogue_in_english_is_read(asked: str, answered: str) -> None:
    assert len(dialogue_of(f"Doctor: {asked}\nPatient: {answered}").turns) == 2


def calls(text: str) -> int:
    """Function calls that reading takes: work, whatever the machine is busy with."""
    counted: Counter[str] = Counter()
    sys.setprofile(lambda _, event, __: counted.update([event]) if event.endswith("call") else None)
    try:
        read(text)
    finally:
        sys.setprofile(None)
    return counted.total()


@pytest.mark.parametrize(
    "turn",
    ["Doctor: Any pain? Patient: No. ", "Doctor: Any pain?\nPatient: No.\n", "[doctor] hi [patient] no ", "a: b "],
    ids=["one line", "lines", "brackets", "colons"],
)
def test_work_grows_as_the_text_does(turn: str) -> None:
    few, many = (calls("Doctor: Well. " + turn * times) for times in (200, 1600))
    assert many < 8.5 * few


@pytest.mark.slow
def test_ten_megabytes_in_one_line_and_a_hundred_thousand_turns_are_read() -> None:
    assert len(read("Doctor: Any pain? Patient: No. " * 50_000).turns) == 100_000
    assert len(read("Doctor: " + "word " * 2_000_000).turns) == 1


def test_a_wrapped_line_that_looks_like_a_learnt_prefix_is_speech() -> None:
    text = "Day 5 Doctor: Any pain?\nDay 5 Patient: It was bad all week.\nDay 5 was the worst.\nDay 6 Doctor: And now?"
    assert read(text).turns[1].said == "It was bad all week. Day 5 was the worst."
