import pytest

from medsum.facts.note_facts import read_note_facts
from medsum.faithfulness.dialogue_facts import read_dialogue_facts
from medsum.faithfulness.error_flags import find_errors
from medsum.faithfulness.flags import Flag


def flags(said: str, note: str) -> list[Flag]:
    return find_errors(read_dialogue_facts(f"Patient: {said}"), read_note_facts(note))


@pytest.mark.parametrize(
    ("said", "note"),
    [
        ("I've had the cough for three days.", "Cough for three years."),
        ("It started two weeks ago.", "Began 2 months ago."),
        ("She is eighteen months old.", "An 18-year-old."),
        ("I take methotrexate once a week.", "Methotrexate daily."),
        ("I take methotrexate, six tablets, on Fridays, once a week.", "Methotrexate 6 tablets once daily."),
        ("The rash comes twice a week.", "Rash twice a day."),
        ("I've smoked for forty years.", "Smoked for 40 months."),
        ("It lasts ten minutes.", "It lasts 10 hours."),
        ("Metformin, one gram, twice a day.", "Metformin 1 g twice a week."),
    ],
)
def test_a_number_with_another_unit_of_time_is_flagged(said: str, note: str) -> None:
    assert any(flag.category in ("time", "quantity") for flag in flags(said, note))


@pytest.mark.parametrize(
    ("said", "note"),
    [
        ("For two weeks.", "For 14 days."),
        ("It's been twelve weeks.", "For 3 months."),
        ("A year and a half.", "For 18 months."),
        ("Two days ago.", "48 hours ago."),
        ("Every twelve hours.", "Twice daily."),
        ("Every other day I take it.", "Takes it once every 2 days."),
        ("My temperature was a hundred and one degrees.", "Temperature 38.3 °C."),
        ("I weigh two hundred pounds.", "Weight 91 kg."),
        ("He's five foot ten.", "Height 178 cm."),
        ("Half a gram of metformin.", "Metformin 500 mg."),
        ("It's been a year.", "For 1 year."),
        ("Three or four days.", "For 3 days."),
        ("I take it on Fridays.", "Taken once weekly."),
        ("Keflex five hundred, four times daily.", "Cephalexin 500 mg four times daily."),
    ],
)
def test_an_equal_amount_in_other_units_is_not_flagged(said: str, note: str) -> None:
    assert flags(said, note) == []


def test_doses_and_frequencies_of_two_drugs_are_not_exchanged() -> None:
    said = (
        "Methotrexate once a week and folic acid every day. Lisinopril, ten milligrams, and metoprolol, 50 milligrams."
    )
    assert flags(said, "Methotrexate weekly, folic acid daily. Lisinopril 10 mg. Metoprolol 50 mg.") == []
    assert [flag.category for flag in flags(said, "Methotrexate daily, folic acid daily.")] == ["quantity"]
    assert len(flags(said, "Lisinopril 50 mg. Metoprolol 10 mg.")) == 2


def test_an_answers_dose_belongs_to_the_drug_that_was_asked_about() -> None:
    dialogue = (
        "Doctor: Do you take lisinopril?\nPatient: Yes.\nDoctor: How much?\nPatient: Ten milligrams.\n"
        "Doctor: And metoprolol?\nPatient: Fifty milligrams."
    )
    assert find_errors(read_dialogue_facts(dialogue), read_note_facts("Lisinopril 10 mg. Metoprolol 50 mg.")) == []
    (flag,) = find_errors(read_dialogue_facts(dialogue), read_note_facts("Lisinopril 10 mg. Metoprolol 10 mg."))
    assert (flag.category, flag.severity) == ("medication", "major")


@pytest.mark.parametrize(
    ("said", "note", "severity"),
    [
        ("I take metformin twice a day.", "Metformin three times a day.", "major"),
        ("I took amoxicillin for seven days.", "Amoxicillin for 10 days.", "major"),
        ("I've had the cough for three days.", "Cough for 3 years.", "major"),
        ("I've had the cough for three days.", "Cough for 5 days.", "minor"),
    ],
)
def test_a_wrong_frequency_or_span_of_a_drug_is_major(said: str, note: str, severity: str) -> None:
    assert {flag.severity for flag in flags(said, note)} == {severity}
