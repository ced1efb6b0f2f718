from benchmarks.judge.labelled_notes import place, score

RIGHT = "Cough for 3 days. No fever."
ROW = {
    "id": "t1",
    "dialogue": "Doctor: Any fever?\nPatient: No. I have had a cough for three days.",
    "note": RIGHT,
    "rewrites": ["Cough for three days. No fever.", "Cough for 3 days. No fever. Has asthma."],
    "rewrite_kinds": ["number-words", "order"],
    "errors": [
        {"category": "time_unit", "note": "Cough for 3 years. No fever.", "wrong": "3 years", "severity": "major"},
        {"category": "negation", "note": "Cough for 3 days. Fever.", "wrong": "Fever", "severity": "major"},
        {"category": "omission", "note": "Cough for 3 days.", "wrong": "", "severity": "minor"},
        {"category": "person", "note": "Cough for 3 days. He is kind.", "wrong": "He is kind", "severity": "minor"},
    ],
}


def test_errors_are_found_at_their_words_and_clean_texts_are_not() -> None:
    table = score([ROW])
    assert table.found["alone"] == {"time_unit": 1, "negation": 1, "person": 0, "omission": 0}
    assert table.found["reference"] == {"time_unit": 1, "negation": 1, "person": 0, "omission": 1}
    assert (table.notes, table.flagged["any"], table.rewrites, table.rewrites_flagged) == (1, 0, 2, 1)
    assert table.missed == ["t1 person: 'He is kind'"]


def test_the_wrong_words_are_those_where_the_notes_differ() -> None:
    error = {"note": "3 days of cough, 3 days of fever.", "wrong": "3 days"}
    assert place("3 days of cough, 2 days of fever.", error) == (17, 23)
