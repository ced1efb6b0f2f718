"""Words of any script: what English scores lose is kept, and texts in ASCII are split as before."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsum.metrics import rouge
from medsum.metrics.summary_statistics import statistics
from medsum.metrics.words import are_ascii_mostly, english_words, words_of_any_script

NOTES = {
    "Japanese": "五月から左膝が痛い。発熱なし。",
    "Chinese": "左膝疼痛,自五月起。",
    "Arabic": "ألم في الركبة اليسرى منذ مايو.",
    "Hindi": "मई से बाएँ घुटने में दर्द।",
    "Korean": "오월부터 왼쪽 무릎 통증.",
    "Russian": "Боль в левом колене с мая.",
    "Greek": "Πόνος στο αριστερό γόνατο από τον Μάιο.",
    "Thai": "ปวดเข่าซ้ายตั้งแต่เดือนพฤษภาคม",
    "Spanish": "Dolor de rodilla izquierda desde el año pasado.",
}


@pytest.mark.parametrize("language", NOTES)
def test_a_note_equal_to_its_reference_has_rouge_one_in_any_language(language: str) -> None:
    note = NOTES[language]
    found = rouge.scores([note], [note], stemmer=False, any_language=True)
    assert found == {name: [1.0] for name in rouge.ROUGE_METRICS}
    form = statistics(note, note, note, any_language=True)
    assert (form["length_ratio"], form["novel_unigrams"], form["empty"]) == (1, 0, 0)


@pytest.mark.parametrize("language", NOTES)
def test_a_note_shares_nothing_with_one_in_another_script(language: str) -> None:
    [score] = rouge.scores([NOTES[language]], ["No pain."], stemmer=False, any_language=True)["rouge1"]
    assert score == 0


def test_half_of_the_words_give_half_of_the_score() -> None:
    assert rouge.scores(["膝が"], ["膝が痛い"], stemmer=False, any_language=True)["rouge1"] == [pytest.approx(2 / 3)]
    [score] = rouge.scores(["घुटने में"], ["घुटने में दर्द है"], stemmer=False, any_language=True)["rouge1"]
    assert score == pytest.approx(2 / 3)


def test_vowel_signs_accents_and_joiners_stay_in_their_word() -> None:
    assert words_of_any_script("घुटने, está ré\u200dsumé; ไม่") == ["घुटने", "está", "résumé", "ไ", "ม่"]


@given(st.text(st.characters(max_codepoint=127)))
def test_a_text_in_ascii_has_the_same_words_as_in_english(text: str) -> None:
    assert words_of_any_script(text) == english_words(text)


def test_a_stage_that_does_not_know_the_language_goes_by_the_letters() -> None:
    note = NOTES["Japanese"]
    assert rouge.mean_rouge_l([note], [note]) == 1
    assert are_ascii_mostly([NOTES["Spanish"]])
    assert not are_ascii_mostly([note])


@pytest.mark.parametrize(("note", "unfinished"), [("痛みなし。", 0), ("痛みな", 1), ("هل ألم؟", 0), ("दर्द नहीं।", 0)])
def test_closing_marks_of_other_scripts_end_a_note(note: str, unfinished: int) -> None:
    assert statistics(note, note, note, any_language=True)["unfinished"] == unfinished
