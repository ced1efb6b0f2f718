"""A lost or changed sign of quantity is a wrong quantity, major; the same quantity in other signs is none."""

import pytest

from medsum.facts.extraction import extract, extract_dialogue
from medsum.facts.note_facts import read_note_facts
from medsum.faithfulness.alignment import lexical_similarity
from medsum.faithfulness.dialogue_facts import read_dialogue_facts
from medsum.faithfulness.error_flags import find_errors
from medsum.faithfulness.features import case
from medsum.faithfulness.flags import Flag
from medsum.faithfulness.scores import scores

NOTHING = "Doctor: Let me write that down.\nPatient: Okay."


def wrong_quantities(prediction: str, reference: str, dialogue: str = NOTHING) -> list[Flag]:
    flags = find_errors(read_dialogue_facts(dialogue), read_note_facts(prediction), read_note_facts(reference))
    return [flag for flag in flags if flag.of == "summary" and flag.category in ("quantity", "medication")]


@pytest.mark.parametrize(
    ("reference", "prediction"),
    [
        ("Levothyroxine 50 µg daily.", "Levothyroxine 50 g daily."),
        ("Levothyroxine 50 μg daily.", "Levothyroxine 50 mg daily."),
        ("Fentanyl 2 µg/kg.", "Fentanyl 2 g/kg."),
        ("Take ½ tablet daily.", "Take 12 tablet daily."),
        ("Take 1½ tablets daily.", "Take 112 tablets daily."),
        ("Pain for 1½ hours.", "Pain for 112 hours."),
        ("A1c <7.", "A1c 7."),
        ("A1c <7.", "A1c >7."),
        ("A1c <7%.", "A1c 7%."),
        ("BP goal ≤140.", "BP goal 140."),
        ("Aged ≥65.", "Aged 65."),
        ("Potassium ≥5.5.", "Potassium at most 5.5."),
        ("Potassium at least 5.5.", "Potassium less than 5.5."),
        ("Platelets 200 x 10^9/L.", "Platelets 200 x 109/L."),
        ("Platelets 200 ×10⁹/L.", "Platelets 200 ×10⁶/L."),
        ("WBC 5 ×10³/µL.", "WBC 5 ×10³/L."),
    ],
)
def test_a_lost_sign_is_a_major_wrong_quantity(reference: str, prediction: str) -> None:
    flags = wrong_quantities(prediction, reference)
    assert [flag.severity for flag in flags] == ["major"]
    said = prediction[flags[0].start : flags[0].end]
    assert any(digit.isdigit() for digit in said)


@pytest.mark.parametrize(
    ("reference", "prediction"),
    [
        ("Levothyroxine 50 µg daily.", "Levothyroxine 50 mcg daily."),
        ("Levothyroxine 50 µg daily.", "Levothyroxine 0.05 mg daily."),
        ("Take ½ tablet daily.", "Take 1/2 tablet daily."),
        ("Take 1½ tablets daily.", "Take 1 1/2 tablets daily."),
        ("A1c <7.", "A1c less than 7."),
        ("A1c <7.", "A1c under 7."),
        ("BP goal ≤140.", "BP goal at most 140."),
        ("BP goal ≤140.", "BP goal <=140."),
        ("Aged ≥65.", "Aged at least 65."),
        ("Platelets 200 x 10^9/L.", "Platelets 200 x 10 to the power of 9/L."),
        ("Platelets 200 ×10⁹/L.", "Platelets 200 x 10*9/L."),
        ("WBC 5 ×10³/µL.", "WBC 5 x 10^9/L."),
        ("Pain over 2 weeks.", "Pain 2 weeks."),
    ],
)
def test_the_same_quantity_in_other_signs_is_none(reference: str, prediction: str) -> None:
    assert wrong_quantities(prediction, reference) == []


@pytest.mark.parametrize(
    ("dialogue", "summary", "wrong"),
    [
        ("Doctor: Your A1c should be under seven.", "A1c <7.", False),
        ("Doctor: Your A1c should be under seven.", "A1c >7.", True),
        ("Doctor: Your A1c is seven.", "A1c <7.", False),  # speech need not say it
        ("Doctor: Keep the A1c <7.", "A1c 7.", True),
        ("Patient: For at least two weeks.", "For two weeks.", False),
        ("Doctor: Take levothyroxine fifty micrograms daily.", "Levothyroxine 50 g daily.", True),
        ("Doctor: Take levothyroxine fifty micrograms daily.", "Levothyroxine 50 µg daily.", False),
        ("Doctor: The count is ten to the ninth per liter.", "Count 10^9/L.", False),
        ("Patient: One and a half tablets.", "1½ tablets.", False),
    ],
)
def test_speech_bears_a_sign_out_or_contradicts_it(dialogue: str, summary: str, wrong: bool) -> None:
    flags = find_errors(read_dialogue_facts(dialogue), read_note_facts(summary))
    assert [flag.severity for flag in flags] == (["major"] if wrong else [])


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("200 x 10^9/L", ("measure", "200", "10^9/l")),
        ("200 ×10⁹/L", ("measure", "200", "10^9/l")),
        ("200 x 10*9/L", ("measure", "200", "10^9/l")),
        ("200 x 10 to the power of 9/L", ("measure", "200", "10^9/l")),
        ("ten to the ninth", ("measure", "1", "10^9")),
        ("3 x 10^-3", ("measure", "3", "10^-3")),
    ],
)
def test_a_power_of_ten_is_one_quantity(text: str, quantity: tuple[str, str, str]) -> None:
    assert [(fact.kind, fact.value, fact.unit) for fact in extract(text)] == [quantity]


def test_words_of_speech_leave_open_whether_a_bound_is_included() -> None:
    [note] = extract("At least 65.")
    [spoken] = extract_dialogue("Patient: At least sixty five.")
    assert (note.bound, spoken.bound) == ("at least", "over")


@pytest.mark.parametrize(
    ("reference", "prediction"),
    [("Levothyroxine 50 µg daily.", "Levothyroxine 50 g daily."), ("A1c <7.", "A1c 7.")],
)
def test_a_lost_sign_costs_factual_f1(reference: str, prediction: str) -> None:
    lost = scores(case(NOTHING, reference, prediction), lexical_similarity)
    whole = scores(case(NOTHING, reference, reference), lexical_similarity)
    assert lost["factual_f1"] < whole["factual_f1"] - 0.02
