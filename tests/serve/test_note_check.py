"""Evidence and flags of a note, for programs and for people."""

from medsum.serve.note_check import check, marked

DIALOGUE = (
    "Doctor: What brings you in?\nPatient: I've had headaches for two weeks.\nDoctor: Any fever?\n"
    "Patient: No fever.\nDoctor: What do you take?\nPatient: Ibuprofen, four hundred milligrams."
)
FAITHFUL = "Headaches for 2 weeks. No fever. Takes ibuprofen 400 mg."
WRONG = "Headaches for 3 weeks. Takes ibuprofen 400 mg."


def test_each_sentence_names_the_turns_that_bear_it_out() -> None:
    found = check(DIALOGUE, FAITHFUL)["evidence"]
    assert [row["sentence"] for row in found] == ["Headaches for 2 weeks.", "No fever.", "Takes ibuprofen 400 mg."]
    assert 2 in found[0]["turns"]
    assert {3, 4} & set(found[1]["turns"])  # asked and answered
    assert 6 in found[2]["turns"]
    assert all(FAITHFUL[row["start"] : row["end"]].strip() == row["sentence"] for row in found)


def test_what_the_dialogue_says_is_not_flagged() -> None:
    assert check(DIALOGUE, FAITHFUL)["flags"] == []


def test_a_wrong_number_is_flagged_at_its_place_with_a_reason() -> None:
    [flag] = check(DIALOGUE, WRONG)["flags"]
    assert WRONG[flag["start"] : flag["end"]] == flag["text"]
    assert "3" in flag["text"]
    assert flag["reason"]


def test_the_marked_text_shows_marks_turns_and_reasons() -> None:
    note = {"summary": WRONG, **check(DIALOGUE, WRONG)}
    text = marked(DIALOGUE, note)
    flag = note["flags"][0]
    assert f">>{flag['text']}<<" in text
    assert flag["reason"] in text
    assert "  6  Patient: Ibuprofen, four hundred milligrams." in text
    assert text.replace(">>", "").replace("<<", "").startswith("Headaches for 3 weeks. [")
