"""The numbers of lines are no speech, and numbers that somebody says stay."""

import pytest

from medsum.corpus.visits import dialogue_of

LINES = (
    "Doctor: When did it", "begin?", "Patient: In May. I took", "2 tablets a day, and I think", "it helped.",
    "Doctor: Did it", "last?", "Patient: No.",
)  # fmt: skip
TEXT = (
    "Doctor: When did it begin?\nPatient: In May. I took 2 tablets a day, and I think it helped.\n"
    "Doctor: Did it last?\nPatient: No."
)
FORMS = {
    "two digits": "{0:02d}  {1}",
    "one digit": "{0} {1}",
    "aligned": "{0:>4}    {1}",
    "tabs": "{0}\t{1}",
    "stops": "{0}. {1}",
    "brackets": "{0}) {1}",
    "bars": "{0:03d} | {1}",
    "letter": "L{0:02d} {1}",
    "word": "Line {0}: {1}",
    "empty lines between": "{0} {1}\n",
}


def numbered(form: str, first: int = 1) -> str:
    return "\n".join(form.format(number, line) for number, line in enumerate(LINES, start=first))


@pytest.mark.parametrize("first", [1, 7, 98])
@pytest.mark.parametrize("name", FORMS)
def test_numbers_of_lines_are_removed_from_wrapped_lines(name: str, first: int) -> None:
    assert dialogue_of(numbered(FORMS[name], first)).text == TEXT


def test_numbers_below_a_title_and_on_two_pages_are_removed() -> None:
    lines = numbered("{0:02d} {1}").split("\n")
    for page in ("Page 2 of 2", "", "--- page 2 ---"):
        assert dialogue_of("\n".join(["Interview 4", "", *lines[:6], page, *lines[6:]])).text == TEXT


def test_an_empty_line_may_have_a_number() -> None:
    rows = numbered("{0:02d} {1}").replace("03 Patient", "03\n04 Patient").split("\n")
    rows[3:] = [f"{place:02d} {row[3:]}" for place, row in enumerate(rows[3:], start=4)]
    assert dialogue_of("\n".join(rows)).text == TEXT


SPOKEN = {
    "a list of doses": "Doctor: Take these:\n1 aspirin\n2 metoprolol\n3 paracetamol\nPatient: Fine.",
    "times in seconds": "12 Doctor: Take it for\n14 days.\n20 Patient: Fine.\n25 Doctor: Good.",
    "doses on wrapped lines": "Doctor: Take\n2 tablets.\nPatient: Now I take\n3 tablets.\nDoctor: No,\n4 a week.",
    "a dose that repeats the number of its turn": "1 Patient: I take\n2 tablets.\n2 Doctor: Good.\n3 Patient: Fine.",
    "a dose after a number with a stop": "1. Doctor: Take\n2 tablets.\n2. Patient: Fine.\n3. Doctor: Good.",
    "one tablet": "5 Doctor: Take\n1 tablet.\n6 Patient: Fine.\n7 Doctor: Good.\n8 Patient: Bye.",
    "a dose at the end": "8 Patient: How much?\n9 Doctor: Take\n10 mg.",
}
KEPT = {
    "a list of doses": "Take these: 1 aspirin 2 metoprolol 3 paracetamol",
    "times in seconds": "Take it for 14 days.",
    "doses on wrapped lines": "Take 2 tablets.",
    "a dose that repeats the number of its turn": "I take 2 tablets.",
    "a dose after a number with a stop": "Take 2 tablets.",
    "one tablet": "Take 1 tablet.",
    "a dose at the end": "Take 10 mg.",
}


@pytest.mark.parametrize("name", SPOKEN)
def test_spoken_numbers_at_the_start_of_lines_stay(name: str) -> None:
    assert KEPT[name] in [turn.said for turn in dialogue_of(SPOKEN[name]).turns]


def test_numbers_in_a_column_are_removed_from_the_last_line_too() -> None:
    text = "       ASSESSMENT\n 1   Doctor: How much?\n 2   Patient: I take\n 3   20 milligrams, and\n 4   2 drops."
    assert dialogue_of(text).text == "Doctor: How much?\nPatient: I take 20 milligrams, and 2 drops."


def test_a_dose_without_a_column_stays() -> None:
    text = "8 Patient: How much?\n9 Doctor: Take\n10 mg a day."
    assert dialogue_of(text).text == "Patient: How much?\nDoctor: Take 10 mg a day."
