"""A correct note with a different wording than the dialogue gets no flag. A wrong note still gets a flag."""

import pytest

from medsum.facts.note_facts import read_note_facts
from medsum.faithfulness.dialogue_facts import read_dialogue_facts
from medsum.faithfulness.error_flags import find_errors

_PAIRS = [
    ("Patient: Metformin, five hundred twice a day.", "Metformin 500 mg BID.", "Metformin 850 mg BID."),
    (
        "Patient: Aleve, one in the morning and one at night.",
        "Takes Aleve twice daily.",
        "Takes Aleve four times daily.",
    ),
    (
        "Doctor: Methotrexate, how do you take it?\nPatient: Once a week. And folic acid daily.",
        "Methotrexate once weekly.",
        "Methotrexate once daily.",
    ),
    ("Doctor: Your temperature is thirty-seven eight.", "Temp 37.8 °C.", "Temp 39.1 °C."),
    (
        "Doctor: Does asthma run in your family?\nPatient: My brother has it.",
        "Brother has asthma.",
        "Father has asthma.",
    ),
    (
        "Patient: My dad's brother had a stroke.",
        "Uncle had a stroke.",
        "Patient had a stroke.",
    ),
    ("Patient: His sister had a cold. She's got asthma.", "Sister has asthma.", "Mother has asthma."),
    (
        "Doctor: Let's stop the omeprazole and start pantoprazole.",
        "Stop omeprazole, start pantoprazole.",
        "Continue omeprazole.",
    ),
    (
        "Doctor: Naproxen, two hundred four times a day, for a week.",
        "Naproxen 200 mg QID for 1 week.",
        "Naproxen 400 mg QID for 1 week.",
    ),
    ("Doctor: Leave the losartan at fifty.", "Continue losartan 50 mg.", "Continue losartan 25 mg."),
    ("Mother: She was a hundred and three this morning.", "T 103 this morning.", "T 99 this morning."),
    ("Doctor: We gave it at two fifteen.", "Given at 2:15.", "Given at 4:50."),
    (
        "Patient: I get them four or five nights a week.",
        "Occur 4-5 nights a week.",
        "Occur 2 nights a week.",
    ),
    ("Doctor: The gap is nearly a centimeter.", "Gap 1 cm.", "Gap 4 cm."),
    ("Doctor: He's been in the unit for nine days now.", "ICU day 9.", "ICU day 14."),
    (
        "Doctor: Are you allergic to anything?\nPatient: No.\nDoctor: I'll start ceftriaxone.",
        "Start ceftriaxone; no allergies.",
        "Allergic to ceftriaxone.",
    ),
    (
        "Doctor: Ever had a mammogram?\nPatient: Never.\nDoctor: I'd like you to have one.",
        "Schedule her first mammogram.",
        "Had a mammogram last year.",
    ),
    (
        "Doctor: Have you had the shingles vaccine?\nPatient: Not yet. Let's do it.",
        "Shingles vaccine today.",
        "Received the shingles vaccine in 2019.",
    ),
    (
        "Doctor: Any vomiting?\nPatient: No. \nDoctor: If you start to vomit, go to the ER.",
        "No vomiting. ER for vomiting.",
        "Vomiting.",
    ),
    (
        "Patient: No migraines for a year, and the asthma is about the same.",
        "Migraine-free for 1 year.",
        "Migraine for 1 year.",
    ),
    (
        "Doctor: Any chest pain?\nPatient: No.\nDoctor: Then I'll give you sumatriptan.",
        "No chest pain so sumatriptan given.",
        "Chest pain.",
    ),
]


@pytest.mark.parametrize(("dialogue", "right", "wrong"), _PAIRS)
def test_the_right_note_is_clean_and_the_wrong_one_flagged(dialogue: str, right: str, wrong: str) -> None:
    dialogue_facts = read_dialogue_facts(dialogue)
    assert not find_errors(dialogue_facts, read_note_facts(right))
    assert find_errors(dialogue_facts, read_note_facts(wrong))


@pytest.mark.parametrize(
    ("dialogue", "note"),
    [
        ("Doctor: When did you last have a fever?\nPatient: Not since the flu in June.", "No fever since June."),
        ("Doctor: Your blood tests are back, the kidneys are fine.", "Creatinine normal."),
        ("Doctor: You take baby aspirin?\nPatient: Yes, every day.", "Aspirin 81 mg daily."),
        ("Doctor: Temperature is ninety-eight six.", "Afebrile."),
        ("Patient: I stopped the Flovent in June.", "He was started on Flovent but stopped it in June."),
        ("Patient: It began at 9:30 at night.", "Began at 9:30 PM."),
        ("Patient: My late husband's cane helps me walk.", "Walks with a cane."),
        ("Patient: I'm not eating, I've no interest in food.", "Reduced appetite."),
        ("Doctor: I'd rather not give you mefloquine.", "Mefloquine avoided."),
        ("Doctor: Methotrexate once a week, not daily, and folic acid on the others.", "Folic acid on other days."),
        ("Doctor: Could you use paracetamol?\nPatient: Nobody told me that.", "Advised to use paracetamol."),
        ("Dentist: Penicillin all right?\nPatient: No, penicillin brings me out in hives.", "Allergy: penicillin."),
        ("Patient: The sulfa gave me a rash.\nDoctor: No Bactrim, then.", "Allergy: sulfa (rash)."),
        ("Doctor: Do you vape?\nPatient: I do.", "No medication for now, advised to cut down vaping."),
        ("Patient: I see zigzag lines before the migraine.", "Migraine with aura."),
    ],
)
def test_other_words_for_the_same_raise_no_flag(dialogue: str, note: str) -> None:
    assert not find_errors(read_dialogue_facts(dialogue), read_note_facts(note))


def test_pain_denied_and_nowhere_affirmed_contradicts_pain_of_a_part() -> None:
    dialogue_facts = read_dialogue_facts("Doctor: Any pain in it?\nPatient: No pain. It is just gritty.")
    assert {flag.category for flag in find_errors(dialogue_facts, read_note_facts("Reports eye pain."))} == {"negation"}
